import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'exposure/proxy-alias-traversal',
  ensures: 'A location with an alias ends as the alias does.',
  severity: 'high',
  roles: ['any'],
  cwe: 22,
  owasp: 'A01',
  why: 'With `location /static` and `alias /app/static/`, a request for `/static../.env` reads the file beside the folder.',
  fix: 'End the location with a slash, too: `location /static/ { alias /app/static/; }`.',
  references: ['https://nginx.org/en/docs/http/ngx_http_core_module.html#alias'],
  needs: ['proxies'],
  *check({ proxies }) {
    for (const { locations } of proxies.servers) {
      for (const { pattern, modifier, own } of locations) {
        const alias = own.find(({ name }) => name === 'alias');
        if (!alias || !/^(\^~)?$/.test(modifier) || pattern.endsWith('/') || !alias.args[0]?.endsWith('/')) continue;
        yield { at: alias.at, message: `${pattern}../ reaches what lies beside ${alias.args[0]}.` };
      }
    }
  },
  examples: [
    bad('One slash too few', {
      'nginx/default.conf': 'server {\n  location /static {\n    «alias /app/static/;»\n  }\n}\n',
    }),
    bad('With a modifier', { 'nginx/default.conf': 'server {\n  location ^~ /img { «alias /srv/img/;» }\n}\n' }),
    good('Both, or none', {
      'nginx/default.conf':
        'server {\n  location /static/ { alias /app/static/; }\n  location /img { alias /srv/img; }\n}\n',
    }),
    good('Exact, by expression, or with a root', {
      'nginx/default.conf':
        'server {\n  location = /logo { alias /srv/logo/; }\n  location ~ ^/a/(.*)$ { alias /srv/a/$1/; }\n  location /b { root /srv/; }\n}\n',
    }),
  ],
});
