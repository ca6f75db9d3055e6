import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'lifecycle/listen-error-ignored',
  ensures: 'A server that cannot listen does not say that it does.',
  severity: 'medium',
  roles: ['service'],
  cwe: 391,
  why: `Express 5 hands a failed \`listen\` (port taken, no permission) to the callback instead of throwing it. A callback without a parameter prints "listening" and the process ends with code 0, or runs on without serving anybody.`,
  fix: `\`app.listen(port, (error) => { if (error) throw error; … })\`.`,
  references: ['https://expressjs.com/en/guide/migrating-5.html#app.listen'],
  needs: ['program', 'code', 'manifests'],
  *check({ program, code, manifests }) {
    for (const call of program.callsTo('express().listen')) {
      const { path } = program.moduleOf(call);
      const express = manifests.above(path)?.dependencies.find(({ name }) => name === 'express');
      if (!express || !/^[\^~>=v ]*([5-9])\b/.test(express.range.slice(0, 40))) continue;
      const value = program.valueOf(call);
      const last = value.kind === 'call' ? value.args.at(-1) : undefined;
      const [fn] = last && !last.spread ? code.functionsIn(program.child(call, last.value)) : [];
      if (!fn || fn.fact.params.length > 0 || code.listenersOn(call, 'error').length > 0) continue;
      yield {
        at: code.calleeAt(call),
        message: 'If the port is taken, Express 5 tells the callback, and this one does not listen.',
        trail: [{ at: express.at, note: `The project uses express ${express.range}.` }],
      };
    }
  },
  examples: [
    bad('A callback without a parameter', {
      'package.json': `{ "name": "shop", "private": true, "scripts": { "start": "node server.js" }, "dependencies": { "express": "^5.1.0" } }`,
      'server.js': `
const app = require('express')();
«app.listen»(3000, () => console.log('listening'));`,
    }),
    good('It looks at the error, or the server has a listener', {
      'package.json': `{ "name": "shop", "private": true, "scripts": { "start": "node server.js" }, "dependencies": { "express": "^5.1.0" } }`,
      'server.js': `
const app = require('express')();
app.listen(3000, (error) => { if (error) throw error; console.log('listening'); });
app.listen(3001, () => console.log('listening')).on('error', (error) => { throw error; });`,
    }),
    good('Express 4 throws', {
      'package.json': `{ "name": "shop", "private": true, "scripts": { "start": "node server.js" }, "dependencies": { "express": "^4.21.0" } }`,
      'server.js': `
const app = require('express')();
app.listen(3000, () => console.log('listening'));`,
    }),
  ],
});
