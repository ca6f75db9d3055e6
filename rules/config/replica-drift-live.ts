import { bad, defineRule, good } from '../../src/rule/rule.ts';

const COMPARED = [
  'Content-Security-Policy',
  'Strict-Transport-Security',
  'X-Content-Type-Options',
  'X-Frame-Options',
  'Referrer-Policy',
  'Permissions-Policy',
  'Cross-Origin-Opener-Policy',
  'X-Powered-By',
];

export default defineRule({
  id: 'config/replica-drift-live',
  ensures: 'All instances of the deployment are set up alike.',
  severity: 'low',
  roles: ['any'],
  cwe: 1188,
  owasp: 'A02',
  why: `One of the machines behind the address is of another build, or lost its configuration. A visitor is protected or not by
chance, and nobody can reproduce what went wrong.`,
  fix: `Deploy the same image everywhere, and compare what each instance answers before it is let in.`,
  references: ['https://12factor.net/dev-prod-parity'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { visits, responses: answers } of responses.sites) {
      for (const again of answers.filter(({ step }) => step === 'again' || step === 'ipv6')) {
        const isFamily = again.step === 'ipv6';
        const first = isFamily
          ? answers.find(({ step, url }) => step === 'ipv4' && url.href === again.url.href)
          : visits.map(({ final }) => final).find((final) => final?.url.href === again.url.href);
        if (!first || first.status !== again.status || first.stranger || again.stranger) continue;
        const sends = (response: typeof first, name: string): boolean => response.headers(name).length > 0;
        const drifted = COMPARED.filter((name) => sends(first, name) !== sends(again, name));
        if (drifted.length === 0) continue;
        yield {
          at: again.line,
          message: isFamily
            ? `${again.url.href} sends ${drifted.join(' and ')} over one of IPv4 and IPv6 alone.`
            : `Asked twice, ${again.url.href} sends ${drifted.join(' and ')} once.`,
          trail: [{ at: first.line, note: 'The first answer.' }],
          confidence: 'likely',
        };
      }
    }
  },
  examples: [
    bad('One of two has no policy', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: default-src 'self'

<!doctype html>`,
      'live/2-again.http': `
GET https://app.example/ HTTP/1.1

«HTTP/1.1 200 OK»
Content-Type: text/html

<!doctype html>`,
    }),
    bad('Another machine answers over IPv6', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
X-Frame-Options: DENY

<!doctype html>`,
      'live/2-ipv4.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
X-Frame-Options: DENY

<!doctype html>`,
      'live/3-ipv6.http': `
GET https://app.example/ HTTP/1.1

«HTTP/1.1 200 OK»
Content-Type: text/html

<!doctype html>`,
    }),
    good('Alike, but for the nonce', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: script-src 'nonce-q83vEjRWeJASNFZ4mrzeEA=='

<!doctype html>`,
      'live/2-again.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
content-security-policy: script-src 'nonce-3q2+7wAAAADerb7v3q2+7w=='

<!doctype html>`,
    }),
    good('An error the second time says nothing', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
X-Frame-Options: DENY

<!doctype html>`,
      'live/2-again.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 503 Service Unavailable
Content-Type: text/html

<!doctype html>`,
    }),
  ],
});
