import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** OpenSSL names of suites without a key exchange of their own, or with a broken cipher. */
const BROKEN = /NULL|EXP|RC4|3DES|DES-CBC|MD5|ADH|AECDH/;
const FORWARD_SECRET = /^(?:ECDHE|DHE|TLS_)/;

export default defineRule({
  id: 'transport/tls-weak',
  ensures: 'Keys, signatures and ciphers are as strong as they are meant to be today.',
  severity: 'medium',
  control: 'transport/tls',
  roles: ['any'],
  cwe: 326,
  owasp: 'A04',
  why: `A short key or a SHA-1 signature can be forged by whoever has the money; a suite without forward secrecy lets anyone who
gets the key later read all that was recorded today.`,
  fix: `Use the intermediate configuration of Mozilla's generator: ECDHE suites with AES-GCM or ChaCha20, TLS 1.2 and 1.3, a
2048-bit RSA or a P-256 key.`,
  references: ['https://ssl-config.mozilla.org/', 'https://www.rfc-editor.org/rfc/rfc9325'],
  needs: ['transport'],
  *check({ transport }) {
    for (const { handshakes, host } of transport) {
      for (const { step, state, cipher, protocol, certificate, at } of handshakes) {
        if (state !== 'established' || (step !== 'tls' && step !== 'tls-1.2')) continue;
        if (BROKEN.test(cipher)) {
          yield { at: at('Cipher'), message: `${host} agrees to ${cipher}, which is broken.` };
        } else if (protocol === 'TLSv1.2' && !FORWARD_SECRET.test(cipher)) {
          yield { at: at('Cipher'), message: `${host} agrees to ${cipher}, which has no forward secrecy.` };
        }
        if (step !== 'tls' || !certificate) continue;
        const { key, keyBits, signature } = certificate;
        if ((key === 'RSA' && keyBits < 2048) || (key === 'EC' && keyBits < 224)) {
          yield { at: at('Key'), message: `The certificate of ${host} has a key of ${keyBits} bits.` };
        }
        if (/SHA-1|MD5/.test(signature)) {
          yield { at: at('Signature'), message: `The certificate of ${host} is signed ${signature}.` };
        }
      }
    }
  },
  examples: [
    bad('A short key, signed the old way', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK`,
      'live/2-tls.http': `
TLS https://app.example/ TLSv1.3

TLS established
Protocol: TLSv1.3
Cipher: TLS_AES_256_GCM_SHA384
Verified: yes
Not-Before: 2026-10-01T00:00:00.000Z
Not-After: 2027-10-01T00:00:00.000Z
«Key: RSA 1024»
«Signature: RSA with SHA-1»`,
    }),
    bad('No forward secrecy at 1.2', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK`,
      'live/2-tls-1.2.http': `
TLS https://app.example/ TLSv1.2

TLS established
Protocol: TLSv1.2
«Cipher: AES128-SHA»`,
    }),
    good('A modern server', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK`,
      'live/2-tls.http': `
TLS https://app.example/ TLSv1.3

TLS established
Protocol: TLSv1.3
Cipher: TLS_AES_256_GCM_SHA384
Verified: yes
Not-Before: 2026-10-01T00:00:00.000Z
Not-After: 2027-10-01T00:00:00.000Z
Key: EC 256 prime256v1
Signature: ECDSA with SHA-384`,
      'live/3-tls-1.2.http': `
TLS https://app.example/ TLSv1.2

TLS established
Protocol: TLSv1.2
Cipher: ECDHE-RSA-AES128-GCM-SHA256`,
    }),
    good('1.2 is not spoken at all', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK`,
      'live/2-tls-1.2.http': `
TLS https://app.example/ TLSv1.2

TLS refused ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION`,
    }),
  ],
});
