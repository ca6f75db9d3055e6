import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/cors-reflected-live',
  ensures: 'Only sites you name may read answers made for a logged-in visitor.',
  severity: 'high',
  control: 'headers/cors',
  roles: ['any'],
  cwe: 942,
  owasp: 'A01',
  why: `The server repeats whatever Origin it is sent and allows credentials: any page a visitor opens can call your API
with the visitor's cookies and read the answers.`,
  fix: `Name the origins: \`cors({ origin: ['https://app.example'], credentials: true })\`. Never \`origin: true\` together with
\`credentials: true\`; anchor a pattern at both ends (\`/^https:\\/\\/([a-z0-9-]+\\.)?app\\.example$/\`).`,
  references: ['https://fetch.spec.whatwg.org/#http-cors-protocol', 'https://portswigger.net/web-security/cors'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { responses: answers } of responses.sites) {
      const hasSessions = answers.some(
        ({ cookies, status }) => status === 401 || cookies.some(({ use }) => use === 'session'),
      );
      for (const answer of answers) {
        const origin = answer.requestHeaders('origin')[0]?.value;
        const allowed = answer.headers('access-control-allow-origin');
        const credentials = answer.headers('access-control-allow-credentials');
        const [first] = allowed;
        // any site can be `null`: a sandboxed frame is
        const isAnybody = first?.value === 'null' || (origin !== undefined && first?.value === origin);
        if (!first || allowed.length > 1 || !isAnybody) continue;
        // the value is compared byte by byte (Fetch, CORS check)
        if (credentials.length !== 1 || credentials[0]?.value !== 'true') continue;
        yield {
          at: first.line,
          message: `${answer.method} ${answer.url.href} lets ${first.value} read answers with the visitor's credentials.`,
          ...(hasSessions && answer.step === 'foreign-origin' && { severity: 'critical' as const }),
        };
      }
    }
  },
  examples: [
    bad('A foreign origin is repeated, and there are sessions to abuse', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 401 Unauthorized
Content-Type: application/json

{"error":"log in"}`,
      'live/2-foreign-origin.http': `
GET https://api.example/ HTTP/1.1
Origin: https://audit-probe.invalid

HTTP/1.1 401 Unauthorized
«Access-Control-Allow-Origin: https://audit-probe.invalid»
Access-Control-Allow-Credentials: true
Vary: Origin
Content-Type: application/json

{"error":"log in"}`,
    }),
    bad('Only the preflight is careless', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-preflight.http': `
OPTIONS https://api.example/ HTTP/1.1
Origin: https://audit-probe.invalid
Access-Control-Request-Method: PUT

HTTP/1.1 204 No Content
«Access-Control-Allow-Origin: https://audit-probe.invalid»
Access-Control-Allow-Credentials: true`,
    }),
    bad('The null origin, which any sandboxed frame has', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-origin-null.http': `
GET https://api.example/ HTTP/1.1
Origin: null

HTTP/1.1 200 OK
«Access-Control-Allow-Origin: null»
Access-Control-Allow-Credentials: true
Content-Type: application/json

{}`,
    }),
    bad('Null for everybody, written down for good', {
      'live/1-foreign-origin.http': `
GET https://api.example/ HTTP/1.1
Origin: https://audit-probe.invalid

HTTP/1.1 200 OK
Content-Type: application/json
«Access-Control-Allow-Origin: null»
Access-Control-Allow-Credentials: true

{}`,
      'live/2-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
    }),
    good('Null without credentials', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json
Access-Control-Allow-Origin: null

{}`,
    }),
    good('Credentials are allowed to one origin, and ours is not it', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-foreign-origin.http': `
GET https://api.example/ HTTP/1.1
Origin: https://audit-probe.invalid

HTTP/1.1 200 OK
Access-Control-Allow-Origin: https://app.example
Access-Control-Allow-Credentials: true
Content-Type: application/json

{}`,
    }),
    good('Repeated without credentials is no more than a wildcard', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-foreign-origin.http': `
GET https://api.example/ HTTP/1.1
Origin: https://audit-probe.invalid

HTTP/1.1 200 OK
Access-Control-Allow-Origin: https://audit-probe.invalid
Content-Type: application/json

{}`,
    }),
    good('A credentials header alone allows nobody', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-foreign-origin.http': `
GET https://api.example/ HTTP/1.1
Origin: https://audit-probe.invalid

HTTP/1.1 200 OK
Access-Control-Allow-Credentials: true
Vary: Origin
Content-Type: application/json

{}`,
    }),
  ],
});
