import { bad, defineRule, good } from '../../src/rule/rule.ts';

const FAULTS = new Map([
  ['CERT_HAS_EXPIRED', 'it has expired'],
  ['CERT_NOT_YET_VALID', 'it is not valid yet'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'it signed itself'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'its authority is known to nobody'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its authority is known to nobody'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'it was made for another name'],
]);

export default defineRule({
  id: 'transport/certificate-invalid',
  ensures: 'The certificate is one that browsers accept for this name.',
  severity: 'high',
  control: 'transport/certificate',
  roles: ['any'],
  cwe: 295,
  owasp: 'A04',
  why: `Visitors see a warning instead of the page, and those who click it away, like clients that were told not to verify,
cannot tell this server from an attacker's.`,
  fix: `Get a certificate for exactly this name from a public authority (ACME costs nothing) and let it renew itself. For one
of your own authority say \`--cafile\` with the authority's certificate.`,
  references: ['https://www.rfc-editor.org/rfc/rfc5280#section-6', 'https://www.rfc-editor.org/rfc/rfc9525'],
  needs: ['transport'],
  *check({ transport }) {
    for (const { handshakes, host } of transport) {
      for (const { fault, at, step } of handshakes) {
        // an incomplete chain has a rule of its own
        if (step !== 'tls' || fault === undefined || fault === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE') continue;
        yield {
          at: at('Verified'),
          message: `Browsers reject the certificate of ${host}: ${FAULTS.get(fault) ?? fault}.`,
        };
      }
    }
  },
  examples: [
    bad('Expired', {
      'live/1-home.http': `
# certificate: invalid CERT_HAS_EXPIRED
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK`,
      'live/2-tls.http': `
TLS https://app.example/ TLSv1.3

TLS established
Protocol: TLSv1.3
«Verified: no, CERT_HAS_EXPIRED»`,
    }),
    bad('Made for another name', {
      'live/1-home.http': `
# certificate: invalid ERR_TLS_CERT_ALTNAME_INVALID
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK`,
      'live/2-tls.http': `
TLS https://app.example/ TLSv1.3

TLS established
«Verified: no, ERR_TLS_CERT_ALTNAME_INVALID»
Certificate-Names: DNS:other.example`,
    }),
    good('Verified', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK`,
      'live/2-tls.http': `
TLS https://app.example/ TLSv1.3

TLS established
Protocol: TLSv1.3
Verified: yes`,
    }),
    good('A server on the own machine signs for itself', {
      'live/1-home.http': `
# certificate: invalid DEPTH_ZERO_SELF_SIGNED_CERT
GET https://localhost:8443/ HTTP/1.1

HTTP/1.1 200 OK`,
      'live/2-tls.http': `
TLS https://localhost:8443/ TLSv1.3

TLS established
Verified: no, DEPTH_ZERO_SELF_SIGNED_CERT`,
    }),
  ],
});
