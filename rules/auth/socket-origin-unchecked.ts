import { bad, defineRule, good } from '../../src/rule/rule.ts';

const SERVERS = /^ws\.(WebSocketServer|Server)$/;

export default defineRule({
  id: 'auth/socket-origin-unchecked',
  ensures: 'A socket that trusts a cookie knows which site opened it.',
  severity: 'medium',
  roles: ['service'],
  cwe: 1385,
  owasp: 'A01',
  why: `Browsers send cookies along when any page opens a socket, and no rule about origins holds for sockets. A page of the attacker’s
opens one as the visitor who is logged in, and reads and sends what that visitor may.`,
  fix: 'Compare `request.headers.origin` with your own sites when the connection is upgraded, or let the client send a token in its first message.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/WebSocket_Security_Cheat_Sheet.html'],
  needs: ['program', 'code'],
  about: { what: 'WebSocket server', isIn: ({ program }) => program.callsTo(SERVERS).length > 0 },
  *check({ program, code }) {
    const using = [...program.modules.values()].filter(({ facts }) =>
      facts.imports.some(({ module }) => module === 'ws'),
    );
    const reads = (pattern: RegExp): boolean =>
      using.some(({ facts }) =>
        facts.values.some(
          (value) =>
            (value.kind === 'member' && pattern.test(value.property ?? '')) ||
            (value.kind === 'literal' && pattern.test(String(value.value))),
        ),
      );
    if (!reads(/^cookies?$/) || reads(/origin/i)) return;
    for (const call of program.callsTo(SERVERS)) {
      const value = program.valueOf(call);
      if (value.kind !== 'call' || !value.new) continue;
      if (code.option(call, 0, 'verifyClient').state !== 'absent') continue;
      yield {
        at: program.locationOf(call),
        confidence: 'likely',
        message: 'Connections are told by their cookies, and any site may open one in a browser.',
      };
    }
  },
  examples: [
    bad('The cookie of the session', {
      'app.js': `const express = require('express');\nconst { WebSocketServer } = require('ws');\nconst cookie = require('cookie');\nconst server = express().listen(3000);\n«new WebSocketServer({ server })».on('connection', (socket, request) => {\n  const { session } = cookie.parse(request.headers.cookie || '');\n  socket.on('message', (data) => store(session, data));\n});\n`,
    }),
    good('The origin is compared', {
      'app.js': `const express = require('express');\nconst { WebSocketServer } = require('ws');\nconst server = express().listen(3000);\nconst sockets = new WebSocketServer({ noServer: true });\nserver.on('upgrade', (request, socket, head) => {\n  if (request.headers.origin !== 'https://app.example') return socket.destroy();\n  sockets.handleUpgrade(request, socket, head, (each) => hello(each, request.headers.cookie));\n});\n`,
    }),
    good('A token in the first message', {
      'app.ts': `import Fastify from 'fastify';\nimport { WebSocketServer } from 'ws';\nconst app = Fastify();\nnew WebSocketServer({ server: app.server }).on('connection', (socket) => {\n  socket.once('message', (data) => login(socket, JSON.parse(String(data)).token));\n});\n`,
    }),
  ],
});
