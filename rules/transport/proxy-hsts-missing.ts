import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

const TLS = 'listen 443 ssl;\n  server_name shop.acme.io;\n';

export default defineRule({
  id: 'transport/proxy-hsts-missing',
  ensures: 'Browsers are told to use HTTPS only.',
  severity: 'medium',
  control: 'headers/hsts',
  roles: ['any'],
  cwe: 319,
  owasp: 'A04',
  why: 'The first request of every visit goes out in plain text, and whoever is on the way answers it instead of you.',
  fix: 'Add `add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;` to the server, or send it from the service.',
  references: ['https://www.rfc-editor.org/rfc/rfc6797'],
  needs: ['proxies'],
  *check({ proxies }) {
    for (const { listens, own, around, locations, includesUnknown, proxies: handsOn } of proxies.servers) {
      const secure = listens.find(({ ssl }) => ssl);
      const everywhere = [...own, ...around, ...locations.flatMap((location) => location.own)];
      const sends = everywhere.some(
        ({ name, args }) =>
          (name === 'add_header' || name === 'more_set_headers') && /strict-transport-security/i.test(args.join(' ')),
      );
      const onlyRedirects = own.some(({ name, args }) => name === 'return' && (args[0] ?? '').startsWith('30'));
      if (!secure || sends || onlyRedirects) continue;
      const unseen = includesUnknown
        ? 'It includes files that are not here.'
        : handsOn
          ? 'The service behind it may send the header.'
          : undefined;
      yield {
        at: secure.at,
        message: 'Nothing here sends Strict-Transport-Security.',
        ...(unseen !== undefined && { unsure: unseen }),
      };
    }
  },
  examples: [
    bad('A server of files', {
      'nginx/default.conf': `server {\n  «listen 443 ssl;»\n  server_name shop.acme.io;\n  root /usr/share/nginx/html;\n}\n`,
    }),
    unsure('The service may', {
      'nginx/default.conf': `server {\n  «listen 443 ssl;»\n  location / { proxy_pass http://api:3000; }\n}\n`,
    }),
    good('For the server, around it, in its location', {
      'nginx/a.conf': `server {\n  ${TLS}  add_header Strict-Transport-Security "max-age=31536000" always;\n}\n`,
      'nginx/b.conf': `server {\n  ${TLS}  location / { add_header Strict-Transport-Security "max-age=31536000" always; proxy_pass http://api; }\n}\n`,
    }),
    good('Plain HTTP, and what only redirects', {
      'nginx/default.conf': `server {\n  listen 80;\n  root /usr/share/nginx/html;\n}\nserver {\n  ${TLS}  return 301 https://acme.io$request_uri;\n}\n`,
    }),
  ],
});
