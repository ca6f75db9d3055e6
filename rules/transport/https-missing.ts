import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'transport/https-missing',
  ensures: 'The deployment can be reached over https.',
  severity: 'high',
  control: 'transport/https',
  roles: ['any'],
  cwe: 319,
  owasp: 'A04',
  why: `Everything sent and received, passwords and session cookies included, can be read and changed by anyone on the
way. No header repairs that: browsers honour HSTS, Secure cookies and most policies over https only.`,
  fix: `Terminate TLS in front of the service (load balancer, nginx, Caddy), let it forward \`X-Forwarded-Proto\`, and tell
the framework which proxy to trust: \`app.set('trust proxy', 1)\`.`,
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Transport_Layer_Security_Cheat_Sheet.html'],
  needs: ['transport'],
  *check({ transport }) {
    for (const { plain, exchanges, handshakes } of transport) {
      const answer = plain?.final;
      if (!answer || answer.url.scheme !== 'http' || answer.status >= 400) continue;
      if (answer.url.host.endsWith('.onion')) continue;
      const tried = exchanges.filter(({ url }) => url.scheme === 'https');
      const isSpoken = tried.some(({ response, silence }) => response || silence?.cause === 'certificate');
      const refused = tried.find(({ silence }) => silence?.cause === 'refused' || silence?.cause === 'tls');
      if (isSpoken || !refused || handshakes.some(({ state }) => state === 'established')) continue;
      yield {
        at: answer.line,
        message: `${answer.url.href} is served over plain http, and nothing speaks TLS at ${refused.url.origin}.`,
        trail: [{ at: refused.silence?.at ?? refused.line, note: `${refused.url.href} was refused.` }],
      };
    }
  },
  examples: [
    bad('Nothing listens on port 443', {
      'live/1-home.http': `
GET http://app.example/ HTTP/1.1

«HTTP/1.1 200 OK»
Content-Type: text/html

<!doctype html>`,
      'live/2-https.http': `
GET https://app.example/ HTTP/1.1

NO ANSWER refused connect ECONNREFUSED`,
    }),
    bad('The TLS port speaks plain http', {
      'live/1-home.http': `
GET http://app.example/ HTTP/1.1

«HTTP/1.1 200 OK»
Content-Type: application/json

{"ok":true}`,
      'live/2-https.http': `
GET https://app.example/ HTTP/1.1

NO ANSWER tls wrong version number`,
    }),
    good('It could not be told whether https works', {
      'live/1-home.http': `
GET http://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-https.http': `
GET https://app.example/ HTTP/1.1

NO ANSWER timeout connect after 5 s`,
    }),
    good('A certificate that cannot be verified is another matter', {
      'live/1-home.http': `
GET http://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-https.http': `
GET https://app.example/ HTTP/1.1

NO ANSWER certificate CERT_HAS_EXPIRED`,
    }),
    good('A server on a private network', {
      'live/1-home.http': `
GET http://10.0.0.7:8080/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-https.http': `
GET https://10.0.0.7:8080/ HTTP/1.1

NO ANSWER tls wrong version number`,
    }),
  ],
});
