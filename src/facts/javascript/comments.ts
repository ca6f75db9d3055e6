import type { Document, Span } from '../../document/document.ts';
import { parsed } from './parse.ts';

/** Where the comments of a module are; undefined where it cannot be parsed. */
export function commentsIn({ path, text }: Document): readonly Span[] | undefined {
  const { file } = parsed(path, text);
  return file?.comments?.map(({ start = 0, end = 0 }) => ({ start: start ?? 0, end: end ?? 0 }));
}
