import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'limits/fastify-request-timeout',
  ensures: 'A Fastify server cuts off requests that never end.',
  severity: 'low',
  control: 'limits/slow-requests',
  roles: ['service'],
  cwe: 400,
  owasp: 'A06',
  why: `Node.js ends a request that takes more than five minutes. Fastify writes its own default over that, and it is 0: whoever
sends a body a byte at a time keeps the connection for ever. Its documentation asks for a time where no proxy stands in front.`,
  fix: 'Set `Fastify({ requestTimeout: 120_000 })`.',
  references: ['https://fastify.dev/docs/latest/Reference/Server/#requesttimeout'],
  needs: ['apps', 'code', 'program', 'edge'],
  about: { what: 'Fastify server', isIn: ({ apps }) => apps.apps.some(({ framework }) => framework === 'fastify') },
  *check({ apps, code, program, edge }) {
    // a proxy reads the request to its end before it hands it on
    if (edge.proxies.length > 0) return;
    // `app.server.requestTimeout = 60_000`, `server.requestTimeout = …`
    const written = [...program.modules.values()].some(({ facts, first }) =>
      facts.writes.some(
        ({ property, object, value }) =>
          property === 'requestTimeout' &&
          /(^|\.)server$/i.test(program.describe(first + object)) &&
          program.constants(first + value)?.[0] !== 0,
      ),
    );
    if (written) return;
    for (const app of apps.apps) {
      if (app.framework !== 'fastify' || app.serving === 'no' || app.listensAt === undefined) continue;
      const given = ['requestTimeout', 'serverFactory'].map((name) => code.option(app.node, 0, name).state);
      if (given.includes('given')) continue;
      yield {
        at: app.at,
        message: 'No requestTimeout is set, and that of Fastify is 0: a request may take for ever.',
        ...(given.includes('unknown') && { unsure: 'its options cannot be seen, and may set one.' }),
      };
    }
  },
  examples: [
    bad('As it comes', {
      'app.js': `import Fastify from 'fastify';\nconst app = «Fastify({ logger: true })»;\napp.get('/', async () => ({}));\nawait app.listen({ port: 3000 });\n`,
    }),
    good('With a time; behind a proxy', {
      'app.js': `const app = require('fastify')({ requestTimeout: 120000 });\napp.get('/', async () => ({}));\napp.listen({ port: 3000 });\n`,
    }),
    good('Set on the server', {
      'app.js': `const app = require('fastify')();\napp.get('/', async () => 'x');\napp.server.requestTimeout = 60_000;\napp.listen({ port: 3000 });\n`,
    }),
    good('Behind nginx', {
      'app.js': `const app = require('fastify')();\napp.get('/', async () => ({}));\napp.listen({ port: 3000 });\n`,
      'nginx.conf': `http { server { location / { proxy_pass http://app:3000; } } }\n`,
    }),
    unsure('Options of somewhere else', {
      'app.js': `const { options } = require('@acme/defaults');\nconst app = «require('fastify')(options)»;\napp.get('/', async () => ({}));\napp.listen({ port: 3000 });\n`,
    }),
  ],
});
