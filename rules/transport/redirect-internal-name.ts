import { bad, defineRule, good } from '../../src/rule/rule.ts';

const LEADING = ['location', 'content-location', 'refresh', 'link', 'alt-svc'];

/** Where a field leads: its first URL, or the first `h2="host:port"` of Alt-Svc (RFC 7838). */
function targetOf(value: string): URL | undefined {
  const [, url, service] = /(https?:\/\/[^\s<>;,'"]{1,500})|="([^\s"/]{1,200}:\d{1,5})"/i.exec(value) ?? [];
  const text = url ?? `https://${service ?? ''}/`;
  return URL.canParse(text) ? new URL(text) : undefined;
}

export default defineRule({
  id: 'transport/redirect-internal-name',
  ensures: 'Redirects name only hosts that visitors can reach.',
  severity: 'low',
  roles: ['any'],
  cwe: 200,
  owasp: 'A02',
  why: `The visitor is sent to an address that exists only inside your network: the link is dead, and the layout of the network
is public.`,
  fix: `Set the public base URL in the configuration and trust the proxy's \`X-Forwarded-Host\` from the proxy alone.`,
  references: ['https://expressjs.com/en/guide/behind-proxies.html'],
  needs: ['transport'],
  *check({ transport }) {
    for (const { responses, host } of transport) {
      for (const response of responses) {
        for (const header of LEADING.flatMap((name) => response.headers(name))) {
          const target = targetOf(header.value);
          if (!target || target.hostname === '') continue;
          if (target.hostname === host) {
            // another service may well have a port of its own
            if (/^(?:link|alt-svc)$/i.test(header.name)) continue;
            // the port the service listens at, behind a proxy that has another
            const isOwn = target.port === '' || Number(target.port) === response.url.port;
            if (isOwn || target.protocol !== `${response.url.scheme}:`) continue;
            yield {
              at: header.line,
              message: `${response.url.href} leads to port ${target.port}, which only your network knows.`,
              confidence: 'likely',
            };
            continue;
          }
          if (!response.isInternal(target.hostname)) continue;
          yield {
            at: header.line,
            message: `${response.url.href} names ${target.hostname}, which only your network knows.`,
          };
        }
      }
    }
  },
  examples: [
    bad('The name of a container', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 302 Found
«Location: http://web:3000/login»`,
    }),
    bad('A private address', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 302 Found
«Location: https://10.0.3.17/login»`,
    }),
    bad('The port behind the proxy', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 302 Found
«Location: https://app.example:8443/login»`,
    }),
    good('The other scheme at another port, and the own port', {
      'live/1-home.http': `
GET http://app.example:8080/ HTTP/1.1

HTTP/1.1 302 Found
Location: https://app.example:8443/`,
      'live/2-home.http': `
GET https://app.example:8443/ HTTP/1.1

HTTP/1.1 302 Found
Location: https://app.example:8443/login`,
    }),
    bad('A file to load early, and a faster way to the same', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
«Link: <http://web:3000/app.css>; rel=preload; as=style»
«Alt-Svc: h2="10.0.3.17:443"; ma=60»

<!doctype html>`,
    }),
    good('The same host over HTTP/3, and a file of a CDN', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Link: <https://cdn.example.net/app.css>; rel=preload; as=style, </a.js>; rel=preload
Alt-Svc: h3=":443"; ma=86400, h3="edge.example.net:8443"

<!doctype html>`,
    }),
    good('A path, and another public host', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 302 Found
Location: /login`,
      'live/2-home.http': `
GET https://app.example/out HTTP/1.1

HTTP/1.1 302 Found
Location: https://login.example/?next=http://10.0.0.1/`,
    }),
  ],
});
