import { bytes, onRequest, onSocket } from './adversary.ts';
import type { Adversary } from './adversary.ts';

const head = (...lines: readonly string[]): string =>
  ['HTTP/1.1 200 OK', ...lines, 'Content-Length: 0', '', ''].join('\r\n');

export const HEADS: readonly Adversary[] = [
  {
    title: 'an escape sequence in a value',
    start: bytes(head('X-Note: \u001b]0;owned\u0007')),
    leaves: /NO ANSWER malformed byte 0x1b at offset \d+, in field 1/,
  },
  {
    title: 'a NUL in a value',
    start: bytes(head('Set-Cookie: a=\u0000b')),
    leaves: /NO ANSWER malformed byte 0x00/,
  },
  {
    title: 'an eight-bit control sequence and bidirectional marks in a value',
    start: bytes(head('X-Note: \u009b31m', `X-Name: ${Buffer.from('\u202Egnp', 'utf8').toString('latin1')}`)),
    leaves: 'X-Note: \\x9b31m',
  },
  {
    title: 'an escape sequence in the reason',
    start: bytes('HTTP/1.1 200 \u001b[2JOK\r\nContent-Length: 0\r\n\r\n'),
    leaves: /HTTP\/1\.1 200 \\x1b\[2JOK|NO ANSWER malformed/,
  },
  {
    title: 'a folded line, a space before the colon, bare line feeds',
    start: bytes('HTTP/1.1 200 OK\nX-A : 1\n  folded\nContent-Length: 0\n\n'),
    leaves: /NO ANSWER malformed|HTTP\/1\.1 200/,
  },
  {
    title: 'one header of 100 KB',
    start: bytes(head(`X-Long: ${'x'.repeat(100_000)}`)),
    leaves: 'NO ANSWER oversized headers',
  },
  {
    title: 'five thousand headers',
    start: bytes(head(...Array.from({ length: 5000 }, (_, index) => `X-${index}: y`))),
    leaves: /NO ANSWER oversized|X-199: y/,
  },
  {
    title: 'five hundred cookies, one of a megabyte',
    start: bytes(head(...Array.from({ length: 500 }, (_, index) => `Set-Cookie: c${index}=${'v'.repeat(100)}`))),
    leaves: /Set-Cookie: c1=…\(100 characters, \w+\)|NO ANSWER oversized/,
  },
  {
    title: 'headers that drip',
    start: onSocket((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const drip = setInterval(() => socket.write('x'), 200);
      socket.on('close', () => clearInterval(drip));
    }),
    leaves: 'NO ANSWER timeout',
  },
  {
    title: 'both a length and chunks',
    start: bytes('HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'),
    leaves: /NO ANSWER malformed both|HTTP\/1\.1 200/,
  },
  {
    title: 'a text without a head, as HTTP/0.9 sent it',
    start: bytes('<html>hello</html>'),
    leaves: 'NO ANSWER malformed no status line',
  },
  {
    title: 'status 000',
    start: bytes('HTTP/1.1 000 Nothing\r\nContent-Length: 0\r\n\r\n'),
    leaves: /NO ANSWER malformed/,
  },
  {
    title: 'status 999',
    start: bytes('HTTP/1.1 999 Blocked\r\nContent-Length: 0\r\n\r\n'),
    leaves: /HTTP\/1\.1 999|NO ANSWER malformed/,
  },
  {
    title: 'a thousand early hints before the answer',
    start: bytes(`${'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n'.repeat(1000)}${head()}`),
    leaves: /HTTP\/1\.1 200|NO ANSWER/,
  },
  {
    title: 'a thousand times leave to go on, for a request without a body',
    start: bytes(`${'HTTP/1.1 100 Continue\r\n\r\n'.repeat(1000)}${head()}`),
    leaves: /HTTP\/1\.1 200|NO ANSWER/,
  },
  {
    title: 'a change of protocol nobody asked for',
    start: bytes('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'),
    leaves: /HTTP\/1\.1 101|NO ANSWER/,
  },
  {
    title: 'HTTP/1.0, its body ended by the end of the connection',
    start: bytes('HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<!doctype html><title>Old</title>'),
    leaves: '<title>Old</title>',
  },
  {
    title: 'names that mean something to JavaScript',
    start: bytes(head('__proto__: polluted', 'constructor: x', 'hasOwnProperty: y', 'Content-Type: text/html')),
    leaves: '__proto__: polluted',
  },
  {
    title: 'a policy of 60 KB with ten thousand directives',
    start: onRequest((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Security-Policy': 'a b;'.repeat(15_000) });
      response.end('<!doctype html>');
    }),
    leaves: /Content-Security-Policy: a b;a b|NO ANSWER oversized/,
  },
  {
    title: 'values made to keep a careless pattern busy',
    start: onRequest((_, response) => {
      const bait = 'a='.repeat(15_000);
      response.writeHead(200, {
        'Content-Type': `text/html;${' '.repeat(5000)}x`,
        'Strict-Transport-Security': `${'max-age=1;'.repeat(700)}!`,
        'Permissions-Policy': `${'a=('.repeat(3000)}`,
        'Set-Cookie': bait,
      });
      response.end('<!doctype html>');
    }),
    leaves: 'Strict-Transport-Security: max-age=1;',
  },
  {
    title: 'the same security header in two cases with two values',
    start: bytes(head('X-Frame-Options: DENY', 'x-frame-options: SAMEORIGIN', 'Content-Type: text/html')),
    leaves: /X-Frame-Options: DENY\nx-frame-options: SAMEORIGIN/,
  },
  {
    title: 'a cookie of a megabyte',
    start: bytes(head(`Set-Cookie: sid=${'x'.repeat(1024 * 1024)}`)),
    leaves: 'NO ANSWER oversized headers',
  },
];
