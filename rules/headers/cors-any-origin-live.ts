import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/cors-any-origin-live',
  ensures: 'What every site may read says so, instead of repeating who asks.',
  severity: 'info',
  control: 'headers/cors',
  roles: ['any'],
  cwe: 942,
  owasp: 'A01',
  why: `Without credentials this is a wildcard in disguise: every site may read the answers. Whoever adds
\`credentials: true\` later opens the sessions of all visitors, and each origin has its own copy in every cache.`,
  fix: `For public data say \`cors({ origin: '*' })\`; for anything else name the origins.`,
  references: ['https://fetch.spec.whatwg.org/#http-cors-protocol'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { responses: answers } of responses.sites) {
      const repeated = answers.find((answer) => {
        const origin = answer.requestHeaders('origin')[0]?.value;
        const allowed = answer.headers('access-control-allow-origin');
        // of those that would let the browser send cookies, another rule speaks
        const hasCredentials = answer.headers('access-control-allow-credentials').length > 0;
        return (
          answer.step === 'foreign-origin' &&
          answer.status < 400 &&
          allowed.length === 1 &&
          allowed[0]?.value === origin &&
          !hasCredentials
        );
      });
      const [header] = repeated?.headers('access-control-allow-origin') ?? [];
      if (!repeated || !header) continue;
      yield { at: header.line, message: `${repeated.url.href} lets any origin read it by repeating ${header.value}.` };
    }
  },
  examples: [
    bad('Whoever asks is repeated', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-foreign-origin.http': `
GET https://api.example/ HTTP/1.1
Origin: https://audit-probe.invalid

HTTP/1.1 200 OK
«Access-Control-Allow-Origin: https://audit-probe.invalid»
Vary: Origin
Content-Type: application/json

{}`,
    }),
    good('A wildcard is honest', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-foreign-origin.http': `
GET https://api.example/ HTTP/1.1
Origin: https://audit-probe.invalid

HTTP/1.1 200 OK
Access-Control-Allow-Origin: *
Content-Type: application/json

{}`,
    }),
    good('Another origin is named', {
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
Vary: Origin
Content-Type: application/json

{}`,
    }),
    good('With credentials it is worse, and said elsewhere', {
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
Access-Control-Allow-Credentials: true
Content-Type: application/json

{}`,
    }),
  ],
});
