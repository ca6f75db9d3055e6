import { bad, defineRule, good } from '../../src/rule/rule.ts';

const MIB = 1024 * 1024;

/** `'50mb'`, `52428800`, as the bytes package reads them. */
function sizeOf(limit: unknown): number | undefined {
  if (typeof limit === 'number') return limit;
  const found = typeof limit === 'string' ? /^\s*([\d.]{1,12})\s*(b|kb|mb|gb)?\s*$/i.exec(limit) : null;
  if (!found) return undefined;
  return Number(found[1]) * ({ kb: 1024, mb: MIB, gb: 1024 * MIB }[(found[2] ?? '').toLowerCase()] ?? 1);
}

const ingress = (size: string): string =>
  `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web\n  annotations:\n    nginx.ingress.kubernetes.io/proxy-body-size: ${size}\nspec:\n  tls: [{ secretName: a }]\n  rules:\n    - host: shop.acme.io\n      http: { paths: [{ path: / }] }\n`;
const express = (limit: string): string =>
  `const express = require('express');\nconst app = express();\napp.use(express.json({ limit: ${limit} }));\napp.post('/notes', (req, res) => res.end());\napp.listen(3000);\n`;

export default defineRule({
  id: 'limits/body-limit-above-ingress',
  ensures: 'The Ingress lets through what the program takes.',
  severity: 'low',
  control: 'limits/body-limit-above-proxy',
  roles: ['service'],
  why: 'The Ingress answers 413 before the program sees the request: what works on a laptop fails in production, and no log of the program says why.',
  fix: 'Set `nginx.ingress.kubernetes.io/proxy-body-size` to the limit of the program, or lower that.',
  references: [
    'https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#custom-max-body-size',
  ],
  needs: ['apps', 'program', 'deployments'],
  about: { what: 'Ingress with a size for bodies', isIn: ({ deployments }) => deployments.ingressBodies.length > 0 },
  *check({ apps, program, deployments }) {
    // one program behind what says a size: nothing has to be guessed about which is in front of which
    const [app, ...others] = apps.apps.filter(({ serving, routes }) => serving !== 'no' && routes.length > 0);
    const { ingressBodies, kubernetes } = deployments;
    const all = kubernetes.filter(({ kind, development }) => kind === 'Ingress' && !development);
    if (!app || others.length > 0 || all.length > ingressBodies.length) return;
    const sizes = ingressBodies.flatMap(({ bytes }) => (bytes ? [bytes] : []));
    const [first] = ingressBodies;
    if (!first || sizes.length < ingressBodies.length) return;
    const largest = Math.max(...sizes);
    const links = [...app.links, ...app.routes.flatMap(({ handlers }) => handlers)];
    const options = links.flatMap(({ condition, effects }) =>
      condition === 'development'
        ? []
        : effects.flatMap((effect) => (effect.kind === 'body' && effect.options !== undefined ? [effect.options] : [])),
    );
    const server = app.framework === 'fastify' ? program.argument(app.node, 0) : undefined;
    const limits = new Set(
      (server === undefined ? options : [...options, server]).flatMap((given) =>
        ['limit', 'jsonLimit', 'formLimit', 'bodyLimit'].flatMap((name) => program.property(given, name) ?? []),
      ),
    );
    for (const limit of limits) {
      const [size, ...more] = (program.constants(limit) ?? []).map(sizeOf);
      if (more.length > 0 || size === undefined || size === Infinity || size <= largest) continue;
      yield {
        at: program.locationOf(limit),
        confidence: 'likely',
        message: `The program takes bodies of ${Math.round(size / MIB)} MB, and the Ingress refuses those above ${Math.round((largest / MIB) * 10) / 10} MB.`,
        trail: [{ at: first.at, note: 'This is what the Ingress lets through.' }],
      };
    }
  },
  examples: [
    bad('Express', { 'k8s/ingress.yaml': ingress('8m'), 'app.js': express("«'50mb'»") }),
    bad('Fastify', {
      'k8s/ingress.yaml': ingress('"10m"'),
      'app.js':
        "const app = require('fastify')({ bodyLimit: «20 * 1024 * 1024» });\napp.post('/notes', async () => 'ok');\napp.listen({ port: 3000 });\n",
    }),
    good('As much', { 'k8s/ingress.yaml': ingress('50m'), 'app.js': express("'50mb'") }),
    good('No limit before the program', {
      'k8s/uploads.yaml': ingress('"0"').replace('path: /', 'path: /files'),
      'app.js': express("'50mb'"),
    }),
    good('Another Ingress leaves it to the controller', {
      'k8s/ingress.yaml': ingress('8m'),
      'k8s/other.yaml': ingress('8m').replace(/ {2}annotations:\n.*\n/, ''),
      'app.js': express("'50mb'"),
    }),
  ],
});
