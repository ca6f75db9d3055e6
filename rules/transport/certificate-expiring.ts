import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'transport/certificate-expiring',
  ensures: 'The certificate is renewed well before it expires.',
  severity: 'medium',
  control: 'transport/certificate',
  roles: ['any'],
  cwe: 298,
  owasp: 'A02',
  why: `On the day it expires every browser and every client stops talking to you at the same moment.`,
  fix: `Renew it now, then find out why the timer that should do it did not (\`systemctl list-timers certbot\`, the logs of the
ingress controller).`,
  references: [
    'https://letsencrypt.org/docs/faq/#what-is-the-lifetime-for-let-s-encrypt-certificates-for-how-long-are-they-valid',
  ],
  needs: ['transport'],
  *check({ transport }) {
    for (const { handshakes, host } of transport) {
      for (const { certificate, fault, at, step } of handshakes) {
        if (step !== 'tls' || fault !== undefined || !certificate || certificate.daysLeft < 0) continue;
        const { daysLeft, lifetimeDays } = certificate;
        // those that live for days are renewed within their last third
        const isShortLived = lifetimeDays <= 10;
        if (daysLeft >= (isShortLived ? lifetimeDays / 3 : 30)) continue;
        const severity = isShortLived || daysLeft < 7 ? 'high' : daysLeft < 14 ? 'medium' : 'info';
        const when = daysLeft === 0 ? 'today' : `in ${daysLeft} ${daysLeft === 1 ? 'day' : 'days'}`;
        yield { at: at('Not-After'), message: `The certificate of ${host} expires ${when}.`, severity };
      }
    }
  },
  examples: [
    bad('Ten days left', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK`,
      'live/2-tls.http': `
TLS https://app.example/ TLSv1.3

TLS established
Verified: yes
Not-Before: 2026-09-03T00:00:00.000Z
«Not-After: 2026-12-02T00:00:00.000Z»`,
    }),
    bad('A day left of six', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK`,
      'live/2-tls.http': `
TLS https://app.example/ TLSv1.3

TLS established
Verified: yes
Not-Before: 2026-11-17T00:00:00.000Z
«Not-After: 2026-11-23T00:00:00.000Z»`,
    }),
    good('Three days left of six', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK`,
      'live/2-tls.http': `
TLS https://app.example/ TLSv1.3

TLS established
Verified: yes
Not-Before: 2026-11-19T00:00:00.000Z
Not-After: 2026-11-25T12:00:00.000Z`,
    }),
    good('Two months left', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK`,
      'live/2-tls.http': `
TLS https://app.example/ TLSv1.3

TLS established
Verified: yes
Not-Before: 2026-11-01T00:00:00.000Z
Not-After: 2027-01-30T00:00:00.000Z`,
    }),
  ],
});
