import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'lifecycle/health-path-unanswered',
  ensures: 'What health checks ask for is answered.',
  severity: 'high',
  roles: ['any'],
  why: 'The answer is 404 or a refused connection for ever: the platform takes the instance out of service or kills it in a loop, although the program is well.',
  fix: 'Ask for a route and a port that exist, or add the route.',
  references: ['https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/'],
  needs: ['wiring', 'apps', 'program'],
  *check({ wiring, apps, program }) {
    for (const { doors, checks, image } of wiring.services) {
      const folder = image.manifest?.folder ?? '';
      const own = apps.apps.filter(
        ({ path, serving }) => serving === 'yes' && (folder === '' || path.startsWith(`${folder}/`)),
      );
      for (const { at, path, port } of checks) {
        const ports = doors.every(({ known, variables }) => known && variables.length === 0)
          ? doors.flatMap(({ defaults }) => defaults)
          : [];
        if (port !== undefined && ports.length > 0 && !ports.includes(port)) {
          yield {
            at,
            message: `The health check asks port ${port}, but the program listens on ${ports.join(' and ')}.`,
          };
          continue;
        }
        const [first] = own;
        if (!first || !own.every(isWhole) || own.some((app) => answers(app, path))) continue;
        const packaged = [...program.modules.values()].some(({ facts }) =>
          facts.imports.some(({ module }) => /terminus|lightship|health|actuator/i.test(module ?? '')),
        );
        if (packaged) continue;
        yield {
          at,
          confidence: 'likely',
          message: `The health check asks for ${path}, which no route answers.`,
          trail: [{ at: first.at, note: `The application has ${first.routes.length} routes.` }],
        };
      }
    }
  },
  examples: [
    bad('A path that does not exist', {
      'server.js':
        "const app = require('express')();\napp.get('/healthz', (req, res) => res.send('ok'));\napp.listen(3000);\n",
      'package.json': '{ "name": "a", "scripts": { "start": "node server.js" } }\n',
      Dockerfile:
        'FROM node:24\nCOPY . .\nHEALTHCHECK CMD curl -f «http://localhost:3000/health» || exit 1\nCMD ["node", "server.js"]\n',
    }),
    bad('A port nothing listens on, and a probe', {
      'server.js':
        "const app = require('express')();\napp.get('/ready', (req, res) => res.send('ok'));\napp.listen(3000);\n",
      'package.json': '{ "name": "a", "scripts": { "start": "node server.js" } }\n',
      Dockerfile: 'FROM node:24\nCOPY . .\nCMD ["node", "server.js"]\n',
      'k8s/a.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec:\n  template:\n    spec:\n      containers:\n        - name: a\n          image: acme/a:1\n          readinessProbe:\n            httpGet: { path: «/ready», port: 8080 }\n          livenessProbe:\n            httpGet: { path: «/live», port: 3000 }\n',
    }),
    good('Answered, by a router and by a pattern', {
      'server.js':
        "const express = require('express');\nconst app = express();\nconst inner = express.Router();\ninner.get('/health', (req, res) => res.send('ok'));\napp.use('/api', inner);\napp.get('/status/:what', (req, res) => res.send('ok'));\napp.listen(3000);\n",
      'package.json': '{ "name": "a", "scripts": { "start": "node server.js" } }\n',
      Dockerfile:
        'FROM node:24\nCOPY . .\nHEALTHCHECK CMD curl -f http://localhost:3000/api/health || exit 1\nCMD ["node", "server.js"]\n',
      'compose.prod.yaml':
        'services:\n  a:\n    build: .\n    healthcheck:\n      test: curl -f http://localhost:3000/status/live\n',
    }),
    good('Static files, or a package, may answer', {
      'server.js':
        "const express = require('express');\nconst app = express();\napp.use(express.static('public'));\napp.get('/items', (req, res) => res.json([]));\napp.listen(3000);\n",
      'package.json': '{ "name": "a", "scripts": { "start": "node server.js" } }\n',
      Dockerfile:
        'FROM node:24\nCOPY . .\nHEALTHCHECK CMD curl -f http://localhost:3000/health.txt\nCMD ["node", "server.js"]\n',
    }),
  ],
});

interface App {
  readonly framework: string;
  readonly escapes: readonly unknown[];
  readonly routes: readonly { readonly method: string; readonly path: string | undefined }[];
  readonly links: readonly { readonly scope: string | undefined; readonly name: string; readonly forErrors?: true }[];
}

/** Everything it answers can be seen: nothing is handed away, no path is computed, no middleware answers by itself. */
const isWhole = ({ framework, escapes, routes, links }: App): boolean =>
  /^(express|fastify|koa|hono|hapi|polka|restify)$/.test(framework) &&
  routes.length > 0 &&
  escapes.length === 0 &&
  routes.every(({ path }) => path !== undefined) &&
  links.every(
    ({ name, scope, forErrors }) => forErrors === true || scope === undefined || scope !== '/' || KNOWN.test(name),
  );

/** Middleware that lets requests go on. */
const KNOWN =
  /^(helmet|cors|compression|express\.(json|urlencoded|raw|text)|bodyParser\S*|body-parser\S*|json|urlencoded|cookieParser|cookie-parser|morgan|logger|pino\S*|session|express-session|rateLimit|limiter|passport\.(initialize|session)|mongoSanitize|hpp|responseTime|requestId)\b/;

function answers({ routes, links }: App, asked: string): boolean {
  const path = asked.replace(/\/+$/, '').toLowerCase();
  return (
    routes.some(({ path: pattern = '' }) => covers(pattern.toLowerCase(), path)) ||
    links.some(
      ({ scope = '/' }) => scope !== '/' && `${path}/`.startsWith(`${scope.toLowerCase().replace(/\/+$/, '')}/`),
    )
  );
}

function covers(pattern: string, path: string): boolean {
  const wanted = pattern.split('/').filter((part) => part !== '');
  const given = path.split('/').filter((part) => part !== '');
  if (wanted.some((part) => /[*(]/.test(part))) return true;
  const least = wanted.filter((part) => !part.endsWith('?') && !part.startsWith('{')).length;
  if (given.length < least || given.length > wanted.length) return false;
  return given.every(
    (part, index) => /^[:{]/.test(wanted[index] ?? '') || wanted[index] === part || wanted[index]?.includes(':'),
  );
}
