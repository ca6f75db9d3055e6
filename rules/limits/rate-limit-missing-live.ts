import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'limits/rate-limit-missing-live',
  ensures: 'One caller cannot ask without end.',
  severity: 'medium',
  control: 'limits/rate',
  roles: ['any'],
  cwe: 770,
  owasp: 'A06',
  why: `Passwords and codes can be guessed, and the expensive routes called, as fast as the network allows.`,
  fix: `\`app.use('/api', rateLimit({ windowMs: 15 * 60 * 1000, limit: 100 }))\` with a shared store where there are several
instances, and a coarser limit at the edge.`,
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Denial_of_Service_Cheat_Sheet.html'],
  needs: ['strained'],
  *check({ strained }) {
    for (const { exchanges } of strained) {
      for (const { step, response, note } of exchanges) {
        if (step !== 'burst' || !response || response.status === 429 || response.status === 503) continue;
        const sent = Number(note('sent') ?? 0);
        if (sent < 10 || (response.rateLimit?.limit ?? 0) > 0) continue;
        yield {
          at: response.line,
          message: `${response.url.href} answered ${sent} requests in a row and refused none.`,
          confidence: 'likely',
        };
      }
    }
  },
  examples: [
    bad('A hundred and twenty, and none refused', {
      'live/1-home.http': `
GET https://api.example/login HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-burst.http': `
# sent: 120
# statuses: 120 × 200
GET https://api.example/login HTTP/1.1

«HTTP/1.1 200 OK»
Content-Type: application/json

{}`,
    }),
    good('Refused', {
      'live/1-home.http': `
GET https://api.example/login HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-burst.http': `
# sent: 61
# statuses: 60 × 200, 1 × 429
GET https://api.example/login HTTP/1.1

HTTP/1.1 429 Too Many Requests
Retry-After: 60

{}`,
    }),
    good('It says there is a limit, and that it is higher', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-burst.http': `
# sent: 120
# statuses: 120 × 200
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
RateLimit: limit=1000, remaining=880, reset=60

{}`,
    }),
  ],
});
