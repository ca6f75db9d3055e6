import { Agent } from 'undici';
import type { Budget } from './budget.ts';
import { decoded } from './decode.ts';
import type { Decoded } from './decode.ts';
import { codeOf, pinnedLookup } from './destination.ts';
import type { Destination } from './destination.ts';
import { silence } from './exchange.ts';
import type { Answer, Pair, Question, Reply, Silence } from './exchange.ts';
import { connectorBy } from './proxy.ts';
import type { Proxy } from './proxy.ts';
import { malformedReplyOf } from './raw-reply.ts';

/** Asks one host, over HTTP/1.1, which keeps the order, the case and the duplicates of header fields. */
export class Client {
  readonly #agent: Agent;
  readonly #destination: Destination;
  readonly #budget: Budget;
  readonly #deadline: AbortSignal;
  readonly #verify: boolean;
  readonly #proxy: Proxy | undefined;

  constructor(
    destination: Destination,
    options: { budget: Budget; deadline: AbortSignal; ca?: string; verify: boolean; proxy?: Proxy },
  ) {
    const { budget, deadline, ca, verify, proxy } = options;
    this.#destination = destination;
    this.#budget = budget;
    this.#deadline = deadline;
    this.#verify = verify;
    this.#proxy = proxy;
    const trust = { rejectUnauthorized: verify, ...(ca !== undefined && { ca }) };
    this.#agent = new Agent({
      connect: proxy
        ? connectorBy(proxy, budget.connectMs, trust)
        : {
            lookup: pinnedLookup(destination),
            timeout: budget.connectMs,
            ALPNProtocols: ['http/1.1'],
            ...trust,
          },
      allowH2: false,
      pipelining: 1,
      connections: budget.concurrency,
      headersTimeout: budget.headersMs,
      bodyTimeout: budget.bodyMs,
      maxHeaderSize: budget.headerBytes,
      keepAliveTimeout: 1000,
    });
  }

  async answerTo(question: Question): Promise<Answer> {
    const { connectMs, headersMs } = this.#budget;
    const impatience = new AbortController();
    const timer = setTimeout(() => impatience.abort(), connectMs + headersMs);
    try {
      const { url } = question;
      // a proxy is asked for the whole URL, where there is no tunnel through it
      const isWhole = this.#proxy !== undefined && url.protocol === 'http:';
      const proof = isWhole ? this.#proxy?.authorization : undefined;
      const response = await this.#agent.request({
        origin: url.origin,
        path: isWhole ? url.href : `${url.pathname}${url.search}`,
        method: question.method as 'GET',
        headers: [
          ...question.headers.flatMap(([name, value]) => [name, value]),
          ...(proof === undefined ? [] : ['Proxy-Authorization', proof]),
        ],
        body: bodyOf(question),
        responseHeaders: 'raw',
        signal: AbortSignal.any([this.#deadline, impatience.signal]),
      });
      clearTimeout(timer);
      const headers = pairsOf(response.headers as unknown as readonly string[]);
      const read = await this.#bodyOf(response.body, headers);
      return {
        kind: 'response',
        status: response.statusCode,
        reason: response.statusText ?? '',
        headers: headers.slice(0, this.#budget.headerFields),
        ...read,
      };
    } catch (error) {
      return await this.#silenceOf(error, question, impatience.signal.aborted);
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  /** Reads until the end, the budget or the clock; what was read is kept. */
  async #bodyOf(
    stream: AsyncIterable<Uint8Array> & { destroy: () => unknown; on: (name: 'error', seen: () => void) => unknown },
    headers: readonly Pair[],
  ): Promise<Pick<Reply, 'body' | 'wireBytes' | 'cut'>> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    let cut: string | undefined;
    stream.on('error', () => {});
    const timer = setTimeout(() => {
      cut = `after ${this.#budget.bodyMs / 1000} s`;
      stream.destroy();
    }, this.#budget.bodyMs);
    const stop = (): void => {
      cut = 'the time of the whole probe is up';
      stream.destroy();
    };
    this.#deadline.addEventListener('abort', stop, { once: true });
    try {
      for await (const chunk of stream) {
        chunks.push(chunk);
        size += chunk.length;
        if (size <= this.#budget.wireBytes) continue;
        cut = `more than ${this.#budget.wireBytes} bytes`;
        break;
      }
    } catch (error) {
      cut ??= `broken off, ${codeOf(error)}`;
    } finally {
      clearTimeout(timer);
      this.#deadline.removeEventListener('abort', stop);
      stream.destroy();
    }
    const wire = Buffer.concat(chunks).subarray(0, this.#budget.wireBytes);
    const result: Decoded = wire.length === 0 ? { body: wire } : await decoded(wire, codingsOf(headers), this.#budget);
    const why = result.cut ?? cut;
    return { body: result.body, wireBytes: size, ...(why !== undefined && { cut: why }) };
  }

  async #silenceOf(error: unknown, question: Question, isImpatient: boolean): Promise<Silence> {
    if (this.#deadline.aborted) return silence('timeout', 'the time of the whole probe is up');
    if (isImpatient) return silence('timeout', 'headers');
    const known = knownSilenceOf(codeOf(error), question.url.protocol);
    if (known) return known;
    if (this.#proxy) return silence('malformed', 'seen through a proxy');
    // the parser's own words mislead (a control byte shows up as a length mismatch): look at the bytes
    return malformedReplyOf(question, this.#destination, {
      ms: this.#budget.connectMs,
      verify: this.#verify,
      signal: this.#deadline,
    });
  }
}

function bodyOf({ body, size }: Question): string | null {
  if (size !== undefined) return `["${'x'.repeat(size - 4)}"]`;
  return body ?? null;
}

function pairsOf(flat: readonly string[]): readonly Pair[] {
  const pairs: Pair[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) pairs.push([flat[i] ?? '', flat[i + 1] ?? '']);
  return pairs;
}

const codingsOf = (headers: readonly Pair[]): readonly string[] =>
  headers
    .filter(([name]) => name.toLowerCase() === 'content-encoding')
    .flatMap(([, value]) => value.split(',').map((coding) => coding.trim().toLowerCase()));

function knownSilenceOf(code: string, protocol: string): Silence | undefined {
  switch (code) {
    case 'ECONNREFUSED':
      return silence('refused', `connect ${code}`);
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'EADDRNOTAVAIL':
    case 'EACCES':
      return silence('unreachable', code);
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return silence('timeout', 'connect');
    case 'UND_ERR_HEADERS_TIMEOUT':
      return silence('timeout', 'headers');
    case 'UND_ERR_BODY_TIMEOUT':
      return silence('timeout', 'body');
    case 'UND_ERR_HEADERS_OVERFLOW':
      return silence('oversized', 'headers');
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return protocol === 'https:' && code === 'ECONNRESET'
        ? silence('tls', 'reset during the handshake')
        : silence('reset', code);
    default:
      if (code.startsWith('ERR_PROXY')) return silence('unreachable', code);
      if (/^ERR_SSL|^EPROTO|^ERR_TLS_(?!CERT)/.test(code)) return silence('tls', code);
      return isCertificateCode(code) ? silence('certificate', code) : undefined;
  }
}

const isCertificateCode = (code: string): boolean =>
  /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|^ERR_TLS_CERT|HOSTNAME_MISMATCH|^INVALID_CA|^PATH_LENGTH|^INVALID_PURPOSE/.test(
    code,
  );
