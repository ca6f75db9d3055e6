import type { Span } from '../../document/document.ts';

const MAX_TAGS = 5000;

/** What stands between an opening and the next closing mark. */
export interface Tag extends Span {
  readonly open: string;
  readonly inner: string;
}

/** All tags of a text, the longest opening mark first where one begins like another. */
export function tagsIn(text: string, marks: readonly (readonly [open: string, close: string])[]): readonly Tag[] {
  const tags: Tag[] = [];
  const openings = marks.map(([open, close]) => ({ open, close, start: text.indexOf(open) }));
  let at = 0;
  while (tags.length < MAX_TAGS) {
    // a mark is looked for again only once it was passed, so that the text is read once for each of them
    for (const opening of openings)
      if (opening.start !== -1 && opening.start < at) opening.start = text.indexOf(opening.open, at);
    const [next] = openings
      .filter(({ start }) => start !== -1)
      .toSorted((a, b) => a.start - b.start || b.open.length - a.open.length);
    if (!next) break;
    const { start, open, close } = next;
    const end = text.indexOf(close, start + open.length);
    if (end === -1) break;
    tags.push({ start, end: end + close.length, open, inner: text.slice(start + open.length, end) });
    at = end + close.length;
  }
  return tags;
}
