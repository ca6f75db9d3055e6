import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/hsts-missing',
  ensures: 'The deployment tells browsers to come back over https only.',
  severity: 'medium',
  control: 'headers/hsts',
  roles: ['any'],
  cwe: 319,
  owasp: 'A02',
  why: `Without Strict-Transport-Security the first request of every visit may go out over plain http, where an attacker on
the same network answers instead of you: sslstrip in a café is enough.`,
  fix: `Send \`Strict-Transport-Security: max-age=31536000\` with every https response, redirects included: \`app.use(helmet())\`
sets it, or the edge does (\`add_header Strict-Transport-Security "max-age=31536000" always\`).`,
  references: [
    'https://www.rfc-editor.org/rfc/rfc6797',
    'https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Strict_Transport_Security_Cheat_Sheet.html',
  ],
  needs: ['secured'],
  *check({ secured }) {
    for (const { site, response } of secured) {
      if (response.headers('strict-transport-security').length > 0) continue;
      yield {
        at: response.line,
        message: `${response.url.href} does not send Strict-Transport-Security.`,
        ...(site.kind === 'api' && { severity: 'low' as const }),
      };
    }
  },
  examples: [
    bad('A page over https', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

«HTTP/1.1 200 OK»
Content-Type: text/html

<!doctype html>`,
    }),
    bad('Only the page behind a redirect sends it: the host that was asked never does', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

«HTTP/1.1 302 Found»
Location: /start`,
      'live/2-redirect.http': `
GET https://app.example/start HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Strict-Transport-Security: max-age=31536000

<!doctype html>`,
    }),
    good('It is sent, whatever the case of its name', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
content-type: text/html
strict-transport-security: max-age=63072000; includeSubDomains

<!doctype html>`,
    }),
    good('Plain http on the own machine: browsers would ignore it', {
      'live/1-home.http': `
GET http://localhost:3000/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
    }),
    good('An address instead of a name: browsers would ignore it', {
      'live/1-home.http': `
GET https://203.0.113.7/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
    }),
    good('The certificate cannot be verified: browsers would ignore it', {
      'live/1-home.http': `
# certificate: invalid CERT_HAS_EXPIRED
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
    }),
    good('A challenge page says nothing of the application', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 403 Forbidden
Content-Type: text/html
cf-mitigated: challenge

<!doctype html><title>Just a moment...</title>`,
    }),
  ],
});
