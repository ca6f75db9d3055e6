import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'transport/tls-legacy',
  ensures: 'The server speaks no TLS older than 1.2.',
  severity: 'medium',
  control: 'transport/tls',
  roles: ['any'],
  cwe: 327,
  owasp: 'A04',
  why: `TLS 1.0 and 1.1 rest on MD5 and SHA-1 and were withdrawn in 2021. No browser has used them for years; whoever still
does is old malware or an attacker forcing a connection down.`,
  fix: `\`ssl_protocols TLSv1.2 TLSv1.3;\` in nginx, \`minVersion: 'TLSv1.2'\` in Node.js, a newer security policy at the load
balancer.`,
  references: ['https://www.rfc-editor.org/rfc/rfc8996'],
  needs: ['transport'],
  *check({ transport }) {
    for (const { handshakes, host } of transport) {
      for (const { state, step, line } of handshakes) {
        if (state !== 'established' || (step !== 'tls-1.0' && step !== 'tls-1.1')) continue;
        yield { at: line, message: `${host} still agrees to TLS ${step.slice('tls-'.length)}.` };
      }
    }
  },
  examples: [
    bad('1.1 is accepted', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK`,
      'live/2-tls-1.1.http': `
TLS https://app.example/ TLSv1.1

«TLS established»
Protocol: TLSv1.1
Cipher: ECDHE-RSA-AES256-SHA`,
    }),
    good('Both are refused, by an alert and by hanging up', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK`,
      'live/2-tls-1.1.http': `
TLS https://app.example/ TLSv1.1

TLS refused ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION`,
      'live/3-tls-1.0.http': `
TLS https://app.example/ TLSv1

TLS refused ECONNRESET`,
    }),
    good('It could not be offered from here', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK`,
      'live/2-tls-1.1.http': `
TLS https://app.example/ TLSv1.1

TLS unknown ERR_SSL_NO_PROTOCOLS_AVAILABLE`,
    }),
  ],
});
