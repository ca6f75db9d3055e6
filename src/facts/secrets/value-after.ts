import type { Document, Language, Span } from '../../document/document.ts';

/** A literal behind a name, without its quotes. */
export interface BoundValue extends Span {
  /** `argument`: `set('name', 'value')`, where two strings beside each other prove little. */
  readonly by: 'assignment' | 'argument' | 'query';
  readonly quoted: boolean;
  readonly fallback: boolean;
}

const MAX_VALUE = 2_000;
/** Languages in which a value need not be quoted. */
const BARE: ReadonlySet<Language> = new Set([
  'dotenv',
  'ini',
  'yaml',
  'procfile',
  'dockerfile',
  'ignore-file',
  'version-file',
  'shell',
]);
const BARE_FILE =
  /\.(?:properties|conf|cfg|cnf|toml|tfvars|tf|zsh|service|env\w*|envrc|netrc|credentials)$|(?:^|\/)(?:Makefile|Jenkinsfile|credentials|config|\.envrc)$/;

const XML = /\.(?:xml|config|csproj)$/i;

const OPERATOR =
  /["'\]?!]{0,2}[ \t]{0,20}(?::[ \t]{0,4}(?:string|String|any)(?:[ \t]{0,4}\|[ \t]{0,4}\w{1,20}){0,3}[ \t]{0,4}=(?!=)|\|\|=?|\?\?=?|:=|=>|=(?!=)|:(?!:))(?:[ \t]{0,40}\r?\n)?[ \t]{0,40}/y;
const NAME_THEN_VALUE =
  /["']?[ \t]{0,4},?[ \t]{0,10}(?:\r?\n[ \t]{0,40})?(?:-[ \t]{0,4})?["']?[vV]alue["']?[ \t]{0,4}:[ \t]{0,10}/y;
const ARGUMENT = /["'][ \t]{0,4},\s{0,20}(?=["'])/y;
const FALLBACK = /[\w$.]{1,80}(?:\[["']\w{1,60}["']\])?(?:\([^()\n]{0,80}\))?[ \t]{0,10}(?:\|\||\?\?)\s{0,20}/y;
const WRAPPER = /(?:Buffer\.from|new TextEncoder\(\)\.encode|String|atob)?\([ \t]{0,4}/y;

function matched(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** The literal bound to the name at a span, by whatever means the language has; undefined where it is no literal. */
export function valueAfter({ text, language, path }: Document, name: Span): BoundValue | undefined {
  const query = queryValue(text, name, language);
  if (query) return query;
  if (XML.test(path)) return valueInXml(text, name);
  const isBare = BARE.has(language) || (language === 'text' && BARE_FILE.test(path));
  const pair = matched(NAME_THEN_VALUE, text, name.end);
  const label = /\b(name|key)["']?\s{0,4}:\s{0,4}["']?$/i.exec(
    text.slice(Math.max(0, name.start - 20), name.start),
  )?.[1];
  // a field called password in a recorded request holds what it was tried with
  if (pair !== undefined && label && (/^name$/i.test(label) || !/pass/i.test(text.slice(name.start, name.end)))) {
    return literalAt(text, name.end + pair.length, isBare, language, false);
  }
  const argument = matched(ARGUMENT, text, name.end);
  if (argument !== undefined) {
    const literal = literalAt(text, name.end + argument.length, false, language, false);
    // the second of three is one of a list
    if (literal && matched(ARGUMENT, text, literal.end) !== undefined) return undefined;
    return literal && { ...literal, by: 'argument' };
  }
  let operator = matched(OPERATOR, text, name.end);
  if (operator === undefined && language === 'dockerfile') {
    operator = /^[ \t]{0,20}(?:ENV|ARG)[ \t]{1,20}$/im.test(lineBefore(text, name.start))
      ? matched(/[ \t]{1,20}/y, text, name.end)
      : undefined;
  }
  if (operator === undefined && (language === 'nginx' || /(?:^|\/)[._]netrc$/.test(path)))
    operator = matched(/[ \t]{1,20}/y, text, name.end);
  if (operator === undefined) return undefined;
  // `${NAME:+text}` and `${NAME:?text}` bind nothing
  if (/^:[+?]/.test(text.slice(name.end, name.end + 2)) && text[name.start - 1] === '{') return undefined;
  let at = name.end + operator.length;
  let isFallback = /\|\||\?\?/.test(operator);
  if (language === 'javascript' || language === 'template') {
    const fallback = matched(FALLBACK, text, at);
    if (fallback !== undefined) isFallback = true;
    at += fallback?.length ?? 0;
    at += matched(WRAPPER, text, at)?.length ?? 0;
  }
  const crossesLine = operator.includes('\n');
  const literal = literalAt(text, at, isBare && !crossesLine, language, isFallback);
  if (literal) return literal;
  return assignedInCommand(text, name, operator, language);
}

/** `<password>value</password>` and `<add key="Password" value="value"/>`. */
function valueInXml(text: string, name: Span): BoundValue | undefined {
  const isElement = text[name.start - 1] === '<' && text[name.end] === '>';
  const between = isElement ? '>' : matched(/"[ \t]{1,10}value="/y, text, name.end);
  if (between === undefined) return undefined;
  const start = name.end + between.length;
  const end = start + (/^[^<>"\n]*/.exec(text.slice(start, start + MAX_VALUE))?.[0].length ?? 0);
  return end > start ? { start, end, by: 'assignment', quoted: true, fallback: false } : undefined;
}

const lineBefore = (text: string, at: number): string => text.slice(text.lastIndexOf('\n', at - 1) + 1, at);

function literalAt(
  text: string,
  at: number,
  isBare: boolean,
  language: Language,
  fallback: boolean,
): BoundValue | undefined {
  const quote = text[at] ?? '';
  if (quote === '"' || quote === "'" || quote === '`') {
    const end = endOfString(text, at, quote);
    return end === -1 ? undefined : { start: at + 1, end, by: 'assignment', quoted: true, fallback };
  }
  if (!isBare) return undefined;
  const end = endOfBare(text, at, language);
  return end > at ? { start: at, end, by: 'assignment', quoted: false, fallback } : undefined;
}

function endOfString(text: string, at: number, quote: string): number {
  for (let i = at + 1; i < Math.min(text.length, at + MAX_VALUE); i += 1) {
    const character = text[i];
    if (character === quote) return i;
    if (character === '\n') return -1;
    if (character === '\\') i += 1;
  }
  return -1;
}

function endOfBare(text: string, at: number, language: Language): number {
  const line = text.indexOf('\n', at);
  const limit = Math.min(line === -1 ? text.length : line, at + MAX_VALUE);
  const rest = text.slice(at, limit);
  if (language === 'dockerfile' || language === 'procfile' || language === 'text' || language === 'shell')
    return at + (/^[^\s"'`;,)]*/.exec(rest)?.[0].length ?? 0);
  const flow = language === 'yaml' ? /[ \t]#|[,}\]](?=[ \t]|$)/.exec(rest) : /[ \t][#;]/.exec(rest);
  return at + rest.slice(0, flow?.index ?? rest.length).trimEnd().length;
}

/** `?api_key=…` in any text, and `Password=…;` of a connection string. */
function queryValue(text: string, name: Span, language: Language): BoundValue | undefined {
  if (text[name.end] !== '=') return undefined;
  const before = text[name.start - 1] ?? '';
  const start = name.end + 1;
  if (before === '?' || before === '&') {
    if (isOwnPage(text, name.start)) return undefined;
    const end = start + (/^[\w.~%-]*/.exec(text.slice(start, start + 300))?.[0].length ?? 0);
    return end > start ? { start, end, by: 'query', quoted: true, fallback: false } : undefined;
  }
  if (before === ';' || (language === 'javascript' && before === ' ' && text[name.start - 2] === ';')) {
    const end = start + (/^[^;"'`\n]*/.exec(text.slice(start, start + 300))?.[0].length ?? 0);
    return end > start && text[end] !== '\n'
      ? { start, end, by: 'assignment', quoted: true, fallback: false }
      : undefined;
  }
  return undefined;
}

/** `/reset?login=a&token=b`: a link to a page of the project's own, with what that page is tried with. */
function isOwnPage(text: string, at: number): boolean {
  const link = /[^\s"'`()<>[\]]*$/.exec(text.slice(Math.max(0, at - 200), at))?.[0] ?? '';
  return /^\.{0,2}\/(?!\/)/.test(link);
}

/** `DB_PASSWORD=… node app.js` and `--password=…` inside a script of a manifest, a workflow or a document. */
function assignedInCommand(text: string, name: Span, operator: string, language: Language): BoundValue | undefined {
  if (operator !== '=' || language === 'javascript') return undefined;
  const word = text.slice(name.start, name.end);
  if (!/^(?:--[a-z-]+|[A-Z][A-Z0-9_]+)$/.test(word)) return undefined;
  const start = name.end + 1;
  const end = start + (/^[^\s"'`;,)\\<>|&]*/.exec(text.slice(start, start + MAX_VALUE))?.[0].length ?? 0);
  return end > start ? { start, end, by: 'assignment', quoted: false, fallback: false } : undefined;
}
