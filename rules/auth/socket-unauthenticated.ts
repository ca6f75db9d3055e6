import { bad, defineRule, good } from '../../src/rule/rule.ts';

const SERVERS = /^(ws|socket\.io|isomorphic-ws)\b/;
const WRITES =
  /^(deleteOne|deleteMany|findByIdAnd\w+|findOneAnd\w+|updateOne|updateMany|replaceOne|insertOne|insertMany|bulkCreate|save|createMany|\$executeRaw\w*)$/;
/** Of Prisma and Sequelize: what they are asked by tells them from those of a map. */
const BY_OBJECT = /^(create|delete|destroy|update|upsert)$/;
const ALTERS = /^\s*(update\s+\S+\s+set|insert\s+into|replace\s+into|delete\s+from)\b/i;
/** Whatever has to do with who is calling, by name. */
const WHO =
  /auth|token|cookie|session|user|jwt|passport|verif|credential|apikey|api_key|secret|account|login|principal/i;

export default defineRule({
  id: 'auth/socket-unauthenticated',
  ensures: 'Who writes through a socket is known, as on the routes.',
  severity: 'high',
  roles: ['service'],
  cwe: 306,
  owasp: 'A07',
  why: 'The login of the routes does not guard the socket beside them: whoever opens one sends the messages, and what they write is written.',
  fix: 'Ask for the token when the socket is opened: `io.use((socket, next) => …socket.handshake.auth.token…)`, or in the `upgrade` of `ws`.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/WebSocket_Security_Cheat_Sheet.html'],
  needs: ['apps', 'program', 'code'],
  about: {
    what: 'socket server beside routes with a login',
    isIn: ({ program, apps }) =>
      program.callsNamed('on').some((call) => isOfSocket(program.apis(call))) &&
      apps.routes.some((route) => apps.protectionOf(route, 'auth').state === 'present'),
  },
  *check({ apps, program, code }) {
    if (!apps.routes.some((route) => apps.protectionOf(route, 'auth').state === 'present')) return;
    for (const call of program.callsNamed('on')) {
      const event = program.argument(call, 0);
      const listener = program.argument(call, 1);
      if (event === undefined || listener === undefined || !isOfSocket(program.apis(call))) continue;
      if (!program.constants(event)?.some((name) => name === 'connection' || name === 'connect')) continue;
      const fn = program.origins(listener).flatMap((origin) => program.functionAt(origin) ?? [])[0];
      if (!fn) continue;
      const inside = program.calls.filter((each) => isWithin(each, fn));
      const reached = [fn, ...inside.flatMap((each) => program.callees(each))].flatMap((each) => [...code.runs(each)]);
      const modules = new Set([program.moduleOf(call), ...reached.map(({ module }) => module)]);
      if ([...modules].some(({ facts }) => facts.values.some((value) => WHO.test(wordOf(value))))) continue;
      const write = [...inside, ...reached.flatMap((each) => code.callsIn(each))].find((each) => isWrite(each));
      if (write === undefined) continue;
      yield {
        at: program.locationOf(call),
        confidence: 'likely',
        message: `Nobody asks who opens this socket, and its messages reach ${program.describe(write)}.`,
        trail: [{ at: program.locationOf(write), note: 'It writes here.' }],
      };
    }

    function isWithin(call: number, { module, fact }: NonNullable<ReturnType<typeof program.functionAt>>): boolean {
      const { at } = program.valueOf(call);
      return program.moduleOf(call) === module && at[0] >= fact.at[0] && at[1] <= fact.at[1];
    }

    function isWrite(call: number): boolean {
      const value = program.valueOf(call);
      const callee = value.kind === 'call' ? program.valueOf(program.child(call, value.callee)) : undefined;
      const name = callee?.kind === 'member' ? (callee.property ?? '') : '';
      if (WRITES.test(name)) return true;
      if (BY_OBJECT.test(name))
        return ['where', 'data'].some((key) => [0, 1].some((index) => code.option(call, index, key).state === 'given'));
      const [first] = program.origins(program.argument(call, 0) ?? call);
      const text = first === undefined ? undefined : program.valueOf(first);
      const start = text?.kind === 'join' ? text.parts[0] && program.child(first ?? 0, text.parts[0].value) : first;
      return start !== undefined && (program.constants(start) ?? []).some((each) => ALTERS.test(String(each)));
    }
  },
  examples: [
    bad('Messages that write, beside routes with a login', {
      'app.js': `const express = require('express');\nconst { Server } = require('socket.io');\nconst { expressjwt } = require('express-jwt');\nconst { attach } = require('./live');\nconst app = express();\napp.use(expressjwt({ secret: process.env.KEY, algorithms: ['HS256'] }));\napp.get('/boards', (req, res) => res.json([]));\nattach(new Server(app.listen(3000)));\n`,
      'live.js': `const { Pool } = require('pg');\nconst pool = new Pool();\nexports.attach = (io) => «io.on('connection', (socket) => {\n  socket.on('move', async ({ card, column }) => {\n    await pool.query('update cards set col = $1 where id = $2', [column, card]);\n  });\n})»;\n`,
    }),
    bad('ws, and a service that writes', {
      'app.ts': `import Fastify from 'fastify';\nimport bearer from '@fastify/bearer-auth';\nimport { WebSocketServer } from 'ws';\nimport { move } from './cards.ts';\nconst app = Fastify();\nawait app.register(bearer, { keys: [process.env.KEY ?? ''] });\napp.get('/boards', async () => []);\n«new WebSocketServer({ server: app.server }).on('connection', (socket) => {\n  socket.on('message', (data) => move(JSON.parse(data.toString())));\n})»;\nawait app.listen({ port: 3000 });\n`,
      'cards.ts': `import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nexport const move = (card: { id: string }) => prisma.card.update({ where: { id: card.id }, data: { column: 1 } });\n`,
    }),
    good('The token is asked for first', {
      'app.js': `const express = require('express');\nconst { Server } = require('socket.io');\nconst { expressjwt } = require('express-jwt');\nconst jwt = require('jsonwebtoken');\nconst { Pool } = require('pg');\nconst pool = new Pool();\nconst app = express();\napp.use(expressjwt({ secret: process.env.KEY, algorithms: ['HS256'] }));\napp.get('/boards', (req, res) => res.json([]));\nconst io = new Server(app.listen(3000));\nio.use((socket, next) => jwt.verify(socket.handshake.auth.token, process.env.KEY, { algorithms: ['HS256'] }, next));\nio.on('connection', (socket) => socket.on('move', ({ card }) => pool.query('delete from cards where id = $1', [card])));\n`,
    }),
    good('It only tells', {
      'app.ts': `import express from 'express';\nimport { WebSocketServer } from 'ws';\nimport basic from 'express-basic-auth';\nconst app = express();\napp.get('/admin', basic({ users: {} }), (req, res) => res.json([]));\nnew WebSocketServer({ server: app.listen(3000) }).on('connection', (socket) => socket.send('hello'));\n`,
    }),
    good('Nothing has a login', {
      'app.ts': `import express from 'express';\nimport { Server } from 'socket.io';\nimport { Pool } from 'pg';\nconst pool = new Pool();\nconst app = express();\napp.get('/', (req, res) => res.json([]));\nnew Server(app.listen(3001)).on('connection', (socket) => socket.on('hit', () => pool.query('update hits set n = n + 1')));\n`,
    }),
  ],
});

/** The call of a method of a socket server, or of one of its rooms. */
const isOfSocket = (apis: readonly string[]): boolean => apis.some((api) => SERVERS.test(api) && api.endsWith('.on()'));

function wordOf(value: { readonly kind: string }): string {
  if ('property' in value && typeof value.property === 'string') return value.property;
  if ('name' in value && typeof value.name === 'string') return value.name;
  return '';
}
