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
    for (const { responses } of counted) {
      // asked one after the other or at once: what is left only ever goes down within a window
      const limited = responses.filter(
        ({ step, rateLimit }) => step !== 'forwarded-for' && rateLimit?.remaining !== undefined,
      );
      const seen = new Map<string, string>();
      for (const answer of limited) {
        const { rateLimit } = answer;
        if (!rateLimit) continue;
        const window = [rateLimit.policy, rateLimit.limit, rateLimit.at.name.toLowerCase(), rateLimit.remaining].join(
          ' ',
        );
        const earlier = seen.get(window);
        // the same count handed out twice: two counters
        if (earlier !== undefined) {
          yield {
            at: rateLimit.at.line,
            message: `${answer.url.href} says ${rateLimit.remaining} are left, as ${earlier} did before: there are several counters.`,
            confidence: 'likely',
          };
          break;
        }
        seen.set(window, answer.url.path);
      }
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
