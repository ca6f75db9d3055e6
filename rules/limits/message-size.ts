import { bad, defineRule, good } from '../../src/rule/rule.ts';

const MEGABYTE = 1024 * 1024;
const WS = /^ws\.((WebSocket\.)?Server|WebSocketServer)$/;
const SOCKET_IO = /^(socket\.io(\.Server|\.default)?|@nestjs\/websockets\.WebSocketGateway)$/;

export default defineRule({
  id: 'limits/message-size',
  ensures: 'A message of a socket may only be as large as one needs to be.',
  severity: 'medium',
  roles: ['service'],
  cwe: 770,
  owasp: 'A06',
  why: 'A message is put together in memory before anybody sees it. A few clients that send the largest one allowed, at the same time, end the process.',
  fix: 'Say how large a message may be: `new WebSocketServer({ maxPayload: 64 * 1024 })`; leave `maxHttpBufferSize` of socket.io at 1 MB, and send files over HTTP.',
  references: [
    'https://github.com/websockets/ws/blob/master/doc/ws.md',
    'https://socket.io/docs/v4/server-options/#maxhttpbuffersize',
  ],
  needs: ['program', 'code'],
  about: {
    what: 'server of sockets',
    isIn: ({ program }) => program.callsTo(WS, SOCKET_IO).length > 0,
  },
  *check({ program, code }) {
    const sizeOf = (node: number): number | undefined => {
      if (/^(Infinity|Number\.(POSITIVE_INFINITY|MAX_SAFE_INTEGER|MAX_VALUE))$/.test(program.describe(node)))
        return Infinity;
      const known = program.constants(node);
      return known?.length === 1 && typeof known[0] === 'number' ? known[0] : undefined;
    };
    for (const call of program.callsTo(WS)) {
      const size = code.option(call, 0, 'maxPayload');
      if (size.state === 'absent')
        yield {
          at: program.locationOf(call),
          severity: 'info',
          message: 'Messages may be 100 MiB large, as maxPayload is not given.',
        };
      const known = size.state === 'given' ? sizeOf(size.value) : undefined;
      if (size.state !== 'given' || known === undefined) continue;
      if (known === 0 || known > 100 * MEGABYTE)
        yield {
          at: size.at,
          message:
            known === 0 || known === Infinity
              ? 'Messages of any size are taken.'
              : `Messages may be ${Math.round(known / MEGABYTE)} MB large.`,
        };
    }
    for (const call of program.callsTo(SOCKET_IO)) {
      const size = [1, 0]
        .map((index) => code.option(call, index, 'maxHttpBufferSize'))
        .find(({ state }) => state === 'given');
      const known = size?.state === 'given' ? sizeOf(size.value) : undefined;
      if (size?.state === 'given' && known !== undefined && known > 10 * MEGABYTE)
        yield {
          at: size.at,
          message:
            known === Infinity
              ? 'Messages of any size are taken.'
              : `Messages may be ${Math.round(known / MEGABYTE)} MB large.`,
        };
    }
  },
  examples: [
    bad('ws, without a size and without an end', {
      'a.js': `const { WebSocketServer } = require('ws');\nconst open = new WebSocketServer({ port: 8080, «maxPayload: 0» });\nconst other = «new WebSocketServer({ port: 8081 })»;\n`,
    }),
    bad('socket.io', {
      'b.ts': `import { createServer } from 'node:http';\nimport { Server } from 'socket.io';\nconst server = createServer();\nconst io = new Server(server, { cors: { origin: 'https://a.example' }, «maxHttpBufferSize: 1e8» });\nserver.listen(3000);\n`,
    }),
    good('Sizes of messages', {
      'a.js': `const WebSocket = require('ws');\nconst limits = require('./limits');\nnew WebSocket.Server({ port: 8080, maxPayload: 64 * 1024 });\nnew WebSocket.Server({ port: 8081, maxPayload: Number(process.env.MAX) });\nnew WebSocket('wss://a.example');\n`,
    }),
    good('socket.io as it comes, and a little more', {
      'b.js': `const { Server } = require('socket.io');\nnew Server(3000);\nnew Server(3001, { maxHttpBufferSize: 5e6 });\n`,
    }),
  ],
});
