/** Words that, as a whole part of a value, say that it stands for another one. */
const STANDINS = new Set(
  (
    'default change changeme changethis replace replaceme insert your yours example examples sample dummy fake placeholder ' +
    'redacted removed hidden masked todo tbd fixme none null nil undefined empty foo foobar bar baz qux lorem ipsum ' +
    'notreal notarealkey dontuse mock mocked stub masked somevalue xxx xxxx xxxxx xxxxxx here goes'
  ).split(' '),
);

/** Written in many pieces, but always meaning "put yours here". */
const STANDIN_SHAPES: readonly RegExp[] = [
  /^(?:change|replace|insert|fill|enter|set|put|add|use|generate|create)[\s_-]?(?:me|it|this|in|your|with|here|a|the)(?![a-z])/i,
  /^(?:your|my|our|the|some|any|an?)[\s_-]/i,
  /^(?:your|my)[A-Z]/,
  /(?:^|[\s_-])(?:goes|key|token|secret|password)[\s_-]here$/i,
  /^<[^>]*>$/,
  /^(?:abc|xyz)\d{0,4}$/i,
  /^\[[^\]]*\]$/,
  /^%[\w.-]+%$/,
  /^@[\w.-]+@$/,
  /^__\w+__$/,
  /^#\{.*\}#?$/,
];

/** The value is fetched from somewhere else when the program runs. */
const REFERENCES: readonly RegExp[] = [
  /\$\{|\$\(|\{\{|<%|#\{/,
  /^\$[A-Za-z_]\w*$/,
  /^(?:vault|op|ssm|sm|gcp-sm|aws-sm|azurekeyvault|keyvault|secretref|secret|file|env|ref|doppler|infisical)(?::\/\/|:)/i,
  /^arn:aws/,
  /^(?:process\.env|import\.meta\.env|os\.environ|secrets|vars|env|getenv|config|process)\b[.[(]/,
  /^(?:encrypted:|ENC\[|AES256:|\$ANSIBLE_VAULT|-----BEGIN PGP MESSAGE)/,
  /^\/(?:run|var|etc|mnt)\//,
  /^%\(\w+\)s$/,
];

export const isReference = (value: string): boolean => REFERENCES.some((shape) => shape.test(value));

/** Whether a value stands for a secret rather than being one: `<password>`, `changeme`, `xxxx`, `sk_live_…`. */
export function isPlaceholder(value: string): boolean {
  const trimmed = value.trim();
  if (trimmed === '' || STANDIN_SHAPES.some((shape) => shape.test(trimmed))) return true;
  if (/\.{3}|…|\*{3}|x{5}|X{5}|_{4}|-{4}(?!-)/.test(trimmed)) return true;
  if (/EXAMPLE(?:KEY)?$/.test(trimmed) || distinctCharacters(trimmed) <= 2) return true;
  if (longestRun(trimmed) * 2 > trimmed.length && trimmed.length > 4) return true;
  return wordsOf(trimmed).some((word) => STANDINS.has(word));
}

/** Whether the random part of a token is a filler: `0000…`, `abcdef0123456789`, one letter over and over. */
export function isFiller(random: string): boolean {
  if (distinctCharacters(random) <= Math.min(4, random.length / 4)) return true;
  return (
    longestRun(random) >= Math.max(8, random.length / 3) || /example|placeholder|redacted|your|dummy/i.test(random)
  );
}

const distinctCharacters = (text: string): number => new Set(text).size;

/** Length of the longest stretch in which every character equals, follows or precedes the one before it. */
function longestRun(text: string): number {
  let longest = 1;
  let run = 1;
  let step = Number.NaN;
  for (let i = 1; i < text.length; i += 1) {
    const now = text.charCodeAt(i) - text.charCodeAt(i - 1);
    const steady = Math.abs(now) <= 1 || (text[i - 1] === '9' && (text[i] === '0' || /[aA]/.test(text[i] ?? '')));
    run = steady && (now === step || run === 1) ? run + 1 : 1;
    step = now;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** The words an identifier or a value is made of, lower-case: `dbPassword_OLD` → db, password, old. */
export function wordsOf(text: string): readonly string[] {
  return text
    .slice(0, 400)
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z\d]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** Bits per character of a text, by the frequencies of its own characters. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** How many of lower case, upper case, digits and other characters a text holds. */
export const characterClassesOf = (text: string): number =>
  [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((characters) => characters.test(text)).length;
