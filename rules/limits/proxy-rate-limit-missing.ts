import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'limits/proxy-rate-limit-missing',
  ensures: 'The proxy in front of the service limits how fast one client may ask.',
  severity: 'medium',
  roles: ['any'],
  cwe: 770,
  owasp: 'A06',
  why: 'One machine can try thousands of passwords a minute, or keep every worker of the service busy; at the proxy it costs next to nothing to refuse.',
  fix: 'Define `limit_req_zone $binary_remote_addr zone=api:10m rate=10r/s;` and put `limit_req zone=api burst=20 nodelay;` into the location.',
  references: ['https://nginx.org/en/docs/http/ngx_http_limit_req_module.html'],
  needs: ['proxies'],
  *check({ proxies }) {
    for (const { locations, own, around, proxies: handsOn, includesUnknown, at } of proxies.servers) {
      const all = [...own, ...around, ...locations.flatMap((location) => location.own)];
      if (!handsOn || all.some(({ name }) => name === 'limit_req' || name === 'limit_conn')) continue;
      const zone = around.find(({ name }) => name === 'limit_req_zone');
      const where = zone?.at ?? locations.find(({ proxyPass }) => proxyPass)?.proxyPass?.at ?? at;
      yield {
        at: where,
        message: zone ? 'This zone is defined, and no location uses it.' : 'Requests are handed on without any limit.',
        ...(includesUnknown && { unsure: 'It includes files that are not here.' }),
      };
    }
  },
  examples: [
    bad('No limit', {
      'nginx/default.conf': 'server {\n  listen 80;\n  location / {\n    «proxy_pass http://app:3000;»\n  }\n}\n',
    }),
    bad('A zone nobody uses', {
      'nginx.conf':
        'http {\n  «limit_req_zone $binary_remote_addr zone=api:10m rate=10r/s;»\n  server {\n    location / { proxy_pass http://app:3000; }\n  }\n}\n',
    }),
    unsure('It may be in an include', {
      'nginx/default.conf':
        'server {\n  include snippets/limits.conf;\n  location / { «proxy_pass http://app:3000;» }\n}\n',
    }),
    good('For the login only, for everything, by an include of the project', {
      'a/nginx.conf':
        'http {\n  limit_req_zone $binary_remote_addr zone=l:10m rate=1r/s;\n  server {\n    location /login { limit_req zone=l burst=5; proxy_pass http://app; }\n    location / { proxy_pass http://app; }\n  }\n}\n',
      'nginx/b.conf': 'server {\n  include snippets/limits.conf;\n  location / { proxy_pass http://app; }\n}\n',
      'nginx/snippets/limits.conf': 'limit_req zone=api burst=20;\n',
    }),
    good('Files only', {
      'nginx/default.conf':
        'server {\n  root /usr/share/nginx/html;\n  location / { try_files $uri /index.html; }\n}\n',
    }),
  ],
});
