import { bad, defineRule, good } from '../../src/rule/rule.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, '': 1000 };
/** What nginx waits for between two reads where nothing is said. */
const DEFAULT = 60_000;

export default defineRule({
  id: 'resilience/timeout-above-proxy',
  ensures: 'The program gives up before the proxy in front of it does.',
  severity: 'medium',
  roles: ['service'],
  cwe: 1088,
  why: 'nginx answers 504 and closes, while the program goes on waiting for an answer that nobody will get. Callers try again, and each attempt leaves one more request behind.',
  fix: 'Wait less than `proxy_read_timeout`, retries included; or answer 202 and let the caller ask for the result.',
  references: ['https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout'],
  needs: ['program', 'code', 'clients', 'handlers', 'proxies'],
  *check({ program, code, clients, handlers, proxies }) {
    const passing = proxies.servers.filter((server) => server.proxies);
    if (passing.length === 0 || passing.some(({ includesUnknown }) => includesUnknown)) return;
    // the most patient location: which of them is in front of which route is not known
    const waits = passing.flatMap(({ own, around, locations }) => {
      const passes = locations.filter(({ proxyPass }) => proxyPass !== undefined);
      const said = [...passes.flatMap(({ effective }) => effective('proxy_read_timeout')), ...own, ...around]
        .filter(({ name }) => name === 'proxy_read_timeout')
        .map(({ args }) => millisecondsOf(args[0] ?? ''));
      return said.length > 0 ? said : [DEFAULT];
    });
    const longest = Math.max(...waits.map((wait) => wait ?? Infinity));
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
        if (node === undefined || wait?.length !== 1 || typeof milliseconds !== 'number' || milliseconds < longest)
          continue;
        yield {
          at: program.locationOf(node),
          confidence: 'likely',
          message: `This waits up to ${milliseconds / 1000} s, ${handlers.describe(reach)}, and nginx gives up after ${longest / 1000} s.`,
          ...(passing[0] && { trail: [{ at: passing[0].at, note: 'This server passes requests on.' }] }),
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
    good('Shorter, or a patient location', {
      'app.js': `const axios = require('axios');\nconst app = require('express')();\napp.get('/report', async (req, res) => {\n  const a = await axios.get('https://a.acme.io', { timeout: 5000 });\n  const b = await axios.get('https://b.acme.io', { timeout: 120000 });\n  res.json([a.data, b.data]);\n});\napp.listen(3000);\n`,
      'nginx.conf':
        'http {\n  server {\n    listen 80;\n    location / { proxy_pass http://app:3000; }\n    location /report { proxy_read_timeout 5m; proxy_pass http://app:3000; }\n  }\n}\n',
    }),
  ],
});

/** `60`, `90s`, `5m`, `1m30s` */
function millisecondsOf(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d{1,9})(ms|s|m|h|)/g)].filter(([all]) => all !== '');
  if (parts.length === 0 || parts.map(([all]) => all).join('') !== text) return undefined;
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNITS[unit] ?? 1000), 0);
}
