import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'transport/certificate-chain-incomplete',
  ensures: 'The server sends every certificate between its own and the authority.',
  severity: 'medium',
  control: 'transport/certificate',
  roles: ['any'],
  cwe: 296,
  owasp: 'A04',
  why: `Some browsers fetch the missing one by themselves, so it works on your desk; phones, curl and other services do not, and
fail.`,
  fix: `Serve the whole chain: \`ssl_certificate /etc/letsencrypt/live/…/fullchain.pem;\`, not \`cert.pem\`.`,
  references: ['https://www.rfc-editor.org/rfc/rfc8446#section-4.4.2'],
  needs: ['transport'],
  *check({ transport }) {
    for (const { handshakes, host } of transport) {
      for (const { fault, at, step, certificate } of handshakes) {
        if (step !== 'tls' || fault !== 'UNABLE_TO_VERIFY_LEAF_SIGNATURE') continue;
        const issuer = certificate?.issuer ? ` of ${certificate.issuer}` : '';
        yield { at: at('Verified'), message: `${host} does not send the certificate${issuer} that its own hangs on.` };
      }
    }
  },
  examples: [
    bad('The leaf alone', {
      'live/1-home.http': `
# certificate: invalid UNABLE_TO_VERIFY_LEAF_SIGNATURE
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK`,
      'live/2-tls.http': `
TLS https://app.example/ TLSv1.3

TLS established
«Verified: no, UNABLE_TO_VERIFY_LEAF_SIGNATURE»
Certificate-Issuer: R11, Let's Encrypt
Not-Before: 2026-10-01T00:00:00.000Z
Not-After: 2026-12-30T00:00:00.000Z
Chain: 1`,
    }),
    good('The whole chain', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK`,
      'live/2-tls.http': `
TLS https://app.example/ TLSv1.3

TLS established
Verified: yes
Chain: 3`,
    }),
    good('Self-signed is another matter', {
      'live/1-home.http': `
# certificate: invalid DEPTH_ZERO_SELF_SIGNED_CERT
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK`,
      'live/2-tls.http': `
TLS https://app.example/ TLSv1.3

TLS established
Verified: no, DEPTH_ZERO_SELF_SIGNED_CERT
Chain: 1`,
    }),
  ],
});
