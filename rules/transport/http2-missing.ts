import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'transport/http2-missing',
  ensures: 'Pages are served over HTTP/2 or newer.',
  severity: 'info',
  roles: ['any'],
  why: `Over HTTP/1.1 a browser opens up to six connections to each host and waits in line on each: pages of many files load
more slowly, and every visitor costs more sockets.`,
  fix: `Let the edge speak it: \`http2 on;\` in nginx; load balancers and CDNs do by default.`,
  references: ['https://www.rfc-editor.org/rfc/rfc9113'],
  needs: ['transport'],
  *check({ transport }) {
    for (const { handshakes, host, kind } of transport) {
      const best = handshakes.find(({ step, state }) => step === 'tls' && state === 'established');
      if (kind === 'api' || !best || best.alpn === '' || best.alpn === 'h2') continue;
      yield { at: best.at('ALPN'), message: `${host} offers HTTP/1.1 and nothing newer.` };
    }
  },
  examples: [
    bad('HTTP/1.1 alone', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-tls.http': `
TLS https://app.example/ TLSv1.3

TLS established
«ALPN: http/1.1»`,
    }),
    good('h2', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-tls.http': `
TLS https://app.example/ TLSv1.3

TLS established
ALPN: h2`,
    }),
    good('An API answers one question at a time', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-tls.http': `
TLS https://api.example/ TLSv1.3

TLS established
ALPN: http/1.1`,
    }),
  ],
});
