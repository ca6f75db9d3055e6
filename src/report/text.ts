const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}/u;

/** Terminal columns of a line without control characters. */
export function widthOf(line: string): number {
  let width = 0;
  for (const character of line) {
    if (/\p{M}/u.test(character)) continue;
    width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}

/** Lines of at most `width` columns, broken between words, and inside of a code span only where it is longer. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of wordsOf(text, width)) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return line === '' ? lines : [...lines, line];
}

const wordsOf = (text: string, width: number): readonly string[] =>
  (text.match(/(?:`[^`]+`|[^\s`])+|\S+/g) ?? []).flatMap((word) =>
    widthOf(word) > width ? word.split(/\s+/).filter((part) => part !== '') : [word],
  );

/** `1 finding`, `3 findings`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** The first sentence of a text in Markdown, on one line. */
export function firstSentence(markdown: string): string {
  const paragraph = firstParagraph(markdown);
  return /^.*?[.!?](?=\s+[A-Z`])/.exec(paragraph)?.[0] ?? paragraph;
}

/** A first sentence shorter than this many characters names the thing; what it does is in the next. */
const SHORT_SENTENCE = 60;

/** What a text in Markdown says first, on one line: one sentence, or two where the first only sets the scene. */
export function gistOf(markdown: string): string {
  const paragraph = firstParagraph(markdown);
  const first = firstSentence(paragraph);
  if (first.length >= SHORT_SENTENCE || first === paragraph) return first;
  return `${first} ${firstSentence(paragraph.slice(first.length))}`;
}

export const firstParagraph = (markdown: string): string =>
  (markdown.trim().split(/\n\s*\n/, 1)[0] ?? '').replaceAll(/\s*\n\s*/g, ' ');

/** Cut at the end to at most `width` columns. */
export function shortened(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  return `${text.slice(0, Math.max(0, width - 1)).trimEnd()}…`;
}
