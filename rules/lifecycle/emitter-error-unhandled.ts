import { bad, defineRule, good } from '../../src/rule/rule.ts';

interface Emitter {
  readonly api: RegExp;
  readonly what: string;
  readonly when: string;
  readonly isNew?: true;
}

const EMITTERS: readonly Emitter[] = [
  { api: /^child_process\.spawn$/, what: 'child process', when: 'a program that cannot be started' },
  {
    api: /^(net\.(connect|createConnection)|tls\.connect)$/,
    what: 'socket',
    when: 'a connection that is refused or reset',
  },
  { api: /^https?\.(request|get)$/, what: 'request', when: 'a host that cannot be reached' },
  { api: /^ws(\.WebSocket)?$/, what: 'WebSocket', when: 'a connection that is refused or reset', isNew: true },
  { api: /^worker_threads\.Worker$/, what: 'worker thread', when: 'an error thrown in the worker', isNew: true },
];

const SERVER_SOCKET = /^ws(\.(WebSocketServer|Server))?\(\)\.on$/;

export default defineRule({
  id: 'lifecycle/emitter-error-unhandled',
  ensures: 'Processes, sockets, requests and workers that fail do not take the service down.',
  severity: 'medium',
  roles: ['service', 'worker'],
  cwe: 248,
  why: `An \`error\` event nobody listens for is thrown, outside of any \`try\`. A program that is not installed, a reset connection or one malformed WebSocket frame from a client then ends the whole process.`,
  fix: `Listen for \`error\` on it, next to where it is made.`,
  references: ['https://nodejs.org/api/events.html#error-events'],
  needs: ['program', 'code', 'handlers'],
  *check({ program, code, handlers }) {
    for (const call of program.callsTo(SERVER_SOCKET, ...EMITTERS.map(({ api }) => api))) {
      const apis = code.apiOf(call);
      const value = program.valueOf(call);
      if (value.kind !== 'call') continue;
      const emitter = EMITTERS.find(({ api }) => apis.some((each) => api.test(each)));
      if (emitter && (!emitter.isNew || value.new)) {
        if (!isUnheard(call)) continue;
        const program0 = code.argument(call, 0);
        // Node itself can always be started
        const isNode =
          program0.state === 'given' &&
          (program.apis(program0.value).includes('process.execPath') ||
            program.constants(program0.value)?.includes('node'));
        if (isNode) continue;
        const reach = handlers.reach(call);
        yield {
          at: code.calleeAt(call),
          message: `Nothing listens for errors of this ${emitter.what}: ${emitter.when} ends the process${reach ? `, ${handlers.describe(reach)}` : ''}.`,
          ...(!reach && { severity: 'low' as const }),
        };
        continue;
      }
      if (!apis.some((api) => SERVER_SOCKET.test(api))) continue;
      const event = code.argument(call, 0);
      const listener = code.argument(call, 1);
      if (event.state !== 'given' || !program.constants(event.value)?.includes('connection')) continue;
      const [fn] = listener.state === 'given' ? code.functionsIn(listener.value) : [];
      const socket = fn?.fact.params[0];
      if (!fn || !socket) continue;
      const node = program.nodeIn(fn.module, socket.value);
      // a listener that does nothing is there to be replaced
      if (code.callsOn(node).length === 0 || !isUnheard(node)) continue;
      yield {
        at: program.locationIn(fn.module, socket.at),
        message: 'Nothing listens for errors of this WebSocket: one malformed frame from a client ends the process.',
        severity: 'high',
      };
    }

    /** No listener for its errors here, and nobody else got hold of it who might add one. */
    function isUnheard(node: number): boolean {
      if (code.listenersOn(node, 'error').length > 0) return false;
      return !code.handedOut(node).some(({ call }) => program.callees(call).length === 0);
    }
  },
  examples: [
    bad('A program that may not be installed', {
      'app.js': `
const { spawn } = require('child_process');
const app = require('express')();
app.post('/convert', (req, res) => {
  const child = «spawn('ffmpeg', ['-i', 'in.mov', 'out.mp4'])»;
  child.on('close', () => res.end());
});`,
    }),
    bad('A WebSocket of a client', {
      'server.ts': `
import { WebSocketServer } from 'ws';
const wss = new WebSocketServer({ port: 8080 });
wss.on('connection', («socket») => {
  socket.on('message', (data) => socket.send(data));
});`,
    }),
    bad('A request to another service', {
      'app.js': `
const https = require('https');
const app = require('express')();
app.get('/', (req, res) => {
  «https.get»('https://example.org', (answer) => answer.pipe(res));
});`,
    }),
    good('Each with a listener', {
      'app.js': `
const https = require('https');
const { spawn } = require('child_process');
const app = require('express')();
app.get('/', (req, res, next) => {
  https.get('https://example.org', (answer) => answer.pipe(res)).on('error', next);
  const child = spawn('ffmpeg');
  child.once('error', next);
});`,
    }),
    good('The listener is added elsewhere', {
      'server.ts': `
import { WebSocketServer } from 'ws';
import { greet } from './greet.js';
new WebSocketServer({ port: 8080 }).on('connection', (socket) => { greet(socket); });`,
      'greet.ts': `export const greet = (socket) => { socket.on('error', console.error); socket.send('hello'); };`,
    }),
    good('A function that happens to be called spawn', {
      'app.js': `
const { spawn } = require('./monsters');
const app = require('express')();
app.get('/', (req, res) => { spawn('orc'); res.end(); });`,
      'monsters.js': `exports.spawn = (name) => name;`,
    }),
  ],
});
