import type { Document } from '../document/document.ts';

const PROSE = /\.(md|mdx|markdown|rst|adoc|txt|lock|svg|snap)$|(^|\/)(readme|changelog|license)[^/]*$/i;

/**
 * The names that stand in no text but settings and prose, in any case. A name that may be put together from a part of it
 * (`PREFIX_${which}`) counts as one that stands there.
 */
export function unmentionedIn(documents: readonly Document[], names: readonly string[]): readonly string[] {
  const texts = documents.filter(
    ({ path, language }) => language !== 'dotenv' && language !== 'lockfile' && !PROSE.test(path),
  );
  let left = names;
  for (const { text } of texts) {
    if (left.length === 0) return left;
    left = left.filter((name) => !text.includes(name) && !text.includes(name.toLowerCase()));
  }
  const parts = new Map(left.map((name) => [name, partsOf(name)]));
  for (const { text } of texts) {
    left = left.filter((name) => !parts.get(name)?.some((part) => isPut(text, part)));
  }
  return left;
}

/** `A_B_C` → `A_`, `A_B_`, `_B_C`, `_C` */
const partsOf = (name: string): readonly string[] =>
  [...name.matchAll(/(?<=.)_(?=.)/g)].flatMap(({ index }) => [name.slice(0, index + 1), name.slice(index)]);

/** Whether a part of a name is joined with something else. */
function isPut(text: string, part: string): boolean {
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    const beside = part.startsWith('_') ? text[at - 1] : text[at + part.length];
    if (beside === undefined || !/[\w\s.,;)\]-]/.test(beside)) return true;
  }
  return false;
}
