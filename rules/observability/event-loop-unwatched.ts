import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

const WATCHES =
  /^(prom-client\.collectDefaultMetrics|perf_hooks\.(monitorEventLoopDelay|performance\.eventLoopUtilization)|performance\.eventLoopUtilization|@fastify\/under-pressure|under-pressure|express-prom-bundle|toobusy-js|event-loop-lag|loopbench|dd-trace(\.\w+)?\.init|elastic-apm-node\.start|appmetrics|@opentelemetry\/auto-instrumentations-node\.getNodeAutoInstrumentations|@opentelemetry\/instrumentation-runtime-node\.RuntimeNodeInstrumentation|@opentelemetry\/host-metrics\.HostMetrics)$/;
const AGENT =
  /^(newrelic|@dynatrace\/oneagent|applicationinsights|dd-trace\/init|@splunk\/otel|@honeycombio\/opentelemetry-node|@opentelemetry\/auto-instrumentations-node(\/register)?|fastify-metrics|@willsoto\/nestjs-prometheus|swagger-stats|express-prometheus-middleware|@sentry\/profiling-node)$/;

export default defineRule({
  id: 'observability/event-loop-unwatched',
  ensures: 'Somebody sees it when the event loop stands still or the heap grows.',
  severity: 'low',
  roles: ['service', 'worker'],
  cwe: 778,
  why: `The two ways a Node.js service dies slowly, a blocked event loop and a growing heap, show in no log. Without a measure of both, the first sign is an outage.`,
  fix: `\`collectDefaultMetrics()\` of prom-client, \`@opentelemetry/instrumentation-runtime-node\`, or \`@fastify/under-pressure\`; alert on the lag and on steady growth of \`heapUsed\`.`,
  references: [
    'https://nodejs.org/api/perf_hooks.html#perf_hooksmonitoreventloopdelayoptions',
    'https://github.com/siimon/prom-client#default-metrics',
  ],
  needs: ['program', 'code', 'servers', 'telemetry', 'loading'],
  *check({ program, code, servers, telemetry, loading }) {
    const [listen] = servers.listens;
    if (
      !listen ||
      telemetry.preloads.some((preload) =>
        /auto-instrumentations-node|newrelic|dd-trace|elastic-apm|opentelemetry/.test(preload),
      )
    )
      return;
    if (program.callsTo(WATCHES).length > 0) return;
    const imports = [...program.modules.values()].flatMap(({ facts }) => facts.imports);
    if (imports.some(({ module }) => AGENT.test(module ?? '') || WATCHES.test(module ?? ''))) return;
    yield {
      at: code.calleeAt(listen.call),
      message: 'Nothing measures the delay of the event loop or the growth of the heap of this service.',
      ...(loading.isOpen(program.moduleOf(listen.call)) && { unsure: 'What is loaded by a computed name may.' }),
    };
  },
  examples: [
    bad('Nothing at all', {
      'server.js': `
const app = require('express')();
app.get('/', (req, res) => res.end());
«app.listen»(3000);`,
    }),
    bad('Metrics, but only of requests', {
      'server.ts': `
import Fastify from 'fastify';
import { Counter } from 'prom-client';
const requests = new Counter({ name: 'requests', help: 'Requests' });
const fastify = Fastify();
fastify.get('/', async () => { requests.inc(); });
«fastify.listen»({ port: 3000 });`,
    }),
    bad('A server that can be stopped, made and started elsewhere', {
      'server.js': `
const http = require('http');
const stoppable = require('stoppable');
module.exports = async function listen(app, port) {
  const server = stoppable(http.createServer(app.callback()), 7000);
  «server.listen»(port);
  return server;
};`,
      'index.js': `
const Koa = require('koa');
require('./server')(new Koa(), 3000);`,
    }),
    unsure('What is loaded is not known before it runs', {
      'server.js': `
const app = require('express')();
for (const name of process.env.PLUGINS.split(',')) require(name)(app);
«app.listen»(3000);`,
    }),
    good('prom-client, in another file', {
      'server.js': `
require('./metrics');
require('express')().listen(3000);`,
      'metrics.js': `require('prom-client').collectDefaultMetrics();`,
    }),
    good('An agent', {
      'server.js': `
require('newrelic');
require('express')().listen(3000);`,
    }),
    good('Preloaded instrumentations', {
      'package.json': `{ "name": "shop", "private": true, "scripts": { "start": "node --require @opentelemetry/auto-instrumentations-node/register server.js" } }`,
      'server.js': `require('express')().listen(3000);`,
    }),
  ],
});
