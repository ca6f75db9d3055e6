import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/proxy-response-splitting',
  ensures: 'What nginx puts into headers is what the client sent, still encoded.',
  severity: 'high',
  roles: ['any'],
  cwe: 113,
  owasp: 'A05',
  why: '`$uri` is decoded: `%0d%0a` in it is a new line. A link to your own domain then adds headers to your answer: a cookie, another body, a page for the cache.',
  fix: 'Use `$request_uri`, which stays as it was sent.',
  references: [
    'https://nginx.org/en/docs/http/ngx_http_core_module.html#var_uri',
    'https://cwe.mitre.org/data/definitions/113.html',
  ],
  needs: ['proxies'],
  *check({ proxies }) {
    const seen = new Set<string>();
    for (const { own, around, locations } of proxies.servers) {
      for (const { name, args, argsAt } of [...own, ...around, ...locations.flatMap((location) => location.own)]) {
        if (!/^(return|add_header|proxy_pass|proxy_set_header)$/.test(name)) continue;
        if (name === 'return' && !/^30\d$/.test(args[0] ?? '')) continue;
        for (const [index, text] of args.entries()) {
          const variable = /\$\{?(uri|document_uri)\b/.exec(text)?.[0];
          const at = argsAt[index];
          if (variable === undefined || !at || seen.has(`${at.path}:${at.start}`)) continue;
          seen.add(`${at.path}:${at.start}`);
          yield { at, message: `${variable} is decoded, so a line break in the address breaks out of ${name}.` };
        }
      }
    }
  },
  examples: [
    bad('A redirect', { 'nginx/default.conf': 'server {\n  listen 80;\n  return 301 «https://$host$uri»;\n}\n' }),
    bad('A header, and a request that is handed on', {
      'nginx/default.conf':
        'server {\n  location / {\n    add_header X-Path «$document_uri»;\n    proxy_pass «http://api:3000$uri»;\n  }\n}\n',
    }),
    good('As it was sent', {
      'nginx/default.conf':
        'server {\n  listen 80;\n  return 301 https://$host$request_uri;\n}\nserver {\n  location / { try_files $uri $uri/ /index.html; }\n  location /api { proxy_pass http://api:3000; }\n}\n',
    }),
    good('No header comes of it', {
      'nginx/default.conf': 'server {\n  location /x { return 200 "$uri"; access_log /var/log/a.log; }\n}\n',
    }),
  ],
});
