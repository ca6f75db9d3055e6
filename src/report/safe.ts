/**
 * Text of the audited project or of a probed server is hostile: it may hold terminal escapes, overrides of reading
 * direction, markup or commands of the place it is printed in. Every such text goes through one of these functions.
 */

// Controls, formats (zero width, reading direction, tags), lone surrogates, line and paragraph separators, fillers; not
// the two that only choose between text and emoji.
const INVISIBLE = /(?![\uFE0E\uFE0F])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Longer texts say nothing more to a reader. */
const MAX_LENGTH = 1000;

/** One line of visible characters: whatever is invisible, or moves the cursor or the direction, is spelled out. */
export const printable = (text: string): string =>
  text.length > MAX_LENGTH
    ? `${printable(text.slice(0, MAX_LENGTH))}…(${text.length - MAX_LENGTH} more characters)`
    : text.replaceAll(INVISIBLE, spelled);

/**
 * CI runners take commands from whatever is printed: `::error::` at the start of a line, `##[…]`, `##vso[…]` and
 * `##teamcity[…]` anywhere. For plain text that quotes the project.
 */
export const withoutCommands = (text: string): string =>
  withoutInnerCommands(text.replaceAll(/^([ \t]*):(?=:)/gm, String.raw`$1\x3a`));

const withoutInnerCommands = (text: string): string => text.replaceAll(/##(?=\w*\[)/g, String.raw`#\x23`);

function spelled(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === '\n') return String.raw`\n`;
  if (character === '\r') return String.raw`\r`;
  if (character === '\t') return String.raw`\t`;
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

/** As `printable`, where lines are kept and tabs become spaces. */
export const printableLines = (text: string, tab = '  '): readonly string[] =>
  text.split(/\r\n|\n|\r/).map((line) => printable(line.replaceAll('\t', tab)));

/** JSON of a value, with every invisible character as an escape: the same value, harmless to print. */
export const safeJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replaceAll(INVISIBLE, (character) =>
    character === '\n'
      ? character
      : Array.from({ length: character.length }, (_, i) => unicodeEscape(character.charCodeAt(i))).join(''),
  );

const unicodeEscape = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`;

/** Text inside an HTML element or a quoted attribute. */
export const safeHtml = (text: string): string => printable(text).replaceAll(/[&<>"'`]/g, entity);

/** Several lines of text inside an HTML element. */
export const safeHtmlLines = (text: string): string =>
  printableLines(text)
    .map((line) => line.replaceAll(/[&<>"'`]/g, entity))
    .join('\n');

/** Text inside an XML element or a quoted attribute. What XML 1.0 forbids is spelled out by `printable` already. */
export const safeXml = (text: string): string => printable(text).replaceAll(/[&<>"'\uFFFE\uFFFF]/g, entity);

const entity = (character: string): string =>
  `&#${character.charCodeAt(0) > 0xfffd ? 0xfffd : character.charCodeAt(0)};`;

/** Text inside one line of Markdown, where nothing in it is markup, a link, a mention or HTML. */
export const safeMarkdown = (text: string): string =>
  printable(text)
    .replaceAll(/[\\`*_{}[\]()#+!|<>~&$-]/g, (character) => `\\${character}`)
    .replaceAll(/\\([<>&])/g, (_, character: string) => entity(character))
    // GitHub looks for mentions and references after it has decoded escapes and entities: only a gap stops it
    .replaceAll(/@(?=\w)|#(?=\w)(?<!&#)/g, '$&\u200B')
    .replaceAll(/:(?=\/\/)/g, '&#58;')
    .replaceAll(/\b(www)\./gi, '$1&#46;');

/** A code span. A fence longer than any inside keeps the text from ending it. */
export function codeSpan(text: string): string {
  const shown = printable(text).replaceAll('|', '¦');
  const fence = '`'.repeat(longestRun(shown) + 1);
  const pad = shown.startsWith('`') || shown.endsWith('`') || shown === '' ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** A fenced code block. */
export function codeBlock(text: string, language = ''): string {
  const shown = printableLines(text).join('\n');
  const fence = '`'.repeat(Math.max(3, longestRun(shown) + 1));
  return `${fence}${language}\n${shown}\n${fence}`;
}

const longestRun = (text: string): number => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));

/** The message of a GitHub workflow command. */
export const safeCommandData = (text: string): string =>
  text
    .split(/\r\n|\n|\r/)
    .map((line) => withoutInnerCommands(printable(line)).replaceAll('%', '%25'))
    .join('%0A');

/** A property of a GitHub workflow command. */
export const safeCommandProperty = (text: string): string =>
  withoutInnerCommands(printable(text)).replaceAll('%', '%25').replaceAll(':', '%3A').replaceAll(',', '%2C');
