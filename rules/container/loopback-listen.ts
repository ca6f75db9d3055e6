import { bad, defineRule, good } from '../../src/rule/rule.ts';

const IMAGE = 'FROM node:24-slim\nCOPY . .\nEXPOSE 3000\nCMD ["node", "server.js"]\n';
const PACKAGE = '{ "name": "a", "scripts": { "start": "node server.js" } }\n';

export default defineRule({
  id: 'container/loopback-listen',
  ensures: 'A program in a container listens to the outside of it.',
  severity: 'high',
  roles: ['any'],
  why: 'A container has a loopback interface of its own. What listens there alone is reached by nobody: published ports, probes and other services are refused, although the program is up.',
  fix: "Listen on all interfaces: `host: '0.0.0.0'` (or `'::'`). Fastify listens on localhost unless it is told.",
  references: ['https://fastify.dev/docs/latest/Reference/Server/#listen'],
  needs: ['wiring'],
  *check({ wiring }) {
    for (const { doors, image } of wiring.services) {
      // one door for the outside is enough: another may be for the container alone
      if (doors.some(({ loopback }) => loopback === undefined)) continue;
      const published = image.serves;
      for (const { loopback, framework } of published ? doors : []) {
        if (!loopback) continue;
        const isDefault = framework === 'fastify' && loopback.host === 'localhost';
        yield {
          at: loopback.at,
          message: `In a container, nobody outside reaches ${loopback.host}${isDefault ? ', where Fastify listens unless it is told another host' : ''}.`,
        };
      }
    }
  },
  examples: [
    bad('Written', {
      'server.js': "require('express')().listen(3000, «'127.0.0.1'»);\n",
      'package.json': PACKAGE,
      Dockerfile: IMAGE,
    }),
    bad('By default', {
      'server.js':
        "const app = require('fastify')();\napp.get('/', async () => 'ok');\n«app.listen»({ port: 3000 });\n",
      'package.json': PACKAGE,
      Dockerfile: IMAGE,
    }),
    good('All interfaces', {
      'server.js': "require('fastify')().listen({ port: 3000, host: '0.0.0.0' });\n",
      'package.json': PACKAGE,
      Dockerfile: IMAGE,
    }),
    good('Express without a host, and a host by variable', {
      'a/server.js': "require('express')().listen(3000);\n",
      'a/package.json': PACKAGE,
      'a/Dockerfile': IMAGE,
      'b/server.js': "require('fastify')().listen({ port: 3000, host: process.env.HOST || '127.0.0.1' });\n",
      'b/package.json': PACKAGE,
      'b/Dockerfile': IMAGE,
    }),
    good('No container', {
      'server.js': "require('fastify')().listen({ port: 3000 });\n",
      'package.json': PACKAGE,
    }),
  ],
});
