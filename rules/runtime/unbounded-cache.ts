import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Calls below a handler that values were followed through. */
const FAR = 3;

export default defineRule({
  id: 'runtime/unbounded-cache',
  ensures: 'What requests add to memory is taken out again.',
  severity: 'medium',
  roles: ['service'],
  cwe: 770,
  why: `A map, array or object that lives as long as the process and grows with every new key a client sends fills the heap: garbage collection takes ever longer, and in the end the process dies. A client who sends random keys brings that about in minutes.`,
  fix: `Use a cache with a limit (\`lru-cache\` with \`max\` and \`ttl\`), delete entries when their request or connection ends, or keep them in Redis with an expiry.`,
  references: ['https://nodejs.org/en/learn/diagnostics/memory'],
  needs: ['program', 'code', 'handlers'],
  *check({ program, code, handlers }) {
    for (const call of program.callsNamed('set', 'add', 'push', 'unshift')) {
      const reach = handlers.reach(call);
      if (!reach || reach.handler.trigger === 'job') continue;
      const [store, ...others] = code.receiversOf(call);
      if (store === undefined || others.length > 0 || !isCollection(store) || !handlers.isLongLived(store)) continue;
      if (isTakenFrom(store) || !isFromRequest(call)) continue;
      yield problem(program.locationOf(call), store, reach, `\`${program.describe(call)}\``);
    }
    for (const module of program.modules.values()) {
      for (const write of module.facts.writes) {
        if (write.key === undefined || write.operator === 'delete') continue;
        const object = program.nodeIn(module, write.object);
        const key = program.nodeIn(module, write.key);
        const [store, ...others] = program.origins(object);
        if (store === undefined || others.length > 0 || program.valueOf(store).kind !== 'object') continue;
        const reach = handlers.reach(key) ?? handlers.reach(object);
        if (!reach || !handlers.isLongLived(store) || isTakenFrom(store)) continue;
        const origins = program.origins(key);
        if (program.constants(key) || !origins.some(isOfRequest)) continue;
        yield problem(program.locationIn(module, write.at), store, reach, 'A property for each new key');
      }
    }

    function problem(
      at: ReturnType<typeof program.locationOf>,
      store: number,
      reach: NonNullable<ReturnType<typeof handlers.reach>>,
      what: string,
    ) {
      return {
        at,
        message: `${what} grows for as long as the process lives: nothing is ever taken out, ${handlers.describe(reach)}.`,
        ...(reach.handler.byShape && { confidence: 'likely' as const }),
        ...(reach.calls.length > FAR && { unsure: 'Who chooses the keys was not seen so far below the handler.' }),
        trail: [{ at: program.locationOf(store), note: 'It is made once and kept.' }],
        repair: `${program.locationOf(store).path}:${program.locationOf(store).start}`,
      };
    }

    function isCollection(store: number): boolean {
      const made = program.valueOf(store);
      if (made.kind === 'array') return true;
      if (made.kind !== 'call' || !made.new) return false;
      return program
        .apis(program.child(store, made.callee))
        .some((api) => api === 'Map' || api === 'Set' || api === 'Array');
    }

    /** Something deletes, empties, replaces or counts it; or we cannot see who does. */
    function isTakenFrom(store: number): boolean {
      if (code.callsOn(store, 'delete', 'clear', 'pop', 'shift', 'splice', 'fill').length > 0) return true;
      if (program.writesTo(store).some(({ write }) => write.operator === 'delete' || write.property === 'length'))
        return true;
      if (
        code
          .handedOut(store)
          .some(
            ({ call }) =>
              program.callees(call).length === 0 &&
              !/^(Object\.(keys|values|entries)|JSON\.stringify|Array\.from|console\.\w+)$/.test(
                code.apiOf(call)[0] ?? '',
              ),
          )
      )
        return true;
      const module = program.moduleOf(store);
      return module.facts.values.some((each, id) => {
        // given anew somewhere, or its size is looked at
        if (each.kind === 'variable' && each.options.length > 1)
          return program.origins(module.first + id).includes(store);
        return (
          each.kind === 'member' &&
          /^(size|length)$/.test(each.property ?? '') &&
          program.origins(program.child(module.first + id, each.object)).includes(store)
        );
      });
    }

    /** Some argument comes from the request or message. */
    function isFromRequest(call: number): boolean {
      const value = program.valueOf(call);
      if (value.kind !== 'call') return false;
      const isAdd = code.receiversOf(call).some((store) => program.valueOf(store).kind === 'array');
      // an array grows whatever is pushed; a map only with new keys
      if (isAdd) return true;
      const [first] = value.args;
      return (
        first !== undefined && !first.spread && program.origins(program.child(call, first.value)).every(isOfRequest)
      );
    }

    /** `req.params.id`, `message.key`: a member of what a handler is given. */
    function isOfRequest(origin: number): boolean {
      let node = origin;
      for (let depth = 0; depth < 10; depth += 1) {
        const value = program.valueOf(node);
        if (value.kind === 'member') node = program.child(node, value.object);
        else if (value.kind === 'join')
          return value.parts.some((part) => program.origins(program.child(node, part.value)).some(isOfRequest));
        else if (value.kind === 'typed' || value.kind === 'await') node = program.child(node, value.value);
        else if (value.kind === 'call') node = program.child(node, value.callee);
        else return value.kind === 'param' && depth > 0 && handlers.reach(node) !== undefined;
      }
      return false;
    }
  },
  examples: [
    bad('Results by a key of the client', {
      'app.js': `
const app = require('express')();
const cache = new Map();
app.get('/search', async (req, res) => {
  if (cache.has(req.query.q)) return res.json(cache.get(req.query.q));
  const found = await search(req.query.q);
  «cache.set(req.query.q, found)»;
  res.json(found);
});`,
    }),
    bad('An object in another module', {
      'server.ts': `
import Fastify from 'fastify';
import { remember } from './visits.js';
const fastify = Fastify();
fastify.get('/:id', async (request) => { remember(request.params.id); return 'ok'; });`,
      'visits.ts': `
const visits = {};
export function remember(id) { «visits[id]» = Date.now(); }`,
    }),
    bad('A list of everything that came', {
      'app.js': `
const app = require('express')();
const log = [];
app.use((req, res, next) => { «log.push(req.url)»; next(); });
app.get('/log', (req, res) => res.json(Object.keys(log)));`,
    }),
    good('Bounded by a size check, or deleted when the connection ends', {
      'app.js': `
const app = require('express')();
const cache = new Map();
app.get('/:id', (req, res) => {
  if (cache.size > 1000) cache.clear();
  cache.set(req.params.id, 1);
  res.end();
});`,
      'sockets.js': `
const { Server } = require('socket.io');
const users = new Map();
new Server(3000).on('connection', (socket) => {
  users.set(socket.id, socket);
  socket.on('disconnect', () => users.delete(socket.id));
});`,
    }),
    good('lru-cache and WeakMap bound themselves', {
      'app.js': `
const { LRUCache } = require('lru-cache');
const app = require('express')();
const cache = new LRUCache({ max: 500 });
const seen = new WeakMap();
app.get('/:id', (req, res) => { cache.set(req.params.id, 1); seen.set(req, 1); res.end(); });`,
    }),
    good('Only for the length of one request', {
      'app.js': `
const app = require('express')();
app.get('/', (req, res) => {
  const byName = new Map();
  for (const name of req.query.names) byName.set(name, 1);
  res.json([...byName]);
});`,
    }),
    good('Keys from a closed set', {
      'app.js': `
const app = require('express')();
const counts = {};
const count = new Map();
app.get('/', (req, res) => { counts['home'] = 1; count.set('home', 2); res.end(); });`,
    }),
  ],
});
