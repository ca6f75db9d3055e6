import * as zlib from 'node:zlib';
import type { Budget } from './budget.ts';

/** A body as it is after its codings, or the reason why it stopped early. */
export interface Decoded {
  readonly body: Uint8Array;
  readonly cut?: string;
}

/** More layers than this nobody sends for an honest reason. */
const MAX_CODINGS = 2;

/** Undoes the content codings within the budget. An unknown coding yields no body. */
export async function decoded(wire: Uint8Array, codings: readonly string[], budget: Budget): Promise<Decoded> {
  if (codings.length > MAX_CODINGS) return { body: new Uint8Array(), cut: 'coded too often' };
  let current: Decoded = { body: wire };
  for (const coding of codings.toReversed()) {
    const decoder = decoderOf(coding, current.body);
    if (decoder === 'identity') continue;
    if (!decoder) return { body: new Uint8Array(), cut: `unknown coding ${coding.slice(0, 20)}` };
    const next = await decodedBy(decoder, current.body, budget);
    current = { body: next.body, ...((next.cut ?? current.cut) && { cut: next.cut ?? current.cut ?? '' }) };
  }
  return current;
}

function decoderOf(coding: string, wire: Uint8Array): zlib.Gunzip | zlib.BrotliDecompress | 'identity' | undefined {
  const flush = { finishFlush: zlib.constants.Z_SYNC_FLUSH };
  switch (coding) {
    case '':
    case 'identity':
      return 'identity';
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip(flush);
    case 'deflate':
      // servers send both the zlib and the raw format under this name
      return ((wire[0] ?? 0) & 0x0f) === 8 ? zlib.createInflate(flush) : zlib.createInflateRaw(flush);
    case 'br':
      return zlib.createBrotliDecompress({ finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH });
    default:
      return undefined;
  }
}

function decodedBy(decoder: zlib.Gunzip | zlib.BrotliDecompress, wire: Uint8Array, budget: Budget): Promise<Decoded> {
  // small bodies compress well: the ratio alone would cut an honest page of white space
  const limit = Math.min(budget.decodedBytes, Math.max(64 * 1024, wire.length * budget.ratio));
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let size = 0;
    const finish = (cut?: string): void => {
      decoder.destroy();
      const body = Buffer.concat(chunks).subarray(0, limit);
      resolve({ body, ...(cut !== undefined && { cut }) });
    };
    decoder.on('data', (chunk: Uint8Array) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > limit) finish(`more than ${limit} bytes when decoded`);
    });
    decoder.on('end', () => finish());
    decoder.on('error', () => finish('not decodable as declared'));
    decoder.end(wire);
  });
}
