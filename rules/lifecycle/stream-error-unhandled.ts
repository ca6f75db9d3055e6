import { bad, defineRule, good } from '../../src/rule/rule.ts';

const SOURCE = /^(fs|graceful-fs|fs-extra)\.(createReadStream|createWriteStream)$|^zlib\.create\w+$/;

export default defineRule({
  id: 'lifecycle/stream-error-unhandled',
  ensures: 'A stream that fails does not take the process down.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  cwe: 248,
  why: `\`pipe\` does not pass errors on. A file that is missing, unreadable or truncated makes the source stream emit \`error\`; without a listener that ends the process, with all the requests in it. Where the path comes from a request, anyone can do that.`,
  fix: `Use \`pipeline\` from \`node:stream/promises\`, or listen for \`error\` on every stream; for files, \`res.sendFile\` or \`@fastify/static\` do it right.`,
  references: ['https://nodejs.org/api/stream.html#readablepipedestination-options'],
  needs: ['program', 'code', 'handlers'],
  *check({ program, code, handlers }) {
    for (const call of program.callsTo(SOURCE)) {
      const reach = handlers.reach(call);
      if (!reach || code.listenersOn(call, 'error').length > 0) continue;
      const [pipe] = code.callsOn(call, 'pipe');
      if (!pipe) continue;
      const escapes = code
        .handedOut(call)
        .some(
          ({ call: taker }) =>
            program.callees(taker).length === 0 && !code.callsOn(call, 'pipe').some((each) => each.call === taker),
        );
      if (escapes) continue;
      const path = code.argument(call, 0);
      const isFixed = path.state === 'given' && program.constants(path.value) !== undefined;
      yield {
        at: program.locationOf(call),
        message: `No listener for errors of \`${program.describe(call)}\`: a file that cannot be read ends the process, ${handlers.describe(reach)}.`,
        trail: [{ at: program.locationOf(pipe.call), note: '`pipe` does not pass errors on.' }],
        ...(isFixed && { severity: 'low' as const }),
      };
    }
  },
  examples: [
    bad('A download', {
      'app.js': `
const express = require('express');
const fs = require('fs');
const app = express();
app.get('/files/:name', (req, res) => {
  «fs.createReadStream('/data/' + req.params.name)».pipe(res);
});`,
    }),
    bad('In a helper, through compression', {
      'app.ts': `
import http from 'node:http';
import { send } from './send.js';
http.createServer((req, res) => send(req.url, res)).listen(3000);`,
      'send.ts': `
import { createReadStream } from 'node:fs';
import { createGzip } from 'node:zlib';
export function send(path, res) {
  const file = «createReadStream(path)»;
  file.pipe(createGzip().on('error', () => res.destroy())).pipe(res);
}`,
    }),
    good('A listener on the source', {
      'app.js': `
const fs = require('fs');
const app = require('express')();
app.get('/', (req, res, next) => {
  fs.createReadStream('/data/a').on('error', next).pipe(res);
});`,
    }),
    good('pipeline passes errors on', {
      'app.ts': `
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import Koa from 'koa';
const app = new Koa();
app.use(async (ctx) => { await pipeline(createReadStream('/data/a'), ctx.res); });`,
    }),
    good('Not in the way of a request', {
      'build.js': `
const fs = require('fs');
fs.createReadStream('in.txt').pipe(fs.createWriteStream('out.txt'));`,
    }),
  ],
});
