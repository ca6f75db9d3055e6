import type { Document } from '../document/document.ts';
import { secretsIn } from '../facts/secrets.ts';
import type { Edit } from '../rule/rule.ts';
import { maskedText, pageOf } from './excerpt.ts';
import type { Finding } from './finding.ts';

/** A document before and after its safe edits. */
export interface Fix {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** The same two for people: with every secret masked. */
  readonly shown: { readonly before: string; readonly after: string };
  /** How many findings these edits are for. */
  readonly findings: number;
}

/**
 * What the safe edits of findings make of the documents, in path order. An edit that overlaps an earlier one waits for
 * the next round; ignored and unsure findings are not touched.
 */
export function fixesOf(documents: readonly Document[], findings: readonly Finding[]): readonly Fix[] {
  const edits = new Map<string, { edit: Edit; finding: Finding }[]>();
  for (const finding of findings) {
    if (finding.ignored || finding.confidence === 'unsure') continue;
    for (const edit of finding.edits ?? []) edits.set(edit.path, [...(edits.get(edit.path) ?? []), { edit, finding }]);
  }
  return documents.flatMap((document): readonly Fix[] => {
    const { path, text } = document;
    const kept = withoutOverlaps(edits.get(path) ?? []);
    const after = edited(
      text,
      kept.map(({ edit }) => edit),
    );
    if (after === text) return [];
    const shown = { before: shownText(document), after: shownText({ ...document, text: after }) };
    return [{ path, before: text, after, shown, findings: new Set(kept.map(({ finding }) => finding)).size }];
  });
}

const shownText = (document: Document): string => maskedText(pageOf(document, secretsIn(document)));

function withoutOverlaps<T extends { readonly edit: Edit }>(wanted: readonly T[]): readonly T[] {
  const kept: T[] = [];
  for (const each of wanted.toSorted((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end)) {
    const last = kept.at(-1)?.edit;
    const repeats =
      last && last.start === each.edit.start && last.end === each.edit.end && last.text === each.edit.text;
    if (!last || (each.edit.start >= last.end && !repeats)) kept.push(each);
  }
  return kept;
}

/** A text with spans replaced; the edits are in order and do not overlap. */
export function edited(text: string, edits: readonly Edit[]): string {
  let result = '';
  let from = 0;
  for (const { start, end, text: replacement } of edits) {
    result += text.slice(from, start) + replacement;
    from = end;
  }
  return result + text.slice(from);
}
