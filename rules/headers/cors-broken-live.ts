import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/cors-broken-live',
  ensures: 'What is said of other origins is said in a way browsers accept.',
  severity: 'low',
  control: 'headers/cors-form',
  roles: ['any'],
  cwe: 942,
  owasp: 'A02',
  why: `Browsers accept exactly one origin or \`*\`; anything else blocks the front-end in production only. A response that
depends on the origin and does not say so is cached for one site and served to the next.`,
  fix: `Let the cors middleware choose one origin from a list: \`cors({ origin: ['https://app.example'] })\`. It sends
\`Vary: Origin\` as well.`,
  references: ['https://fetch.spec.whatwg.org/#http-access-control-allow-origin'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { responses: answers } of responses.sites) {
      for (const answer of answers.filter(({ step }) => step === 'foreign-origin' || step === 'home')) {
        const [first, second] = answer.headers('access-control-allow-origin');
        if (!first) continue;
        const credentials = answer.headers('access-control-allow-credentials')[0]?.value === 'true';
        if (second) {
          yield {
            at: second.line,
            message: `${answer.url.href} names two origins in two lines: browsers accept neither.`,
          };
        } else if (first.value === '*' && credentials) {
          yield { at: first.line, message: `${answer.url.href} allows * with credentials, which browsers refuse.` };
        } else if (/[\s,]/.test(first.value)) {
          yield { at: first.line, message: `${answer.url.href} lists origins: browsers compare the whole value.` };
        } else if (/^https?:\/\/[^/]+\//.test(first.value)) {
          yield { at: first.line, message: `${first.value} is a URL and no origin: browsers compare byte by byte.` };
        } else if (first.value !== '*' && first.value === answer.requestHeaders('origin')[0]?.value) {
          const varies = answer.headers('vary').some(({ value }) => /\borigin\b|\*/i.test(value));
          const control = answer
            .headers('cache-control')
            .map(({ value }) => value)
            .join(',');
          const isStored =
            /\b(?:public|s-maxage|max-age\s*=\s*"?[1-9])/i.test(control) && !/no-store|private/i.test(control);
          if (isStored && !varies) {
            yield {
              at: first.line,
              message: `${answer.url.href} depends on Origin and is cached without Vary: Origin.`,
            };
          }
        }
      }
    }
  },
  examples: [
    bad('A star with credentials', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json
«Access-Control-Allow-Origin: *»
Access-Control-Allow-Credentials: true

{}`,
    }),
    bad('A list, and a URL', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json
«Access-Control-Allow-Origin: https://a.example, https://b.example»

{}`,
      'live/2-home.http': `
GET https://api.example/b HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json
«Access-Control-Allow-Origin: https://a.example/»

{}`,
    }),
    bad('Cached for whoever asked first', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-foreign-origin.http': `
GET https://api.example/ HTTP/1.1
Origin: https://audit-probe.invalid

HTTP/1.1 200 OK
Content-Type: application/json
Cache-Control: public, max-age=60
«Access-Control-Allow-Origin: https://audit-probe.invalid»

{}`,
    }),
    good('One origin, or everybody without credentials', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json
Access-Control-Allow-Origin: https://app.example
Access-Control-Allow-Credentials: true
Vary: Origin

{}`,
      'live/2-home.http': `
GET https://api.example/public HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json
Access-Control-Allow-Origin: *

{}`,
    }),
  ],
});
