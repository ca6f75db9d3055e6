import { bad, defineRule, good } from '../../src/rule/rule.ts';

const METHODS = /^(labels|inc|dec|set|observe|startTimer|add|record)$/;
const METRIC =
  /^(prom-client\.(Counter|Gauge|Histogram|Summary)\(\)|@opentelemetry\/api\.metrics\.getMeter\(\)\.create\w+\(\))/;
/** What every client can make up anew. */
const ENDLESS = /^(url|originalUrl|ip|query|params|body|headers|path|message|stack|hostname|id|userId|email)$/;

export default defineRule({
  id: 'observability/metric-labels-unbounded',
  ensures: 'Labels of metrics take few values.',
  severity: 'medium',
  roles: ['service'],
  cwe: 770,
  why: `Each new value of a label is a time series of its own, kept in memory until the process ends and sent on every scrape. With \`req.url\` as a label, a client who asks for random paths fills the heap of the service and of the metrics store.`,
  fix: `Use the route's template (\`req.route.path\`, \`request.routeOptions.url\`), the method and the status code.`,
  references: ['https://prometheus.io/docs/practices/naming/#labels'],
  needs: ['program', 'code', 'handlers'],
  *check({ program, code, handlers }) {
    for (const call of program.callsTo(METRIC)) {
      const value = program.valueOf(call);
      const callee = value.kind === 'call' ? program.valueOf(program.child(call, value.callee)) : undefined;
      if (value.kind !== 'call' || callee?.kind !== 'member' || !METHODS.test(callee.property ?? '')) continue;
      if (!code.apiOf(call).some((api) => METRIC.test(api))) continue;
      const reach = handlers.reach(call);
      if (!reach) continue;
      for (const argument of value.args) {
        const node = program.child(call, argument.value);
        for (const origin of program.origins(node)) {
          const object = program.valueOf(origin);
          const labels =
            object.kind === 'object'
              ? object.properties.map((property) => program.child(origin, property.value))
              : [node];
          const endless = labels.find((label) => program.origins(label).some(isEndless));
          if (endless === undefined) continue;
          yield {
            at: program.locationOf(endless),
            message: `\`${program.describe(endless)}\` as a label makes a new time series for every value a client sends.`,
          };
        }
      }
    }

    /** A parameter of a handler itself, which is the request. */
    function isHandlers(param: number): boolean {
      const owner = code.ownerOf(param);
      return owner !== undefined && handlers.all.some(({ fn }) => fn.node === owner.node);
    }

    /** `req.url`, `req.params.id`: a property of what the handler is given. */
    function isEndless(node: number): boolean {
      let at = node;
      let seen = false;
      for (let depth = 0; depth < 6; depth += 1) {
        const value = program.valueOf(at);
        if (value.kind === 'member') {
          // the template of the route, however deep
          if (/^(route|routeOptions|routerPath|routePath|matchedPath|_matchedRoute)$/.test(value.property ?? ''))
            return false;
          if (ENDLESS.test(value.property ?? '')) seen = true;
          at = program.child(at, value.object);
        } else return seen && value.kind === 'param' && isHandlers(at);
      }
      return false;
    }
  },
  examples: [
    bad('The URL as a label', {
      'app.js': `
const { Counter } = require('prom-client');
const requests = new Counter({ name: 'requests', help: 'Requests', labelNames: ['path'] });
const app = require('express')();
app.use((req, res, next) => { requests.inc({ path: «req.originalUrl» }); next(); });`,
    }),
    bad('A user id, through labels()', {
      'server.ts': `
import Fastify from 'fastify';
import { Histogram } from 'prom-client';
const times = new Histogram({ name: 't', help: 't', labelNames: ['user'] });
Fastify().get('/:id', async (request) => { times.labels(«request.params.id»).observe(1); });`,
    }),
    good('The template of the route', {
      'app.js': `
const { Counter } = require('prom-client');
const requests = new Counter({ name: 'requests', help: 'Requests', labelNames: ['path', 'method', 'status'] });
const app = require('express')();
app.use((req, res, next) => {
  res.on('finish', () => requests.inc({ path: req.route.path, method: req.method, status: res.statusCode }));
  next();
});`,
    }),
    good('A map that happens to have these methods', {
      'app.ts': `
import express from 'express';
const app = express();
const seen = new Map();
app.get('/', (req, res) => { seen.set(req.url, 1); seen.clear(); res.end(); });`,
    }),
  ],
});
