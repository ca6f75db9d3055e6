import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Document } from '../document/document.ts';

const MAX_TRANSCRIPTS = 2000;
const MAX_BYTES = 4 * 1024 * 1024;

/** Writes each transcript to a file of its own: `live/01-home.http` becomes `<folder>/01-home.http`. */
export function writeRecording(folder: string, documents: readonly Document[]): void {
  mkdirSync(folder, { recursive: true });
  for (const { path, text } of documents) writeFileSync(join(folder, basename(path)), text);
}

/** The transcripts in a folder, as the probe made them or as somebody wrote them by hand. */
export function readRecording(folder: string): readonly Document[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.http'))
    .toSorted()
    .slice(0, MAX_TRANSCRIPTS);
  return names.map((name) => ({
    path: `live/${name}`,
    text: readFileSync(join(folder, name), 'utf8').slice(0, MAX_BYTES),
    language: 'http',
    tracked: 'untracked',
  }));
}
