import { bad, defineRule, good } from '../../src/rule/rule.ts';

const RAW = /^(buffer\.)?Buffer\.(allocUnsafe|allocUnsafeSlow)$/;
const SENDING = /^(send|end|write|json)$/;

export default defineRule({
  id: 'exposure/uninitialized-memory',
  ensures: 'No answer holds memory that was never written to.',
  severity: 'low',
  roles: ['service', 'function'],
  cwe: 908,
  owasp: 'A02',
  why: 'What `Buffer.allocUnsafe` gives still holds what was there before: parts of other requests, passwords and keys among them.',
  fix: 'Use `Buffer.alloc`, which is filled with zeros, or `Buffer.from` for the data that is meant.',
  references: ['https://nodejs.org/api/buffer.html#static-method-bufferallocunsafesize'],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const call of program.callsTo(RAW)) {
      const used = code.callsOn(call);
      if (used.some(({ name }) => !/^(toString|toJSON|slice|subarray|length)$/.test(name))) continue;
      if (program.writesTo(call).length > 0) continue;
      const handed = code.handedOut(call).map(({ call: to }) => to);
      // whoever else gets it may fill it
      if (handed.length === 0 || !handed.every((to) => isSending(to))) continue;
      yield { at: program.locationOf(call), confidence: 'likely', message: 'This memory is sent as it was found.' };
    }

    function isSending(call: number): boolean {
      const value = program.valueOf(call);
      if (value.kind !== 'call') return false;
      const callee = program.child(call, value.callee);
      const member = program.valueOf(callee);
      return (
        member.kind === 'member' &&
        SENDING.test(member.property ?? '') &&
        /^(res|response|reply|socket|ws)\b/.test(program.describe(callee))
      );
    }
  },
  examples: [
    bad('Padding that is never written', {
      'app.js': `const express = require('express');\nconst app = express();\napp.get('/pad', (req, res) => {\n  const pad = «Buffer.allocUnsafe(64)»;\n  res.write('data');\n  res.end(pad);\n});\n`,
    }),
    bad('In another framework', {
      'app.ts': `import Fastify from 'fastify';\nimport { Buffer } from 'node:buffer';\nFastify().get('/', (request, reply) => reply.send(«Buffer.allocUnsafe(16)»));\n`,
    }),
    good('Filled, written or copied into', {
      'app.js': `const express = require('express');\nconst app = express();\napp.get('/', (req, res) => {\n  const a = Buffer.allocUnsafe(8);\n  a.writeUInt32BE(1, 0);\n  const b = Buffer.allocUnsafe(8).fill(0);\n  const c = Buffer.alloc(8);\n  const d = Buffer.allocUnsafe(2);\n  d[0] = 1;\n  res.write(a);\n  res.write(b);\n  res.write(d);\n  res.end(c);\n});\n`,
    }),
    good('Given to something that fills it', {
      'app.ts': `import Koa from 'koa';\nimport { read } from 'node:fs/promises';\nimport { fill } from './fill.ts';\nnew Koa().use(async (ctx) => {\n  const data = Buffer.allocUnsafe(64);\n  await fill(data);\n  ctx.res.end(data);\n});\n`,
      'fill.ts': `export const fill = async (data: Buffer) => data.copy(data);\n`,
    }),
  ],
});
