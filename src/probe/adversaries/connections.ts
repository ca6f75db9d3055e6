import {
  constants,
  createSecureServer as createSecureHttp2Server,
  createServer as createHttp2Server,
} from 'node:http2';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { TlsOptions } from 'node:tls';
import { listening, onSocket } from './adversary.ts';
import type { Adversary, Running } from './adversary.ts';
import { certificateOf } from './certificate.ts';

/** Answers over TLS, with a certificate made for the occasion. */
export const overTls = (options: () => TlsOptions): Adversary['start'] => {
  return async (): Promise<Running> => {
    const server = createTlsServer(options(), (socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<!doctype html>'));
    });
    server.on('tlsClientError', () => {});
    return listening(server, 'https');
  };
};

export const CONNECTIONS: readonly Adversary[] = [
  { title: 'accepts and says nothing', start: onSocket(() => {}), leaves: 'NO ANSWER timeout' },
  {
    title: 'accepts on the TLS port and says nothing',
    start: async () => listening(createServer(), 'https'),
    leaves: /NO ANSWER timeout/,
  },
  {
    title: 'resets after the request',
    start: onSocket((socket) => socket.resetAndDestroy()),
    leaves: 'NO ANSWER reset',
  },
  {
    title: 'plain http on the TLS port',
    start: async () => {
      const running = await onSocket((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))();
      return { ...running, url: running.url.replace('http:', 'https:') };
    },
    leaves: 'NO ANSWER tls',
  },
  {
    title: 'TLS on the plain port',
    start: async () => {
      const running = await overTls(() => certificateOf({ names: ['127.0.0.1'] }))();
      return { ...running, url: running.url.replace('https:', 'http:') };
    },
    leaves: /NO ANSWER (?:reset|malformed)/,
  },
  {
    title: 'a certificate nobody signed',
    start: overTls(() => certificateOf({ names: ['127.0.0.1'] })),
    leaves: '# certificate: invalid DEPTH_ZERO_SELF_SIGNED_CERT',
  },
  {
    title: 'a certificate that has expired',
    start: overTls(() => certificateOf({ names: ['127.0.0.1'], from: '2019-01-01', until: '2020-01-01' })),
    leaves: /# certificate: invalid (?:CERT_HAS_EXPIRED|DEPTH_ZERO_SELF_SIGNED_CERT)/,
  },
  {
    title: 'a certificate with a short key and an old signature',
    start: overTls(() => ({
      ...certificateOf({ names: ['127.0.0.1'], bits: 1024, hash: 'sha1' }),
      ciphers: 'DEFAULT@SECLEVEL=0',
    })),
    leaves: /# certificate: invalid|NO ANSWER/,
  },
  {
    title: 'TLS 1.0 alone',
    start: overTls(() => ({
      ...certificateOf({ names: ['127.0.0.1'] }),
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    })),
    leaves: 'NO ANSWER tls',
  },
  {
    title: 'TLS 1.1 alone',
    start: overTls(() => ({
      ...certificateOf({ names: ['127.0.0.1'] }),
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    })),
    leaves: 'NO ANSWER tls',
  },
  {
    title: 'TLS 1.3 alone',
    start: overTls(() => ({ ...certificateOf({ names: ['127.0.0.1'] }), minVersion: 'TLSv1.3' })),
    leaves: '# certificate: invalid DEPTH_ZERO_SELF_SIGNED_CERT',
  },
  {
    title: 'a certificate of another name',
    start: overTls(() => certificateOf({ names: ['bank.example'] })),
    leaves: '# certificate: invalid',
  },
  {
    title: 'a client certificate is demanded',
    start: overTls(() => ({
      ...certificateOf({ names: ['127.0.0.1'] }),
      requestCert: true,
      rejectUnauthorized: true,
    })),
    leaves: /NO ANSWER (?:tls|reset|certificate)/,
  },
  {
    title: 'HTTP/2 and nothing else',
    start: async () => {
      const secure = certificateOf({ names: ['127.0.0.1'] });
      const server = createTlsServer({ ...secure, ALPNProtocols: ['h2'] }, (socket) => socket.on('error', () => {}));
      server.on('tlsClientError', () => {});
      return listening(server, 'https');
    },
    leaves: /NO ANSWER/,
  },
  {
    title: 'an HTTP/2 preface to an HTTP/1.1 question',
    start: async () => listening(createHttp2Server()),
    leaves: /NO ANSWER/,
  },
  {
    title: 'a leaf without the certificate that signed it',
    start: overTls(() => {
      const authority = certificateOf({ names: ['authority'], isAuthority: true });
      const between = certificateOf({ names: ['between'], isAuthority: true, issuer: authority });
      return certificateOf({ names: ['127.0.0.1'], issuer: between });
    }),
    leaves: /# certificate: invalid UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT)/,
  },
  {
    title: 'TLS 1.2 alone',
    start: overTls(() => ({ ...certificateOf({ names: ['127.0.0.1'] }), maxVersion: 'TLSv1.2' })),
    leaves: '# certificate: invalid DEPTH_ZERO_SELF_SIGNED_CERT',
  },
  {
    title: 'frames of HTTP/2 where HTTP/1.1 was agreed: GOAWAY, then RST_STREAM',
    start: async () => {
      const server = createTlsServer({ ...certificateOf({ names: ['127.0.0.1'] }) }, (socket) => {
        socket.on('error', () => {});
        socket.once('data', () => socket.end(Buffer.from([...GOAWAY, ...RST_STREAM])));
      });
      server.on('tlsClientError', () => {});
      return listening(server, 'https');
    },
    leaves: /NO ANSWER malformed (?:no status line|nothing came back)/,
  },
  {
    title: 'every stream of HTTP/2 reset, every session sent away',
    start: async () => {
      const server = createSecureHttp2Server({ ...certificateOf({ names: ['127.0.0.1'] }), allowHTTP1: true });
      server.on('request', (_, response) =>
        response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html>'),
      );
      server.on('stream', (stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
      server.on('session', (session) => session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM));
      server.on('sessionError', () => {});
      return listening(server, 'https');
    },
    leaves: '# certificate: invalid DEPTH_ZERO_SELF_SIGNED_CERT',
  },
];

/** RFC 9113 §4.1: length, type, flags, stream, payload. */
const GOAWAY = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11];
const RST_STREAM = [0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 8];
