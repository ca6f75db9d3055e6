import type { Document } from '../document/document.ts';
import { extractorOf } from '../facts/extract.ts';
import type { DocumentFacts } from '../facts/facts.ts';
import type { FactsCache } from './cache.ts';
import type { Stopwatch } from './stopwatch.ts';

export interface ExtractOptions {
  readonly cache?: Pick<FactsCache, 'factsOf' | 'keep'>;
  readonly stopwatch?: Stopwatch;
  /** Called now and then, with the number of documents done so far and in all. */
  readonly onProgress?: (done: number, all: number) => void;
}

const MILLISECONDS_BETWEEN_TURNS = 80;

/** The facts of every document, in document order. */
export async function extractAll(
  documents: readonly Document[],
  { cache, stopwatch, onProgress }: ExtractOptions,
): Promise<readonly DocumentFacts[]> {
  const facts: DocumentFacts[] = [];
  let turn = performance.now();
  for (const document of documents) {
    if (performance.now() - turn > MILLISECONDS_BETWEEN_TURNS) {
      onProgress?.(facts.length, documents.length);
      await new Promise(setImmediate);
      turn = performance.now();
    }
    const known = cache?.factsOf(document);
    if (known) {
      facts.push(known);
      continue;
    }
    const extract = await extractorOf(document.language);
    const start = performance.now();
    const fresh = extract(document);
    stopwatch?.add(`extract ${document.language}`, performance.now() - start);
    cache?.keep(document, fresh);
    facts.push(fresh);
  }
  return facts;
}
