import { bad, defineRule, good } from '../../src/rule/rule.ts';

const MIB = 1024 * 1024;

/** `10m`, `1g`, `0` of nginx. */
function bytesOf(text: string): number | undefined {
  const found = /^(\d+)([kmg]?)$/i.exec(text);
  if (!found) return undefined;
  return Number(found[1]) * ({ k: 1024, m: MIB, g: 1024 * MIB }[(found[2] ?? '').toLowerCase()] ?? 1);
}

/** `'50mb'`, `52428800`, as the bytes package reads them. */
function sizeOf(limit: unknown): number | undefined {
  if (typeof limit === 'number') return limit;
  const found = typeof limit === 'string' ? /^\s*([\d.]{1,12})\s*(b|kb|mb|gb)?\s*$/i.exec(limit) : null;
  if (!found) return undefined;
  return Number(found[1]) * ({ kb: 1024, mb: MIB, gb: 1024 * MIB }[(found[2] ?? '').toLowerCase()] ?? 1);
}

export default defineRule({
  id: 'limits/body-limit-above-proxy',
  ensures: 'The proxy lets through what the program takes.',
  severity: 'low',
  roles: ['service'],
  why: 'nginx answers 413 before the program sees the request: what works on a laptop fails in production, and no log of the program says why.',
  fix: 'Set `client_max_body_size` in the location that needs it to the limit of the program, or lower that.',
  references: ['https://nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size'],
  needs: ['apps', 'program', 'proxies'],
  *check({ apps, program, proxies }) {
    // one proxy and one program: nothing has to be guessed about which is in front of which
    const passing = proxies.servers.filter((server) => server.proxies);
    const serving = apps.apps.filter((app) => app.serving !== 'no' && app.routes.length > 0);
    const [app] = serving;
    if (!app || serving.length !== 1 || passing.length === 0) return;
    if (passing.some(({ includesUnknown, path }) => includesUnknown || /\.(template|tmpl|conf\.in)$/.test(path)))
      return;
    const sizes = passing.flatMap(({ own, around, locations }) =>
      [...own, ...around, ...locations.flatMap((location) => location.own)].flatMap(({ name, args }) =>
        name === 'client_max_body_size' ? [bytesOf(args[0] ?? '')] : [],
      ),
    );
    // settings of a file beside it may be meant for all: without any, only a whole configuration is certain
    if (sizes.some((size) => size === undefined || size === 0)) return;
    const largest = Math.max(...sizes.map((size) => size ?? 0), MIB);
    const links = [...app.links, ...app.routes.flatMap(({ handlers }) => handlers)];
    const options = links.flatMap((link) =>
      link.condition === 'development'
        ? []
        : link.effects.flatMap((effect) =>
            effect.kind === 'body' && effect.options !== undefined ? [effect.options] : [],
          ),
    );
    const server = app.framework === 'fastify' ? program.argument(app.node, 0) : undefined;
    const [first] = passing;
    const seen = new Set<string>();
    for (const given of server === undefined ? options : [...options, server]) {
      for (const limit of ['limit', 'jsonLimit', 'formLimit', 'bodyLimit'].flatMap((name) =>
        program.property(given, name),
      )) {
        const all = (program.constants(limit) ?? []).map(sizeOf);
        const at = program.locationOf(limit);
        const [size] = all;
        if (all.length !== 1 || size === undefined || size === Infinity || size <= largest) continue;
        if (seen.has(`${at.path}:${at.start}`)) continue;
        seen.add(`${at.path}:${at.start}`);
        yield {
          at,
          confidence: 'likely',
          message: `The program takes bodies of ${Math.round(size / MIB)} MB, and nginx refuses those above ${Math.round((largest / MIB) * 10) / 10} MB.`,
          ...(first && { trail: [{ at: first.at, note: 'This server passes requests on.' }] }),
        };
      }
    }
  },
  examples: [
    bad('The default of nginx', {
      'nginx/default.conf': 'server {\n  listen 80;\n  location / { proxy_pass http://app:3000; }\n}\n',
      'app.js':
        "const express = require('express');\nconst app = express();\napp.use(express.json({ limit: «'50mb'» }));\napp.post('/notes', (req, res) => res.end());\napp.listen(3000);\n",
    }),
    bad('Fastify, and a lower limit for all', {
      'nginx.conf': 'http {\n  client_max_body_size 5m;\n  server { location / { proxy_pass http://app; } }\n}\n',
      'app.js':
        "const app = require('fastify')({ bodyLimit: «20 * 1024 * 1024» });\napp.post('/notes', async () => 'ok');\napp.listen({ port: 3000 });\n",
    }),
    good('As much, in the location that needs it', {
      'nginx/default.conf':
        'server {\n  listen 80;\n  location / { proxy_pass http://app:3000; }\n  location /upload { client_max_body_size 50m; proxy_pass http://app:3000; }\n}\n',
      'app.js':
        "const express = require('express');\nconst app = express();\napp.post('/upload', express.json({ limit: '50mb' }), (req, res) => res.end());\napp.listen(3000);\n",
    }),
    good('A default, and what an unseen file may say', {
      'nginx/default.conf': 'server {\n  include /etc/nginx/limits.conf;\n  location / { proxy_pass http://app; }\n}\n',
      'app.js':
        "const express = require('express');\nconst app = express();\napp.use(express.json({ limit: '20mb' }));\napp.post('/notes', (req, res) => res.end());\napp.listen(3000);\n",
    }),
  ],
});
