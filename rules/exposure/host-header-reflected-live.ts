import { bad, defineRule, good } from '../../src/rule/rule.ts';

const CANARY = 'audit-probe.invalid';

export default defineRule({
  id: 'exposure/host-header-reflected-live',
  ensures: 'Links are made from configuration, not from what the caller says the host is.',
  severity: 'medium',
  roles: ['any'],
  cwe: 644,
  owasp: 'A05',
  why: `A mail to reset a password that is built from \`X-Forwarded-Host\` leads to the attacker's site with the token in it; a
cached page leads everybody there.`,
  fix: `Take the base URL from the configuration, and believe \`X-Forwarded-Host\` from your own proxies alone (\`trust proxy\` set
to their addresses).`,
  references: ['https://portswigger.net/web-security/host-header'],
  needs: ['active'],
  *check({ active }) {
    for (const { responses } of active) {
      for (const answer of responses) {
        if (answer.step !== 'forwarded-host' || answer.status === 400 || answer.status === 421) continue;
        const location = answer.headers('location').find(({ value }) => value.includes(`//${CANARY}`));
        const element = answer.elements.find((one) =>
          ['href', 'src', 'action', 'content'].some((name) => one.attribute(name)?.includes(`//${CANARY}`)),
        );
        const at = location?.line ?? element?.at;
        if (!at) continue;
        const control = answer.headers('cache-control')[0]?.value ?? '';
        const isStored =
          /\b(?:public|s-maxage|max-age\s*=\s*"?[1-9])/i.test(control) && !/private|no-store/i.test(control);
        const varies = answer.headers('vary').some(({ value }) => /x-forwarded-host|\*/i.test(value));
        yield {
          at,
          message: `${answer.url.href} builds ${location ? 'a redirect' : 'a link'} from the X-Forwarded-Host it is sent.`,
          ...(isStored && !varies && { severity: 'high' as const }),
        };
      }
    }
  },
  examples: [
    bad('A redirect', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 302 Found
Location: https://app.example/login`,
      'live/2-forwarded-host.http': `
GET https://app.example/ HTTP/1.1
X-Forwarded-Host: audit-probe.invalid

HTTP/1.1 302 Found
«Location: https://audit-probe.invalid/login»`,
    }),
    bad('A link that caches keep', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-forwarded-host.http': `
GET https://app.example/ HTTP/1.1
X-Forwarded-Host: audit-probe.invalid

HTTP/1.1 200 OK
Content-Type: text/html
Cache-Control: public, max-age=60

<!doctype html>«<link rel=canonical href="https://audit-probe.invalid/">»`,
    }),
    good('Only words repeat it', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-forwarded-host.http': `
GET https://app.example/ HTTP/1.1
X-Forwarded-Host: audit-probe.invalid

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html><p>Unknown host audit-probe.invalid</p><a href="/login">Log in</a>`,
    }),
  ],
});
