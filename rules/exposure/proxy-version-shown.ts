import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'exposure/proxy-version-shown',
  ensures: 'The proxy does not tell its version.',
  severity: 'low',
  control: 'exposure/server-version',
  roles: ['any'],
  cwe: 200,
  owasp: 'A02',
  why: 'Every answer and every error page names the exact version, and with it the holes to try. Lists of such servers are for sale the day a hole becomes known.',
  fix: 'Set `server_tokens off;` in the http block.',
  references: ['https://nginx.org/en/docs/http/ngx_http_core_module.html#server_tokens'],
  needs: ['proxies'],
  *check({ proxies }) {
    const seen = new Set<string>();
    for (const { path, at, own, around, locations } of proxies.servers) {
      const all = [...own, ...around, ...locations.flatMap((location) => location.own)];
      const set = all.filter(({ name }) => name === 'server_tokens');
      for (const { args, at: where } of set) {
        if (!/^(on|build)$/.test(args[0] ?? '') || seen.has(`${where.path}:${where.start}`)) continue;
        seen.add(`${where.path}:${where.start}`);
        yield { at: where, message: `server_tokens ${args[0]} tells the version of nginx in every answer.` };
      }
      // what stands in conf.d may be told by an http block that is not here
      if (set.length > 0 || around.length === 0 || seen.has(path)) continue;
      seen.add(path);
      yield {
        at,
        message: 'Nothing sets server_tokens off, so every answer tells the version of nginx.',
        severity: 'info',
      };
    }
  },
  examples: [
    bad('Said', {
      'nginx/default.conf': 'server {\n  «server_tokens on;»\n  location / { proxy_pass http://api; }\n}\n',
    }),
    bad('By default', {
      'nginx.conf': 'http {\n  sendfile on;\n  «server» { listen 80; location / { proxy_pass http://api; } }\n}\n',
    }),
    good('Off', {
      'nginx.conf': 'http {\n  server_tokens off;\n  server { listen 80; location / { proxy_pass http://api; } }\n}\n',
    }),
    good('A part of a configuration', {
      'conf.d/api.conf': 'server { listen 80; location / { proxy_pass http://api; } }\n',
    }),
  ],
});
