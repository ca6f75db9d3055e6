import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { onRequest, onSocket } from './adversary.ts';
import type { Adversary } from './adversary.ts';

const MEBIBYTE = 1024 * 1024;

/** Made before the server listens: the bomb must be slow to defuse, not to send. */
const coded = (coding: string, body: () => Buffer): Adversary['start'] => {
  return async () => {
    const made = body();
    return onRequest((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Encoding': coding });
      response.end(made);
    })();
  };
};

export const BODIES: readonly Adversary[] = [
  {
    title: 'a gzip bomb of 200 MB',
    start: coded('gzip', () => gzipSync(Buffer.alloc(200 * MEBIBYTE), { level: 1 })),
    leaves: /# body: \d+ bytes, cut: more than/,
  },
  {
    title: 'a brotli bomb',
    start: coded('br', () =>
      brotliCompressSync(Buffer.alloc(64 * MEBIBYTE), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
    ),
    leaves: /# body: \d+ bytes, cut: more than/,
  },
  {
    title: 'gzip inside gzip',
    start: coded('gzip, gzip', () => gzipSync(gzipSync(Buffer.alloc(64 * MEBIBYTE)))),
    leaves: /# body: \d+ bytes, cut: more than/,
  },
  {
    title: 'a coding wrapped nine times',
    start: coded('gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip', () => gzipSync('x')),
    leaves: 'cut: coded too often',
  },
  {
    title: 'a body that never ends',
    start: onRequest((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' });
      const page = Buffer.alloc(64 * 1024, '<p>');
      const more = (): void => {
        while (!response.destroyed && response.write(page));
      };
      response.on('drain', more);
      more();
    }),
    leaves: /cut: more than \d+ bytes/,
  },
  {
    title: 'a body that drips',
    start: onRequest((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' });
      const drip = setInterval(() => response.write('x'), 200);
      response.on('close', () => clearInterval(drip));
    }),
    leaves: /cut: (?:after|the time)/,
  },
  {
    title: 'a connection closed in the middle of a body',
    start: onSocket((socket) => {
      socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n<!doctype html>');
    }),
    leaves: 'cut: broken off',
  },
  {
    title: 'a body coded otherwise than declared',
    start: onRequest((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Encoding': 'br' });
      response.end('<!doctype html>plain');
    }),
    leaves: 'cut: not decodable as declared',
  },
  {
    title: 'a coding that was not offered, zstd',
    // the frame of "<!doctype html>" in one raw block (RFC 8878)
    start: coded('zstd', () =>
      Buffer.from('28b52ffd200f790000' + Buffer.from('<!doctype html>').toString('hex'), 'hex'),
    ),
    leaves: 'cut: unknown coding zstd',
  },
  {
    title: 'a coding that nobody knows',
    start: coded('x-made-up-by-one-server', () => Buffer.from('<!doctype html>')),
    leaves: /cut: unknown coding x-made-up-by-one-ser$/m,
  },
  {
    title: 'a known coding inside one that nobody knows',
    start: coded('gzip, made-up', () => gzipSync('<!doctype html>')),
    leaves: 'cut: unknown coding made-up',
  },
  {
    title: 'JSON called HTML in UTF-7',
    start: onRequest((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-7' });
      response.end('{"name":"+ADw-script+AD4-"}');
    }),
    leaves: 'charset=utf-7',
  },
  {
    title: 'HTML called UTF-16, of an odd number of bytes',
    start: onRequest((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-16le' });
      response.end(Buffer.concat([Buffer.from('\ud800<!doctype html>', 'utf16le'), Buffer.from([0x1b])]));
    }),
    leaves: 'charset=utf-16le',
  },
  {
    title: 'a chunk longer than any memory',
    start: onSocket((socket) => {
      socket.end(
        'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n<!doctype html>',
      );
    }),
    leaves: /cut: broken off|NO ANSWER/,
  },
  {
    title: 'a million open tags',
    start: onRequest((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' });
      response.end('<i>'.repeat(1_000_000));
    }),
    leaves: /cut: more than/,
  },
  {
    title: 'control characters and reordering marks in the body',
    start: onRequest((_, response) => {
      response.writeHead(500, { 'Content-Type': 'text/html; charset=utf-8' });
      response.end('<title>\u001b[31mred\u0007\u202Egnp.exe\u009b2J</title>');
    }),
    leaves: '\\x1b[31mred\\x07\\u{202e}gnp.exe',
  },
];
