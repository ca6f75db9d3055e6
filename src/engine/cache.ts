import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Document } from '../document/document.ts';
import type { DocumentFacts } from '../facts/facts.ts';
import { writePrivately } from './private-file.ts';

/** Of one document, as bytes of the cache file. */
interface Entry {
  readonly start: number;
  readonly end: number;
}

const MAX_FILE_BYTES = 1024 * 1024 * 1024;

/**
 * Facts by content. The key is the text, path and language of the document; the version is that of the extractors, so
 * that another build never reads them. Findings are not among it: an edit in one file changes those of another.
 *
 * One file: a line of JSON with the place of every entry, then the entries. Whatever is wrong with it is a miss.
 */
export class FactsCache {
  readonly #file: string;
  readonly #version: string;
  readonly #bytes: Buffer;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #used = new Map<string, Entry | string>();
  #isChanged = false;

  constructor(file: string, version: string) {
    this.#file = file;
    this.#version = version;
    const { bytes, entries } = read(file, version);
    this.#bytes = bytes;
    this.#entries = entries;
  }

  factsOf(document: Document): DocumentFacts | undefined {
    const key = keyOf(document);
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    try {
      const { facts, gaps } = JSON.parse(this.#bytes.toString('utf8', entry.start, entry.end)) as DocumentFacts;
      this.#used.set(key, entry);
      const { path, language, tracked } = document;
      return { path, language, tracked, facts, gaps };
    } catch {
      return undefined;
    }
  }

  keep(document: Document, { facts, gaps }: DocumentFacts): void {
    if (facts === undefined) return;
    this.#used.set(keyOf(document), JSON.stringify({ facts, gaps }));
    this.#isChanged = true;
  }

  /** Writes what this run used; entries of a part of the project that was not asked about stay. */
  save(): void {
    if (!this.#isChanged) return;
    const index: (readonly [string, number])[] = [];
    const bodies: Buffer[] = [];
    for (const [key, entry] of new Map<string, Entry | string>([...this.#entries, ...this.#used])) {
      const body = typeof entry === 'string' ? Buffer.from(entry) : this.#bytes.subarray(entry.start, entry.end);
      index.push([key, body.length]);
      bodies.push(body);
    }
    const head = Buffer.from(`${JSON.stringify({ version: this.#version, index })}\n`);
    writePrivately(this.#file, Buffer.concat([head, ...bodies]));
  }
}

const keyOf = ({ path, language, text }: Document): string =>
  createHash('sha256').update(`${language}\0${path}\0`).update(text).digest('base64url');

function read(file: string, version: string): { bytes: Buffer; entries: ReadonlyMap<string, Entry> } {
  const entries = new Map<string, Entry>();
  const nothing = { bytes: Buffer.alloc(0), entries };
  try {
    const bytes = readFileSync(file);
    const lineEnd = bytes.indexOf(10);
    const head: unknown = JSON.parse(bytes.toString('utf8', 0, lineEnd));
    if (!isHead(head) || head.version !== version || bytes.length > MAX_FILE_BYTES) return nothing;
    let start = lineEnd + 1;
    for (const [key, length] of head.index) {
      entries.set(key, { start, end: start + length });
      start += length;
    }
    return start === bytes.length ? { bytes, entries } : { bytes: nothing.bytes, entries: new Map() };
  } catch {
    return { bytes: nothing.bytes, entries: new Map() };
  }
}

interface Head {
  readonly version: string;
  readonly index: readonly (readonly [string, number])[];
}

const isHead = (head: unknown): head is Head =>
  typeof head === 'object' &&
  head !== null &&
  'version' in head &&
  'index' in head &&
  Array.isArray(head.index) &&
  head.index.every(
    (entry: unknown) =>
      Array.isArray(entry) && typeof entry[0] === 'string' && Number.isInteger(entry[1]) && Number(entry[1]) >= 0,
  );
