import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Destination } from './destination.ts';
import { endpointOf } from './destination.ts';
import { silence } from './exchange.ts';
import type { Question, Silence } from './exchange.ts';

const MAX_BYTES = 16 * 1024;

/**
 * Asks again over a bare socket, without credentials, and says where the reply stops being HTTP. Called where the
 * parser refused a reply; its own words name the wrong reason for a control byte in a field.
 */
export async function malformedReplyOf(
  { url, method }: Question,
  destination: Destination,
  { ms, verify, signal }: { ms: number; verify: boolean; signal: AbortSignal },
): Promise<Silence> {
  const question = `${method === 'HEAD' ? 'HEAD' : 'GET'} ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nConnection: close\r\n\r\n`;
  const bytes = await firstBytes(url, destination, question, { ms, verify, signal });
  return silence('malformed', faultOf(bytes));
}

function firstBytes(
  url: URL,
  destination: Destination,
  question: string,
  { ms, verify, signal }: { ms: number; verify: boolean; signal: AbortSignal },
): Promise<Buffer> {
  return new Promise((resolve) => {
    const endpoint = endpointOf(url, destination);
    const socket: Socket =
      url.protocol === 'https:' ? connectTls({ ...endpoint, rejectUnauthorized: verify }) : connect(endpoint);
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      socket.destroy();
      resolve(Buffer.concat(chunks).subarray(0, MAX_BYTES));
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener('abort', finish, { once: true });
    socket.on(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => socket.write(question));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MAX_BYTES || chunk.includes('\r\n\r\n')) finish();
    });
    socket.on('error', finish);
    socket.on('close', finish);
  });
}

/** The first thing in a reply's head that RFC 9112 does not allow, in our words and without any of its text. */
export function faultOf(bytes: Buffer): string {
  if (bytes.length === 0) return 'nothing came back';
  const text = bytes.toString('latin1');
  const end = text.search(/\r?\n\r?\n/);
  const head = end === -1 ? text : text.slice(0, end);
  const lines = head.split('\n');
  const status = /^HTTP\/1\.[01] (\d{3})(?: |\r?$)/.exec(lines[0] ?? '');
  if (!status) return text.startsWith('HTTP/') ? 'an invalid status line' : 'no status line';
  let offset = 0;
  for (const [index, line] of lines.entries()) {
    const content = line.replace(/\r$/, '');
    const bad = /(?![\t\u0080-\u009f])\p{Cc}/u.exec(content);
    const where = index === 0 ? 'the status line' : `field ${index}`;
    if (bad) {
      const code = content.charCodeAt(bad.index).toString(16).padStart(2, '0');
      return `byte 0x${code} at offset ${offset + bad.index}, in ${where}`;
    }
    if (index > 0 && /^[\t ]/.test(content)) return `a folded line at offset ${offset}, ${where}`;
    if (index > 0 && !/^[!#$%&'*+.^_\x60|~\w-]+:/.test(content)) return `no field name at offset ${offset}, ${where}`;
    offset += line.length + 1;
  }
  if (/^transfer-encoding:/im.test(head) && /^content-length:/im.test(head)) {
    return 'both Content-Length and Transfer-Encoding';
  }
  const code = Number(status[1]);
  return code < 100 || code > 599 ? 'a status outside 100 to 599' : 'a body that does not fit its length';
}
