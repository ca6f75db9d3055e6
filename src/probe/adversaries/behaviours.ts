import { createServer } from 'node:http';
import { listening, onRequest } from './adversary.ts';
import type { Adversary, Running } from './adversary.ts';

const redirectsTo = (location: (path: string) => string): Adversary['start'] =>
  onRequest(({ url = '/' }, response) => {
    response.writeHead(302, { Location: location(url) });
    response.end();
  });

/** A second server that writes down whatever it is sent. */
async function listener(seen: string[]): Promise<Running> {
  return listening(
    createServer((request, response) => {
      seen.push(`${request.method} ${request.url} ${JSON.stringify(request.rawHeaders)}`);
      response.end('caught');
    }),
    'http',
    seen,
  );
}

export const BEHAVIOURS: readonly Adversary[] = [
  { title: 'a circle of redirects', start: redirectsTo(() => '/'), leaves: 'Location: /' },
  {
    title: 'redirects without end',
    start: redirectsTo((path) => `/${Number(path.slice(1) || 0) + 1}`),
    leaves: 'Location: /1',
  },
  {
    title: 'a redirect without a target',
    start: onRequest((_, response) => response.writeHead(302).end()),
    leaves: 'HTTP/1.1 302 Found',
  },
  { title: 'a redirect to a script', start: redirectsTo(() => 'javascript:alert(1)'), leaves: 'Location: javascript:' },
  { title: 'a redirect to a file', start: redirectsTo(() => 'file:///etc/passwd'), leaves: 'Location: file:' },
  {
    title: 'a redirect of 60 KB',
    start: redirectsTo(() => `/${'x'.repeat(60_000)}`),
    leaves: 'Location: /xxx',
  },
  {
    title: 'a redirect to the metadata of the cloud',
    start: redirectsTo(() => 'http://169.254.169.254/latest/meta-data/'),
    leaves: 'Location: http://169.254.169.254/',
  },
  {
    title: 'a redirect to a mapped address',
    start: redirectsTo(() => 'http://[::ffff:169.254.169.254]/'),
    leaves: 'Location: http://[::ffff:169.254.169.254]/',
  },
  {
    title: 'a redirect to another host that writes everything down',
    start: async () => {
      const seen: string[] = [];
      const other = await listener(seen);
      const target = other.url.replace('127.0.0.1', 'localhost');
      const running = await redirectsTo(() => target)();
      return {
        ...running,
        seen,
        close: () => {
          running.close();
          other.close();
        },
      };
    },
    leaves: 'Location: http://localhost:',
  },
  {
    title: 'the same page at every path',
    start: onRequest((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end(
        '<!doctype html><title>App</title><pre>DB_HOST=db\nDB_PASSWORD=x\n</pre><script src="/app.js"></script>',
      );
    }),
    leaves: 'HTTP/1.1 200 OK',
  },
  {
    title: 'a challenge in front of the application',
    start: onRequest((_, response) => {
      response.writeHead(403, { 'Content-Type': 'text/html', 'cf-mitigated': 'challenge' });
      response.end('<!doctype html><title>Just a moment...</title>');
    }),
    leaves: 'cf-mitigated: challenge',
  },
  {
    title: 'patience asked for, for hours',
    start: onRequest((_, response) => {
      response.writeHead(429, { 'Content-Type': 'application/json', 'Retry-After': '9999' });
      response.end('{"error":"later"}');
    }),
    leaves: 'Retry-After: 9999',
  },
  {
    title: 'every other answer an error',
    start: async () => {
      let count = 0;
      return onRequest((_, response) => {
        count += 1;
        response.writeHead(count % 2 === 0 ? 500 : 200, { 'Content-Type': 'text/html' });
        response.end('<!doctype html>');
      })();
    },
    leaves: 'HTTP/1.1 200 OK',
  },
  {
    title: 'whatever is sent comes back: headers, origin, path',
    start: onRequest((request, response) => {
      response.writeHead(200, {
        'Content-Type': 'text/html',
        'Access-Control-Allow-Origin': request.headers.origin ?? '*',
        'Access-Control-Allow-Credentials': 'true',
        'X-Echo': JSON.stringify(request.rawHeaders),
      });
      response.end(`<!doctype html>${JSON.stringify(request.rawHeaders)}`);
    }),
    leaves: 'X-Echo:',
  },
  {
    title: 'two instances that agree on nothing, each with its own count',
    start: async () => {
      let count = 0;
      return onRequest((_, response) => {
        count += 1;
        const isOther = count % 2 === 0;
        response.writeHead(200, {
          'Content-Type': 'text/html',
          'X-RateLimit-Remaining': String(99 - Math.floor(count / 2)),
          ...(isOther && { 'Content-Security-Policy': "default-src 'self'", 'X-Frame-Options': 'DENY' }),
        });
        response.end(isOther ? '<!doctype html><title>New</title>' : '<!doctype html><title>Old</title>');
      })();
    },
    leaves: 'X-RateLimit-Remaining: 99',
  },
];
