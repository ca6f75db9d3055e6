import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'transport/connection-closed-live',
  ensures: 'A connection serves more than one request.',
  severity: 'info',
  roles: ['any'],
  why: `Every request pays for a connection and a TLS handshake of its own: two or three round trips for the visitor, and CPU and
sockets for the service, which runs out of them first when traffic rises.`,
  fix: `Leave \`Connection: close\` to errors and to shutdown; behind nginx say \`proxy_http_version 1.1;\` and
\`proxy_set_header Connection "";\`, and leave \`keepalive_timeout\` above 0.`,
  references: ['https://www.rfc-editor.org/rfc/rfc9112#name-persistence'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { handshakes, host, local, responses: answers } of responses.sites) {
      // over HTTP/2 connections are kept, whatever HTTP/1.1 gets
      if (local || handshakes.some(({ alpn }) => alpn === 'h2')) continue;
      const successes = answers.filter(
        ({ method, status, url }) =>
          method === 'GET' && status === 200 && (url.scheme === 'https' || handshakes.length === 0),
      );
      const closing = successes.flatMap((answer) =>
        answer.headers('connection').filter(({ value }) => /(?:^|[\s,])close(?:$|[\s,])/i.test(value)),
      );
      const [first] = closing;
      if (!first || successes.length < 2 || closing.length < successes.length) continue;
      yield {
        at: first.line,
        message: `${host} closes the connection after each of ${successes.length} successful answers.`,
      };
    }
  },
  examples: [
    bad('After every answer', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
«Connection: close»

<!doctype html>`,
      'live/2-again.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Connection: close

<!doctype html>`,
    }),
    good('Once, as an instance does that shuts down', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Connection: close

<!doctype html>`,
      'live/2-again.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Connection: keep-alive

<!doctype html>`,
    }),
    good('Browsers are served over HTTP/2', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Connection: close

<!doctype html>`,
      'live/2-again.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Connection: close

<!doctype html>`,
      'live/3-tls.http': `
TLS https://app.example/ TLSv1.3

TLS established
ALPN: h2`,
    }),
    good('After an error', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 503 Service Unavailable
Content-Type: text/html
Retry-After: 10
Connection: close

<!doctype html>`,
      'live/2-again.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 503 Service Unavailable
Content-Type: text/html
Retry-After: 10
Connection: close

<!doctype html>`,
    }),
  ],
});
