import { bad, defineRule, good } from '../../src/rule/rule.ts';

const PARSES = /^(JSON\.parse|decodeURIComponent|decodeURI|atob|Buffer\.from\(\)\.toString)$/;
/** Callbacks that run when the caller is long gone. */
const LATER =
  /^(setTimeout|setImmediate|setInterval|process\.nextTick|queueMicrotask|fs\.\w+|child_process\.(exec|execFile)|dns\.\w+|zlib\.\w+|crypto\.\w+)$/;
const DATA_EVENTS = /^(data|end|message|line|close|response|readable|packet|frame)$/;

export default defineRule({
  id: 'lifecycle/throw-in-callback',
  ensures: 'An error in a callback does not take the process down.',
  severity: 'high',
  roles: ['service', 'worker'],
  cwe: 248,
  why: `A callback runs after the function that passed it on has returned, so no \`try\` and no error middleware is around it: what it throws ends the process. Where a client's bytes decide whether it throws (\`JSON.parse\` of a message), one request stops the service for all.`,
  fix: `Catch inside the callback and answer with an error, or use the promise variant of the function and let the error travel.`,
  references: ['https://nodejs.org/api/errors.html#node-style-callbacks'],
  needs: ['program', 'code', 'handlers'],
  *check({ program, code, handlers }) {
    for (const node of program.nodesOf('function')) {
      const fn = program.functionAt(node);
      if (!fn || fn.fact.async || fn.fact.generator || fn.fact.class !== undefined) continue;
      const handed = program.handedTo(fn.node);
      const [first] = handed;
      if (!first || program.callers(fn.node).length > 0 || handed.length > 1) continue;
      const around = code.ownerOf(first.call);
      const reach = handlers.reach(first.call);
      if (!reach || !around) continue;
      const kind = kindOf(first.call);
      if (kind === undefined) continue;
      for (const thrown of code.throwsIn(fn)) {
        if (thrown.isCaught || kind === 'event') continue;
        const name = fn.fact.params[0]?.name ?? '';
        const isErrorFirst = /^_?(e|er|err|error)\d?$/i.test(name);
        if (kind === 'unknown' && !isErrorFirst) continue;
        yield {
          at: thrown.at,
          message: `This ends the process: nothing is around the callback of \`${program.describe(first.call)}\` that could catch it.`,
          trail: [{ at: code.calleeAt(first.call), note: `The callback runs later, ${handlers.describe(reach)}.` }],
        };
      }
      if (kind === 'unknown') continue;
      for (const call of code.callsIn(fn)) {
        if (!code.apiOf(call).some((api) => PARSES.test(api)) || code.isCaught(call)) continue;
        const argument = code.argument(call, 0);
        if (argument.state !== 'given' || program.constants(argument.value)) continue;
        yield {
          at: program.locationOf(call),
          message: `\`${program.describe(call)}\` throws on malformed input and nothing is around this callback: one message ends the process.`,
          trail: [{ at: code.calleeAt(first.call), note: `The callback runs later, ${handlers.describe(reach)}.` }],
        };
      }
    }

    function kindOf(call: number): 'later' | 'event' | 'unknown' | undefined {
      const apis = code.apiOf(call);
      const value = program.valueOf(call);
      const callee = value.kind === 'call' ? program.valueOf(program.child(call, value.callee)) : undefined;
      if (callee?.kind === 'member' && /^(on|once|addListener)$/.test(callee.property ?? '')) {
        const event = code.argument(call, 0);
        const names = event.state === 'given' ? program.constants(event.value) : undefined;
        return names?.some((name) => DATA_EVENTS.test(String(name))) ? 'event' : undefined;
      }
      if (apis.some((api) => LATER.test(api) && !api.endsWith('Sync'))) return 'later';
      if (program.callees(call).length > 0) return undefined;
      // a function that takes a node-style callback returns nothing; a promise or an operator answers for what it is given
      if (value.kind === 'call' && value.result !== 'dropped') return undefined;
      // array methods, promises and the like call back at once or catch
      const method = callee?.kind === 'member' ? (callee.property ?? '') : '';
      if (
        /^(then|catch|finally|map|forEach|filter|find|some|every|reduce|flatMap|findIndex|sort|replace)$/.test(method)
      )
        return undefined;
      return 'unknown';
    }
  },
  examples: [
    bad('The error of a query is thrown', {
      'app.js': `
const app = require('express')();
const mysql = require('mysql');
const db = mysql.createConnection({});
app.get('/users', (req, res) => {
  db.query('SELECT * FROM users', (err, rows) => {
    if (err) «throw err;»
    res.json(rows);
  });
});`,
    }),
    bad('A body is parsed when it is complete', {
      'server.ts': `
import http from 'node:http';
http.createServer((req, res) => {
  let body = '';
  req.on('data', (chunk) => { body += chunk; });
  req.on('end', () => {
    const order = «JSON.parse(body)»;
    res.end(order.id);
  });
}).listen(3000);`,
    }),
    bad('A message of a WebSocket', {
      'server.js': `
const { WebSocketServer } = require('ws');
new WebSocketServer({ port: 8080 }).on('connection', (socket) => {
  socket.on('error', console.error);
  socket.on('message', (data) => { const { type } = «JSON.parse(data)»; socket.send(type); });
});`,
    }),
    good('A function of a package that hands back a promise or an operator', {
      'app.js': `
const app = require('express')();
const { tryThat } = require('@acme/essentials');
const { tap } = require('rxjs');
app.get('/users', (req, res) => tryThat(find(req.params.id), (error) => {
  throw new TypeError(error.message);
}));
app.get('/orders', (req, res) => watch().pipe(tap((error) => {
  if (error) throw error;
})));`,
    }),
    good('Caught inside', {
      'server.js': `
const http = require('http');
http.createServer((req, res) => {
  let body = '';
  req.on('data', (chunk) => { body += chunk; });
  req.on('end', () => {
    try { res.end(JSON.parse(body).id); } catch { res.writeHead(400).end(); }
  });
}).listen(3000);`,
    }),
    good('In the handler itself Express catches it', {
      'app.js': `
const app = require('express')();
app.get('/', (req, res) => {
  const filter = JSON.parse(req.query.filter);
  if (!filter) throw new Error('no filter');
  res.json([1, 2].map((id) => { if (id > filter.max) throw new Error('too many'); return id; }));
});`,
    }),
    good('At the start, a broken file may well stop it', {
      'config.js': `
const fs = require('fs');
fs.readFile('config.json', (err, text) => { if (err) throw err; module.exports = JSON.parse(text); });`,
    }),
  ],
});
