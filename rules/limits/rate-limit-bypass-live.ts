import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'limits/rate-limit-bypass-live',
  ensures: 'The caller cannot choose whom the rate limit counts.',
  severity: 'high',
  control: 'limits/rate',
  roles: ['any'],
  cwe: 807,
  owasp: 'A06',
  why: `A made-up \`X-Forwarded-For\` starts a new count: one machine is as many clients as it likes, and guessing passwords
has no limit at all.`,
  fix: `Trust exactly the proxies you have: \`app.set('trust proxy', 1)\` for one hop, or their addresses; never \`true\`. Let the
edge overwrite \`X-Forwarded-For\`.`,
  references: [
    'https://github.com/express-rate-limit/express-rate-limit/wiki/Error-Codes#err_erl_permissive_trust_proxy',
    'https://expressjs.com/en/guide/behind-proxies.html',
  ],
  needs: ['active', 'counted'],
  *check({ active, counted }) {
    const hosts = new Set(counted.map(({ host }) => host));
    for (const { responses } of active.filter(({ host }) => hosts.has(host))) {
      const before = responses.find(({ step }) => step === 'rate-before');
      const forged = responses.find(({ step }) => step === 'forwarded-for');
      const left = before?.rateLimit?.remaining;
      const after = forged?.rateLimit;
      if (!forged || left === undefined || after?.remaining === undefined) continue;
      const isOpenAgain = before?.status === 429 && forged.status < 400;
      // one request more should leave one less; a new caller has all but one
      if (!isOpenAgain && after.remaining <= left) continue;
      if (after.policy !== before?.rateLimit?.policy) continue;
      yield {
        at: after.at.line,
        message: `With another X-Forwarded-For ${forged.url.href} has ${after.remaining} requests left instead of ${Math.max(0, left - 1)}.`,
        ...(before?.rateLimit && { trail: [{ at: before.rateLimit.at.line, note: `Before: ${left} left.` }] }),
      };
    }
  },
  examples: [
    bad('A new caller by its own word', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json
RateLimit-Limit: 100
RateLimit-Remaining: 95
RateLimit-Reset: 900

{}`,
      'live/2-rate-before.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json
RateLimit-Limit: 100
RateLimit-Remaining: 90
RateLimit-Reset: 890

{}`,
      'live/3-forwarded-for.http': `
GET https://api.example/ HTTP/1.1
X-Forwarded-For: 203.0.113.77

HTTP/1.1 200 OK
Content-Type: application/json
RateLimit-Limit: 100
«RateLimit-Remaining: 99»
RateLimit-Reset: 900

{}`,
    }),
    bad('The same in the words of the latest draft', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-rate-before.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
RateLimit-Policy: "100-in-15min"; q=100; w=900; pk=:MTI3:
RateLimit: "100-in-15min"; r=90; t=880

{}`,
      'live/3-forwarded-for.http': `
GET https://api.example/ HTTP/1.1
X-Forwarded-For: 203.0.113.77

HTTP/1.1 200 OK
RateLimit-Policy: "100-in-15min"; q=100; w=900; pk=:MjAz:
«RateLimit: "100-in-15min"; r=99; t=900»

{}`,
    }),
    good('Counted on', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-rate-before.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
X-RateLimit-Limit: 100
X-RateLimit-Remaining: 90

{}`,
      'live/3-forwarded-for.http': `
GET https://api.example/ HTTP/1.1
X-Forwarded-For: 203.0.113.77

HTTP/1.1 200 OK
X-RateLimit-Limit: 100
X-RateLimit-Remaining: 89

{}`,
    }),
  ],
});
