/** How dotenv and Node.js read the same text. Undefined where they read no such name at all. */
export interface Readings {
  readonly dotenv: ReadonlyMap<string, string>;
  readonly node: ReadonlyMap<string, string>;
}

export const readingsOf = (text: string): Readings => ({ dotenv: dotenvReading(text), node: nodeReading(text) });

const NAME = /[ \t\f\v]*(?:export[ \t]+)?([\w.-]+)(?:[ \t]*=[ \t]*|:[ \t]+)/y;

/** As the package dotenv reads it, 16 to 18. Source: https://github.com/motdotla/dotenv#what-rules-does-the-parsing-engine-follow */
function dotenvReading(original: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const text = original.replaceAll(/\r\n?/g, '\n');
  let at = 0;
  while (at < text.length) {
    NAME.lastIndex = at;
    const name = NAME.exec(text);
    if (!name?.[1]) {
      at = nextLine(text, at);
      continue;
    }
    const from = at + name[0].length;
    const quoted = quotedAt(text, from);
    const raw = text.slice(from, quoted ?? unquotedEnd(text, from)).trim();
    values.set(name[1], unquoted(raw));
    at = nextLine(text, quoted ?? from);
  }
  return values;
}

/** The end of a string whose closing quote is followed by nothing but a comment. */
function quotedAt(text: string, from: number): number | undefined {
  const quote = text[from];
  if (quote !== '"' && quote !== "'" && quote !== '`') return undefined;
  for (let i = from + 1; i < text.length; i += 1) {
    if (text[i] === '\\' && text[i + 1] === quote) i += 1;
    else if (text[i] === quote) return /^[ \t]*(?:#|\r|\n|$)/.test(text.slice(i + 1, i + 200)) ? i + 1 : undefined;
  }
  return undefined;
}

function unquotedEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && text[end] !== '#' && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return end;
}

function unquoted(raw: string): string {
  const quote = raw[0] ?? '';
  if (!'"\'`'.includes(quote) || quote === '' || raw.length < 2 || raw.at(-1) !== quote) return raw;
  const inner = raw.slice(1, -1);
  return quote === '"' ? inner.replaceAll('\\n', '\n').replaceAll('\\r', '\r') : inner;
}

const nextLine = (text: string, at: number): number => {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
};

/** As `node --env-file` and `util.parseEnv` read it. Source: https://nodejs.org/api/environment_variables.html#dotenv */
function nodeReading(original: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const text = original.replaceAll('\r', '');
  let at = 0;
  while (at < text.length) {
    while (/\s/.test(text[at] ?? '')) at += 1;
    const line = nextLine(text, at);
    const equals = text.indexOf('=', at);
    if (text[at] === '#' || equals === -1 || equals >= line) {
      at = line;
      continue;
    }
    const name = text
      .slice(at, equals)
      .trim()
      .replace(/^export /, '')
      .trim();
    let from = equals + 1;
    while (text[from] === ' ' || text[from] === '\t') from += 1;
    if (name === '') {
      at = line;
      continue;
    }
    const quote = text[from] ?? '';
    const close = quote !== '' && '"\'`'.includes(quote) ? text.indexOf(quote, from + 1) : -1;
    if (close !== -1) {
      const inner = text.slice(from + 1, close);
      values.set(name, quote === '"' ? inner.replaceAll('\\n', '\n') : inner);
      at = nextLine(text, close);
      continue;
    }
    const raw = text.slice(from, line);
    const isOpen = quote !== '' && '"\'`'.includes(quote);
    const hash = raw.indexOf('#');
    // a quote that is never closed takes the rest of the line as it is
    values.set(name, isOpen ? raw.replace(/\n$/, '') : (hash === -1 ? raw : raw.slice(0, hash)).trim());
    at = line;
  }
  return values;
}
