import { bad, defineRule, good } from '../../src/rule/rule.ts';

const nginx = (upstream: string): string =>
  `http {\n  upstream api {\n    server api:3000;\n${upstream}  }\n  server {\n    location / { proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass http://api; }\n  }\n}\n`;

export default defineRule({
  id: 'resilience/proxy-keepalive-longer',
  ensures: 'The service keeps idle connections longer than the proxy in front of it.',
  severity: 'medium',
  roles: ['service'],
  why: 'Node.js closes an idle connection after 5 seconds. nginx keeps it for 60, sends a request into it at the moment it is closed, and the client gets a 502 that nobody can reproduce.',
  fix: 'Set `server.keepAliveTimeout = 65_000` (and `headersTimeout` above it), or `keepalive_timeout 4s;` in the upstream.',
  references: [
    'https://nodejs.org/api/http.html#serverkeepalivetimeout',
    'https://nginx.org/en/docs/http/ngx_http_upstream_module.html#keepalive_timeout',
  ],
  needs: ['proxies', 'servers'],
  *check({ proxies, servers }) {
    const longest = servers.keepAlive;
    if (longest === 'unknown') return;
    for (const { name, own } of proxies.upstreams) {
      const keepalive = own.find((directive) => directive.name === 'keepalive');
      const set = own.find((directive) => directive.name === 'keepalive_timeout');
      const idle = set ? secondsOf(set.args[0] ?? '') : 60;
      const used = proxies.servers.some(({ locations }) =>
        locations.some(
          ({ proxyPass }) => (proxyPass?.args[0] ?? '').replace(/^https?:\/\//, '').split('/')[0] === name,
        ),
      );
      if (!keepalive || !used || keepalive.args[0] === '0' || idle === undefined || longest > idle) continue;
      yield {
        at: keepalive.at,
        confidence: 'likely',
        message: `nginx keeps idle connections for ${idle} s, the service closes them after ${longest} s.`,
      };
    }
  },
  examples: [
    bad('Five seconds behind sixty', {
      'nginx.conf': nginx('    «keepalive 32;»\n'),
      'server.js': "require('express')().listen(3000);\n",
    }),
    bad('Raised, but not above', {
      'nginx.conf': nginx('    «keepalive 32;»\n    keepalive_timeout 75s;\n'),
      'server.js': "const server = require('express')().listen(3000);\nserver.keepAliveTimeout = 65_000;\n",
    }),
    good('Longer than the proxy', {
      'nginx.conf': nginx('    keepalive 32;\n'),
      'server.js': "const server = require('express')().listen(3000);\nserver.keepAliveTimeout = 65_000;\n",
    }),
    good('Fastify', {
      'nginx.conf': nginx('    keepalive 32;\n'),
      'server.js': "require('fastify')().listen({ port: 3000, host: '0.0.0.0' });\n",
    }),
    good('The proxy keeps none, or closes first', {
      'nginx.conf': nginx(''),
      'nginx/b.conf': nginx('    keepalive 8;\n    keepalive_timeout 4s;\n'),
      'server.js': "require('express')().listen(3000);\n",
    }),
  ],
});

function secondsOf(text: string): number | undefined {
  const [, number, unit = 's'] = /^(\d+)(ms|s|m|h)?$/.exec(text) ?? [];
  if (number === undefined) return undefined;
  return Number(number) * { ms: 0.001, s: 1, m: 60, h: 3600 }[unit as 'ms' | 's' | 'm' | 'h'];
}
