import { bad, defineRule, good } from '../../src/rule/rule.ts';

const LOGGERS =
  /^(pino|pino-http|winston|bunyan|log4js|tslog|signale|loglevel|roarr|consola|express-winston|nestjs-pino|nest-winston|@logtape\/logtape|koa-pino-logger|@google-cloud\/logging|hapi-pino|bole|debug)$/;

/** Below this many it is an afterthought, not how the service logs. */
const A_FEW = 3;
const MANY = 8;

export default defineRule({
  id: 'observability/console-in-service',
  ensures: 'The service logs structured lines with levels.',
  severity: 'low',
  roles: ['service'],
  cwe: 778,
  why: `Lines of \`console.log\` have no level, no time and no request they belong to. They cannot be searched, counted or alerted on, and an object printed over several lines becomes several log entries.`,
  fix: `Use \`pino\` (or \`winston\` with the JSON format) and write one JSON line per event to stdout.`,
  references: ['https://getpino.io', 'https://12factor.net/logs'],
  needs: ['program', 'code', 'handlers'],
  *check({ program, code, handlers }) {
    const hasLogger = [...program.modules.values()].some(({ facts }) =>
      facts.imports.some(({ module, kind }) => kind !== 'type' && LOGGERS.test(module ?? '')),
    );
    const isOwn =
      program.callsTo(/^@nestjs\/common\.Logger/).length > 0 ||
      program.callsTo(/^fastify(\.\w+)?$/).some((call) => code.option(call, 0, 'logger').state !== 'absent');
    if (hasLogger || isOwn) return;
    const uses = program
      .callsTo(/^console\.(log|info|warn|error|debug|trace|dir)$/)
      .filter((call) => handlers.reach(call) !== undefined && !code.isEnvironmentGuarded(call));
    // a function that many call to print is the logger
    const isLogger = uses.some((call) => {
      const owner = code.ownerOf(call);
      return owner !== undefined && program.callers(owner.node).length >= MANY;
    });
    if (isLogger) return;
    const [first] = uses;
    if (first === undefined || uses.length < A_FEW) return;
    yield {
      at: code.calleeAt(first),
      message: `What requests do is logged by console.* in ${uses.length} places, and there is no logger.`,
      trail: uses.slice(1, 5).map((call) => ({ at: code.calleeAt(call), note: 'Here, too.' })),
    };
  },
  examples: [
    bad('All over the handlers', {
      'app.js': `
const app = require('express')();
app.get('/', (req, res) => { «console.log»('home'); res.end(); });
app.get('/a', (req, res) => { console.log('a'); res.end(); });
app.get('/b', (req, res) => { console.error('b'); res.end(); });`,
    }),
    bad('In helpers of the handlers', {
      'server.ts': `
import Fastify from 'fastify';
import { load } from './load.js';
Fastify().get('/', async () => load());`,
      'load.ts': `
export function load() {
  «console.info»('loading');
  console.info('loaded');
  console.warn('slowly');
}`,
    }),
    good('A logger is there', {
      'app.js': `
const app = require('express')();
app.use(require('pino-http')());
app.get('/', (req, res) => { console.log(1); console.log(2); console.log(3); res.end(); });`,
    }),
    good('Only at the start, or in Fastify with its logger', {
      'server.ts': `
import Fastify from 'fastify';
const fastify = Fastify({ logger: true });
fastify.get('/', async () => { console.log(1); console.log(2); console.log(3); });
console.log('starting');`,
    }),
  ],
});
