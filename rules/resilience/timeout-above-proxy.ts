import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'resilience/timeout-above-proxy',
  ensures: 'The program gives up before the proxy in front of it does.',
  severity: 'medium',
  roles: ['service'],
  cwe: 1088,
  why: 'The proxy answers 504 and closes, while the program goes on waiting for an answer that nobody will get. Callers try again, and each attempt leaves one more request behind.',
  fix: 'Wait less than the proxy (60 s by default in nginx, 30 s at Heroku), retries included; or answer 202 and let the caller ask for the result.',
  references: ['https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout'],
  needs: ['program', 'code', 'clients', 'handlers', 'edge'],
  about: { what: 'proxy that is known', isIn: ({ edge }) => edge.waits.length > 0 },
  *check({ program, code, clients, handlers, edge }) {
    // the most patient: which of them is in front of which route is not known
    const [longest] = edge.waits.toSorted((a, b) => b.seconds - a.seconds);
    if (!longest) return;
    for (const { call, deadline } of clients.outbound) {
      if (deadline !== 'bounded') continue;
      const reach = handlers.reach(call);
      if (!reach || reach.handler.trigger === 'job') continue;
      for (const index of [0, 1, 2]) {
        const given = code.option(call, index, 'timeout');
        const signal = code.option(call, index, 'signal');
        const node =
          given.state === 'given'
            ? given.value
            : signal.state === 'given' && program.apis(signal.value).includes('AbortSignal.timeout()')
              ? program.argument(signal.value, 0)
              : undefined;
        const wait = node === undefined ? undefined : program.constants(node);
        const [milliseconds] = wait ?? [];
        if (
          node === undefined ||
          wait?.length !== 1 ||
          typeof milliseconds !== 'number' ||
          milliseconds < longest.seconds * 1000
        )
          continue;
        yield {
          at: program.locationOf(node),
          confidence: 'likely',
          message: `This waits up to ${milliseconds / 1000} s, ${handlers.describe(reach)}, and ${longest.name} gives up after ${longest.seconds} s.`,
          trail: [{ at: longest.at, note: 'This passes requests on.' }],
        };
        break;
      }
    }
  },
  examples: [
    bad('The default of nginx is shorter', {
      'app.js': `const axios = require('axios');\nconst app = require('express')();\napp.get('/report', async (req, res) => {\n  const { data } = await axios.get('https://slow.acme.io/report', { timeout: «120000» });\n  res.json(data);\n});\napp.listen(3000);\n`,
      'nginx.conf': 'http {\n  server {\n    listen 80;\n    location / { proxy_pass http://app:3000; }\n  }\n}\n',
    }),
    bad('So is what it was told', {
      'app.js': `const app = require('fastify')();\napp.get('/report', async () => {\n  const answer = await fetch('https://slow.acme.io', { signal: AbortSignal.timeout(«30 * 1000») });\n  return answer.json();\n});\napp.listen({ port: 3000, host: '0.0.0.0' });\n`,
      'nginx.conf':
        'http {\n  proxy_read_timeout 20s;\n  server {\n    listen 80;\n    location / { proxy_pass http://app:3000; }\n  }\n}\n',
    }),
    bad('The router of Heroku, and an Ingress', {
      'app.js': `const got = require('got');\nconst app = require('express')();\napp.get('/report', async (req, res) => {\n  const { body } = await got('https://slow.acme.io/report', { timeout: { request: 5000 } });\n  const other = await fetch('https://slow.acme.io', { signal: AbortSignal.timeout(«45_000») });\n  res.json([body, other.status]);\n});\napp.listen(3000);\n`,
      Procfile: 'web: node app.js\n',
      'app.json': '{ "name": "a", "formation": { "web": { "quantity": 1 } } }\n',
    }),
    bad('An Ingress of nginx', {
      'app.js': `const axios = require('axios');\nconst app = require('express')();\napp.get('/report', async (req, res) => {\n  const { data } = await axios.get('https://slow.acme.io/report', { timeout: «90_000» });\n  res.json(data);\n});\napp.listen(3000);\n`,
      'k8s/web.yaml':
        'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web }\nspec:\n  ingressClassName: nginx\n  rules: [{ host: shop.acme.io }]\n',
    }),
    good('An Ingress that waits longer, or of which nothing is known', {
      'app.js': `const axios = require('axios');\nconst app = require('express')();\napp.get('/report', async (req, res) => {\n  const { data } = await axios.get('https://slow.acme.io/report', { timeout: 90_000 });\n  res.json(data);\n});\napp.listen(3000);\n`,
      'k8s/web.yaml':
        'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web, annotations: { nginx.ingress.kubernetes.io/proxy-read-timeout: "120" } }\nspec:\n  rules: [{ host: shop.acme.io }]\n---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: b }\nspec:\n  ingressClassName: traefik\n  rules: [{ host: b.acme.io }]\n',
    }),
    good('Shorter, or a patient location', {
      'app.js': `const axios = require('axios');\nconst app = require('express')();\napp.get('/report', async (req, res) => {\n  const a = await axios.get('https://a.acme.io', { timeout: 5000 });\n  const b = await axios.get('https://b.acme.io', { timeout: 120000 });\n  res.json([a.data, b.data]);\n});\napp.listen(3000);\n`,
      'nginx.conf':
        'http {\n  server {\n    listen 80;\n    location / { proxy_pass http://app:3000; }\n    location /report { proxy_read_timeout 5m; proxy_pass http://app:3000; }\n  }\n}\n',
    }),
  ],
});
