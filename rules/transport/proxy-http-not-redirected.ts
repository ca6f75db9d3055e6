import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'transport/proxy-http-not-redirected',
  ensures: 'A host that has a certificate answers plain HTTP with a redirect.',
  severity: 'medium',
  control: 'transport/https-not-enforced',
  roles: ['any'],
  cwe: 319,
  owasp: 'A04',
  why: 'Whoever types the name without https, or follows an old link, sends cookies and forms in clear.',
  fix: 'Give port 80 a server of its own: `return 308 https://$host$request_uri;`.',
  references: ['https://nginx.org/en/docs/http/configuring_https_servers.html'],
  needs: ['proxies'],
  *check({ proxies }) {
    const secure = new Set(
      proxies.servers.filter(({ listens }) => listens.some(({ ssl }) => ssl)).flatMap(({ names }) => names),
    );
    for (const { names, listens, own, locations } of proxies.servers) {
      const plain = listens.find(({ port, ssl }) => port === '80' && !ssl);
      const alsoSecure = listens.some(({ ssl }) => ssl) || names.some((name) => secure.has(name));
      const redirects = [...own, ...locations.flatMap((location) => location.own)].some(
        ({ name, args }) =>
          (name === 'return' || name === 'rewrite') && args.some((argument) => argument.startsWith('https://')),
      );
      const name = names.find(
        (candidate) => candidate.includes('.') && !/\.(local|test|internal|localhost)$/.test(candidate),
      );
      if (plain && alsoSecure && !redirects && name !== undefined)
        yield { at: plain.at, message: `${name} answers on port 80 as it does on 443.` };
    }
  },
  examples: [
    bad('Both ports, one server', {
      'nginx/default.conf':
        'server {\n  «listen 80;»\n  listen 443 ssl;\n  server_name shop.acme.io;\n  location / { proxy_pass http://app; }\n}\n',
    }),
    bad('Two servers', {
      'nginx/default.conf':
        'server {\n  «listen 80;»\n  server_name shop.acme.io;\n  location / { proxy_pass http://app; }\n}\nserver {\n  listen 443 ssl;\n  server_name shop.acme.io;\n}\n',
    }),
    good('A redirect', {
      'nginx/default.conf':
        'server {\n  listen 80;\n  server_name shop.acme.io;\n  location /.well-known/ { root /var/www; }\n  location / { return 301 https://$host$request_uri; }\n}\nserver {\n  listen 443 ssl;\n  server_name shop.acme.io;\n}\n',
    }),
    good('TLS ends before it', {
      'nginx/default.conf':
        'server {\n  listen 80;\n  server_name shop.acme.io;\n  location / { proxy_pass http://app; }\n}\n',
    }),
  ],
});
