import { bad, defineRule, good } from '../../src/rule/rule.ts';

const LOADS = /^dotenv(\.default)?\.(config|configDotenv)$/;
/** Programs that answer on standard output: one line that is not theirs breaks the protocol. */
const STDIO = /^(@modelcontextprotocol\/sdk\/server\/stdio(\.js)?|vscode-languageserver(\/node)?)$/;

export default defineRule({
  id: 'observability/dotenv-banner',
  ensures: 'Standard output has what the program says, not what dotenv says.',
  severity: 'low',
  roles: ['service', 'worker', 'function', 'cli'],
  why: `dotenv 17 prints a line about itself at each start, on standard output. Among JSON logs it is a line no collector can read; in a program that answers on standard output it breaks the protocol.`,
  fix: `\`config({ quiet: true })\`, \`DOTENV_CONFIG_QUIET=true\`, or \`node --env-file\`.`,
  references: ['https://github.com/motdotla/dotenv/blob/master/CHANGELOG.md'],
  needs: ['program', 'code', 'manifests'],
  *check({ program, code, manifests }) {
    const isProtocol = [...program.modules.values()].some(({ facts }) =>
      facts.imports.some(({ module }) => STDIO.test(module ?? '')),
    );
    for (const call of program.callsTo(LOADS)) {
      const range = manifests
        .above(program.moduleOf(call).path)
        ?.dependencies.find(({ name }) => name === 'dotenv')?.range;
      if (!/^[\^~=v]?17\b/.test(range?.slice(0, 20) ?? '') || code.isEnvironmentGuarded(call)) continue;
      if (code.option(call, 0, 'quiet').state !== 'absent' && code.argument(call, 0).state !== 'absent') continue;
      yield {
        at: code.calleeAt(call),
        message: 'dotenv 17 prints a line about itself here at each start.',
        ...(isProtocol && { severity: 'high' as const }),
      };
      return;
    }
  },
  examples: [
    bad('As it comes', {
      'package.json': `{ "name": "shop", "private": true, "scripts": { "start": "node server.js" }, "dependencies": { "dotenv": "^17.2.0" } }`,
      'server.js': `
«require('dotenv').config»();
require('express')().listen(3000);`,
    }),
    bad('In a server that speaks on standard output', {
      'package.json': `{ "name": "tools", "type": "module", "bin": "server.js", "dependencies": { "dotenv": "~17.0.0" } }`,
      'server.js': `#!/usr/bin/env node
import dotenv from 'dotenv';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
«dotenv.config»({ path: '.env.local' });
new StdioServerTransport();`,
    }),
    good('Quiet, or another version', {
      'package.json': `{ "name": "shop", "private": true, "scripts": { "start": "node server.js" }, "dependencies": { "dotenv": "^17.2.0" } }`,
      'server.js': `
require('dotenv').config({ quiet: true });
require('express')().listen(3000);`,
    }),
    good('dotenv 16 says nothing', {
      'package.json': `{ "name": "shop", "private": true, "scripts": { "start": "node server.js" }, "dependencies": { "dotenv": "^16.4.0" } }`,
      'server.js': `
require('dotenv').config();
require('express')().listen(3000);`,
    }),
  ],
});
