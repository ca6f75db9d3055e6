import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Fields that something in front of Node.js adds, or that stand for its name. */
const EDGE =
  /^(?:server|via|age|alt-svc|cf-.*|x-cache.*|x-served-by|x-varnish|x-amz-.*|x-azure-.*|x-vercel-.*|x-nf-.*|fly-request-id|x-envoy-.*|x-kong-.*|x-render-.*|x-railway-.*|x-goog-.*|akamai-.*|x-akamai-.*|x-fastly-.*|x-proxy-.*)$/i;
const NODE = new Set(['Express', 'NestJS', 'Fastify', 'Koa', 'hapi', 'Hono', 'Next.js']);

export default defineRule({
  id: 'limits/no-proxy-live',
  ensures: 'Something stands between the internet and Node.js.',
  severity: 'info',
  roles: ['any'],
  cwe: 770,
  why: `Slow clients, floods and broken requests reach the event loop itself; there is nobody to compress, to cache, to limit, or
to take over while the process restarts.`,
  fix: `Put nginx, a load balancer or a CDN in front, let it terminate TLS, and let the application listen inside alone.`,
  references: ['https://expressjs.com/en/advanced/best-practice-performance.html#use-a-reverse-proxy'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { handshakes, host, identity, local, responses: answers } of responses.sites) {
      // what Node.js serves over TLS by itself is HTTP/1.1
      if (local || handshakes.some(({ alpn }) => alpn === 'h2')) continue;
      if (![...identity.frameworks].some((framework) => NODE.has(framework))) continue;
      if (answers.some(({ allHeaders }) => allHeaders.some(({ name }) => EDGE.test(name)))) continue;
      // Apache adds `max=`, nginx gives a name in Server; a proxy does not pass this field on (RFC 9110 §7.6.1)
      const kept = answers
        .flatMap((answer) => answer.headers('keep-alive'))
        .filter(({ value }) => /^timeout=\d+$/.test(value));
      const [first, second] = kept;
      if (!first || !second) continue;
      yield {
        at: first.line,
        message: `${host} is answered by Node.js itself: no field of a proxy, and its own Keep-Alive.`,
        confidence: 'likely',
      };
    }
  },
  examples: [
    bad('Express on the internet', {
      'live/1-home.http': `
GET http://shop.example/ HTTP/1.1

HTTP/1.1 200 OK
X-Powered-By: Express
Content-Type: text/html; charset=utf-8
Connection: keep-alive
«Keep-Alive: timeout=5»

<!doctype html>`,
      'live/2-again.http': `
GET http://shop.example/ HTTP/1.1

HTTP/1.1 200 OK
X-Powered-By: Express
Content-Type: text/html; charset=utf-8
Connection: keep-alive
Keep-Alive: timeout=5

<!doctype html>`,
    }),
    good('nginx in front', {
      'live/1-home.http': `
GET http://shop.example/ HTTP/1.1

HTTP/1.1 200 OK
Server: nginx
X-Powered-By: Express
Content-Type: text/html; charset=utf-8
Connection: keep-alive
Keep-Alive: timeout=5

<!doctype html>`,
      'live/2-again.http': `
GET http://shop.example/ HTTP/1.1

HTTP/1.1 200 OK
Server: nginx
X-Powered-By: Express
Content-Type: text/html; charset=utf-8
Connection: keep-alive
Keep-Alive: timeout=5

<!doctype html>`,
    }),
    good('A balancer that speaks HTTP/2 and passes the field on', {
      'live/1-home.http': `
GET https://shop.example/ HTTP/1.1

HTTP/1.1 200 OK
X-Powered-By: Express
Content-Type: text/html; charset=utf-8
Keep-Alive: timeout=5

<!doctype html>`,
      'live/2-again.http': `
GET https://shop.example/ HTTP/1.1

HTTP/1.1 200 OK
X-Powered-By: Express
Content-Type: text/html; charset=utf-8
Keep-Alive: timeout=5

<!doctype html>`,
      'live/3-tls.http': `
TLS https://shop.example/ TLSv1.3

TLS established
ALPN: h2`,
    }),
    good('The own machine, and a server that is no Node.js', {
      'live/1-home.http': `
GET http://localhost:3000/ HTTP/1.1

HTTP/1.1 200 OK
X-Powered-By: Express
Content-Type: text/html; charset=utf-8
Keep-Alive: timeout=5

<!doctype html>`,
      'live/2-again.http': `
GET http://localhost:3000/ HTTP/1.1

HTTP/1.1 200 OK
X-Powered-By: Express
Content-Type: text/html; charset=utf-8
Keep-Alive: timeout=5

<!doctype html>`,
      'live/3-home.http': `
GET http://old.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8
Keep-Alive: timeout=5, max=100

<!doctype html>`,
      'live/4-again.http': `
GET http://old.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8
Keep-Alive: timeout=5, max=99

<!doctype html>`,
    }),
  ],
});
