import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'limits/rate-limit-per-instance-live',
  ensures: 'All instances count a caller together.',
  severity: 'low',
  control: 'limits/rate-store',
  roles: ['any'],
  cwe: 770,
  owasp: 'A06',
  why: `Each instance or worker counts by itself, so the real limit is the written one times their number, and a restart forgets
everybody.`,
  fix: `Give the limiter a shared store (\`rate-limit-redis\`, \`rate-limiter-flexible\` with Redis).`,
  references: ['https://express-rate-limit.mintlify.app/reference/stores'],
  needs: ['counted'],
  *check({ counted }) {
    for (const { repeatedCount, responses } of counted) {
      if (!repeatedCount) continue;
      const { at, remaining, paths } = repeatedCount;
      const answer = responses.find(({ url }) => url.path === paths[1]);
      yield {
        at: at.line,
        message: `${answer?.url.href ?? paths[1]} says ${remaining} are left, as ${paths[0]} did before: there are several counters.`,
        confidence: 'likely',
      };
    }
  },
  examples: [
    bad('The same count twice', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
RateLimit-Limit: 100
RateLimit-Remaining: 99

{}`,
      'live/2-again.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
RateLimit-Limit: 100
«RateLimit-Remaining: 99»

{}`,
    }),
    good('One less each time, in whatever order they come back', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
RateLimit-Limit: 100
RateLimit-Remaining: 98

{}`,
      'live/2-again.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
RateLimit-Limit: 100
RateLimit-Remaining: 99

{}`,
    }),
  ],
});
