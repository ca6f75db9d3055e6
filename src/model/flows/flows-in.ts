import { extract } from '../../facts/javascript/extract.ts';
import { programOf } from '../program/view.ts';
import type { Flow } from './flows.ts';
import type { SinkName } from './sink.ts';
import { flowsOf } from './view.ts';

/** For tests: the flows into a sink of a program given as path → text. */
export function flowsIn(files: Readonly<Record<string, string>>, sink: SinkName): readonly Flow[] {
  const documents = Object.entries(files)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]) => {
      const document = { path, text, language: 'javascript', tracked: 'tracked' } as const;
      const { facts, gaps } = extract(document);
      return { path, language: document.language, tracked: document.tracked, facts, gaps };
    });
  return flowsOf(
    programOf(documents, (path) => Object.hasOwn(files, path)),
    [],
  ).into(sink);
}
