import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'transport/proxy-headers-missing',
  ensures: 'The proxy tells the service who asked, by which host and scheme, in its own words.',
  severity: 'medium',
  roles: ['any'],
  cwe: 348,
  owasp: 'A02',
  why: 'Without them every client has the address of the proxy (limits hit everyone at once), secure cookies are never set, and redirects lead to http; with the client’s own words in them, anyone is whoever they say.',
  fix: 'Set `Host $host`, `X-Forwarded-For $proxy_add_x_forwarded_for` and `X-Forwarded-Proto $scheme` beside every `proxy_pass`.',
  references: ['https://expressjs.com/en/guide/behind-proxies.html'],
  needs: ['proxies'],
  *check({ proxies }) {
    const seen = new Set<string>();
    for (const { locations, includesUnknown } of proxies.servers) {
      for (const { proxyPass, effective } of locations) {
        if (
          !proxyPass ||
          seen.has(`${proxyPass.at.path}:${proxyPass.at.start}`) ||
          /^https?:\/\/[\w-]+\.[\w.-]+\.[a-z]{2,}/.test(proxyPass.args[0] ?? '')
        )
          continue;
        seen.add(`${proxyPass.at.path}:${proxyPass.at.start}`);
        const set = effective('proxy_set_header');
        const has = (header: string): boolean => set.some(({ args }) => args[0]?.toLowerCase() === header);
        const spoofed = set.find(
          ({ args }) => args[0]?.toLowerCase() === 'x-forwarded-for' && args[1] === '$http_x_forwarded_for',
        );
        if (spoofed) yield { at: spoofed.at, message: 'X-Forwarded-For is whatever the client says.' };
        const missing = ['X-Forwarded-For', 'X-Forwarded-Proto'].filter(
          (header) =>
            !has(header.toLowerCase()) && !has('forwarded') && !(header === 'X-Forwarded-For' && has('x-real-ip')),
        );
        if (missing.length > 0) {
          yield {
            at: proxyPass.at,
            message: `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} not passed on.`,
            ...(includesUnknown && { unsure: 'It includes files that are not here.' }),
          };
        }
      }
    }
  },
  examples: [
    bad('Nothing is passed on', {
      'nginx/default.conf': 'server {\n  listen 80;\n  location / { «proxy_pass http://app:3000;» }\n}\n',
    }),
    bad('The client says who it is', {
      'nginx/default.conf':
        'server {\n  location / {\n    proxy_pass http://app:3000;\n    «proxy_set_header X-Forwarded-For $http_x_forwarded_for;»\n    proxy_set_header X-Forwarded-Proto $scheme;\n  }\n}\n',
    }),
    bad('A location that sets one header loses those of the server', {
      'nginx/default.conf':
        'server {\n  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\n  proxy_set_header X-Forwarded-Proto $scheme;\n  location /ws {\n    proxy_set_header Upgrade $http_upgrade;\n    «proxy_pass http://app:3000;»\n  }\n}\n',
    }),
    unsure('They may be in an include', {
      'nginx/default.conf':
        'server {\n  location / {\n    include proxy_params;\n    «proxy_pass http://app:3000;»\n  }\n}\n',
    }),
    good('Beside it, around it, by an include of the project', {
      'nginx/a.conf':
        'server {\n  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;\n  proxy_set_header X-Forwarded-Proto $scheme;\n  location / { proxy_pass http://app:3000; }\n}\n',
      'nginx/b.conf': 'server {\n  location / { include proxy.conf; proxy_pass http://app:3000; }\n}\n',
      'nginx/proxy.conf': 'proxy_set_header X-Real-IP $remote_addr;\nproxy_set_header X-Forwarded-Proto $scheme;\n',
    }),
    good('Somebody else’s service', {
      'nginx/default.conf': 'server {\n  location /fonts { proxy_pass https://fonts.gstatic.com; }\n}\n',
    }),
  ],
});
