import { bad, defineRule, good } from '../../src/rule/rule.ts';

const READS = /^(c|ctx|context)\.req\.(json|text|parseBody|formData|arrayBuffer|blob)$/;
const VALIDATES = /^(json|form)$/;
const SERVES = /^@hono\/node-server\.(serve|createAdaptorServer)$/;

export default defineRule({
  id: 'limits/body-limit-missing',
  ensures: 'Hono on Node.js limits the bodies its routes read.',
  severity: 'medium',
  control: 'limits/body',
  roles: ['service'],
  cwe: 770,
  owasp: 'A06',
  why: 'Hono has no limit of its own, and neither has its adapter for Node.js: one request that never ends fills the memory until the process is killed.',
  fix: "Mount one before the routes: `app.use(bodyLimit({ maxSize: 100 * 1024 }))` from 'hono/body-limit'.",
  references: [
    'https://hono.dev/docs/middleware/builtin/body-limit',
    'https://cwe.mitre.org/data/definitions/770.html',
  ],
  needs: ['apps', 'program', 'code', 'edge', 'running'],
  about: {
    what: 'Hono application on Node.js',
    isIn: ({ apps, program }) =>
      program.callsTo(SERVES).length > 0 && apps.apps.some(({ framework }) => framework === 'hono'),
  },
  *check({ apps, program, code, edge, running }) {
    if (program.callsTo(SERVES).length === 0) return;
    const [proxy] = edge.proxies;
    for (const app of apps.apps) {
      if (app.framework !== 'hono' || app.serving !== 'yes') continue;
      const reading = app.routes.filter((route) => {
        if (/^(GET|HEAD|OPTIONS)$/.test(route.method) || route.condition === 'development') return false;
        if (apps.protectionOf(route, 'body').state !== 'absent') return false;
        const isValidated = route.chain.some(({ effects }) =>
          effects.some(({ kind, call }) => {
            const first = kind === 'validator' && call !== undefined ? program.argument(call, 0) : undefined;
            return first !== undefined && VALIDATES.test(String(program.constants(first)?.[0]));
          }),
        );
        const [fn] = route.handlers.slice(-1).flatMap(({ node }) => program.functionAt(node) ?? code.functionsIn(node));
        const calls = fn ? code.runs(fn).flatMap((each) => code.callsIn(each)) : [];
        return (
          isValidated ||
          calls.some((call) => {
            const value = program.valueOf(call);
            return value.kind === 'call' && READS.test(program.describe(program.child(call, value.callee)));
          })
        );
      });
      const [first] = reading;
      if (!first) continue;
      const more = reading.length > 1 ? ` and ${reading.length - 1} more` : '';
      const site = running.of(app)?.site;
      const refused = site?.responses.some(({ step, status }) => step === 'body-limit' && status === 413);
      yield {
        at: app.at,
        message: `No bodyLimit stands before ${first.method} ${first.path ?? '?'}${more}: bodies of any size are read.`,
        trail: [{ at: first.at, note: 'This reads a body.' }],
        ...(proxy && { severity: 'low' as const }),
        ...(refused && { mitigated: `${site?.host ?? ''} refused a large body: something in front limits.` }),
      };
    }
  },
  examples: [
    bad('No limit at all', {
      'server.ts': `import { serve } from '@hono/node-server';\nimport { Hono } from 'hono';\nconst app = «new Hono()»;\napp.get('/', (c) => c.text('ok'));\napp.post('/notes', async (c) => c.json(await c.req.json()));\nserve({ fetch: app.fetch, port: 3000 });\n`,
    }),
    bad('On other routes alone', {
      'server.ts': `import { serve } from '@hono/node-server';\nimport { Hono } from 'hono';\nimport { bodyLimit } from 'hono/body-limit';\nconst app = «new Hono()»;\napp.post('/avatar', bodyLimit({ maxSize: 100000 }), async (c) => c.json(await c.req.parseBody()));\napp.put('/notes', async (c) => c.json(await c.req.json()));\nserve(app);\n`,
    }),
    good('A limit before them', {
      'server.ts': `import { serve } from '@hono/node-server';\nimport { Hono } from 'hono';\nimport { bodyLimit } from 'hono/body-limit';\nconst app = new Hono();\napp.use(bodyLimit({ maxSize: 100 * 1024 }));\napp.post('/notes', async (c) => c.json(await c.req.json()));\nserve(app);\n`,
    }),
    good('No body is read; a platform that limits', {
      'server.ts': `import { serve } from '@hono/node-server';\nimport { Hono } from 'hono';\nconst app = new Hono();\napp.post('/ping', (c) => c.text('ok'));\nserve(app);\n`,
    }),
    good('On the edge', {
      'worker.ts': `import { Hono } from 'hono';\nconst app = new Hono();\napp.post('/notes', async (c) => c.json(await c.req.json()));\nexport default app;\n`,
    }),
  ],
});
