export type Reach = 'all' | 'some' | 'none';

/** One part of a pattern between slashes. */
interface Segment {
  /** What stands before the first group or name. */
  readonly literal: string;
  /** Patterns of its groups, in order; undefined for a name without one, which is any text without a slash. */
  readonly groups: readonly (string | undefined)[];
  /** How often it may stand there. */
  readonly times: '' | '?' | '*' | '+';
}

/** What no page is below: files, and what a page never is called for. */
const NO_PAGE =
  /^(\/?(api|trpc|_next|_vercel|_static|__\w+|static|assets|images?|img|fonts|icons?|public|monitoring|ingest|favicon|robots|sitemap|manifest|sw|apple-\S*)\b|\.\*|\.\+|\[\^|.*\\\\?\.)/;

/**
 * Whether a pattern of `config.matcher` or of `headers()` meets a path of a route; no path: what is called from any
 * page. Source: https://nextjs.org/docs/app/api-reference/file-conventions/proxy#matcher
 */
export function matcherReach(matcher: string | undefined, path: string | undefined): Reach {
  if (matcher === undefined || /[{}]/.test(matcher)) return 'some';
  const wanted = split(matcher, '/').filter((text) => text !== '');
  const [first] = wanted.map(segmentOf);
  if (path === undefined) return wanted.length === 1 && first && meetsPages(first) ? 'all' : 'some';
  return reachFrom(
    wanted.map(segmentOf),
    path.split('/').filter((text) => text !== ''),
    true,
  );
}

function meetsPages({ literal, groups, times }: Segment): boolean {
  if (literal !== '' || groups.length !== 1) return false;
  const [pattern] = groups;
  if (pattern === undefined) return times === '*';
  const but = withoutOf(pattern);
  return pattern === '.*' || (but?.every((text) => NO_PAGE.test(text)) ?? false);
}

/** `(?!api|_next).*`: what must not stand there. */
const withoutOf = (pattern: string): readonly string[] | undefined => {
  const inner = /^\(?\?!(.+)\)\.[*+]$/.exec(pattern)?.[1];
  return inner === undefined ? undefined : split(inner, '|');
};

function segmentOf(text: string): Segment {
  const times = /[?*+]$/.exec(text)?.[0] ?? '';
  const isTimes = times !== '' && /(^|[\w)])[?*+]$/.test(text) && (/:\w+[?*+]$/.test(text) || /\)[?*+]$/.test(text));
  const body = isTimes ? text.slice(0, -1) : text;
  const [literal = ''] = /^[^:(]*/.exec(body) ?? [];
  const groups: (string | undefined)[] = [];
  for (let rest = body.slice(literal.length); rest !== '';) {
    const [name = ''] = /^:\w+/.exec(rest) ?? [];
    const end = rest.charAt(name.length) === '(' ? closing(rest, name.length) : -1;
    if (name === '' && end < 0) return { literal, groups: ['unread'], times: '' };
    groups.push(end < 0 ? undefined : rest.slice(name.length + 1, end));
    rest = rest.slice(end < 0 ? name.length : end + 1);
  }
  return { literal, groups, times: (isTimes ? times : '') as Segment['times'] };
}

function reachFrom(wanted: readonly Segment[], given: readonly string[], isStart: boolean): Reach {
  const [segment, ...others] = wanted;
  if (!segment) return given.length === 0 ? 'all' : /^:\w+\*$/.test(given[0] ?? '') ? 'some' : 'none';
  const { literal, groups, times } = segment;
  const [pattern] = groups;
  const [part, ...left] = given;
  if (literal === '' && groups.length === 1 && pattern === undefined && times !== '') {
    if (others.length > 0) return 'some';
    if (part === undefined) return times === '+' ? 'none' : 'all';
    return times === '?' ? (left.length === 0 ? 'all' : 'none') : 'all';
  }
  if (times !== '') return 'some';
  if (groups.some((each) => each !== undefined && crosses(each))) {
    if (others.length > 0) return 'some';
    return part === undefined && !isStart ? 'none' : reachOfRest(segment, given.join('/'));
  }
  if (part === undefined) return 'none';
  const here = reachOfPart(segment, part);
  return here === 'none' ? 'none' : weaker(here, reachFrom(others, left, false));
}

const crosses = (pattern: string): boolean => /^\.[*+]$|^\(?\?!/.test(pattern);
const weaker = (a: Reach, b: Reach): Reach => (a === 'none' || b === 'none' ? 'none' : a === 'some' ? a : b);
const isNamed = (part: string): boolean => part.startsWith(':');

/** `(api|trpc)(.*)`, `(?!login).*`: the rest of the path as a whole. */
function reachOfRest({ literal, groups }: Segment, rest: string): Reach {
  const [first, second] = groups;
  const plain = first === undefined ? undefined : namesIn(first);
  if (groups.length === 2 && plain && second === '.*' && literal === '') {
    if (plain.some((name) => rest.startsWith(name))) return 'all';
    return isNamed(rest) ? 'some' : 'none';
  }
  if (groups.length !== 1 || first === undefined) return 'some';
  if (!rest.startsWith(literal)) return isNamed(rest) ? 'some' : 'none';
  const after = rest.slice(literal.length);
  if (first === '.*') return 'all';
  if (first === '.+') return after === '' ? 'none' : 'all';
  const but = withoutOf(first);
  return but ? reachWithout(but, after) : 'some';
}

function reachOfPart({ literal, groups }: Segment, part: string): Reach {
  if (groups.length === 0) return literal === part ? 'all' : isNamed(part) ? 'some' : 'none';
  const [pattern] = groups;
  if (groups.length > 1 || literal !== '') return 'some';
  if (pattern === undefined || pattern === '[^/]+' || pattern === '[^\\/]+') return 'all';
  const names = namesIn(pattern);
  if (!names || isNamed(part)) return 'some';
  return names.includes(part) ? 'all' : 'none';
}

/** `en|de`; undefined for other patterns. */
const namesIn = (pattern: string): readonly string[] | undefined => {
  const plain = pattern.replace(/^\?:/, '').replaceAll(/\\+-/g, '-');
  return /^[\w-]+(\|[\w-]+)*$/.test(plain) ? plain.split('|') : undefined;
};

/** `api|_next/static|.*\\..*`: what a path must not begin with. */
function reachWithout(all: readonly string[], path: string): Reach {
  let certain = true;
  for (const text of all) {
    // files, which no route is
    if (/\\{1,2}\.|\[\^/.test(text)) continue;
    const group = /^\((?:\?:)?([\w|/.-]+)\)(.*)$/.exec(text);
    for (const each of group ? (group[1] ?? '').split('|').map((name) => name + (group[2] ?? '')) : [text]) {
      const plain = each.replace(/^\^/, '').replace(/(\.\*)$/, '');
      const [, begin, end] = /^([\w./-]*?)(\$|\\+b|\(\/\|\$\)|\(\?:\/\|\$\)|\(\$\|\/\))?$/.exec(plain) ?? [];
      if (begin === undefined) certain = false;
      else if (end === '$' ? path === begin : end === undefined ? path.startsWith(begin) : beginsWord(path, begin))
        return 'none';
      else if (isNamed(path) && begin !== '') certain = false;
    }
  }
  return certain ? 'all' : 'some';
}

const beginsWord = (path: string, begin: string): boolean =>
  path.startsWith(begin) && !/^\w/.test(path.slice(begin.length));

function closing(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '(') depth += 1;
    else if (text[at] === ')' && (depth -= 1) === 0) return at;
  }
  return -1;
}

/** The parts between a letter outside of parentheses. */
function split(text: string, by: string): readonly string[] {
  const found = [''];
  let depth = 0;
  for (const letter of text) {
    if (letter === '(') depth += 1;
    if (letter === ')') depth -= 1;
    if (letter === by && depth === 0) found.push('');
    else found[found.length - 1] += letter;
  }
  return found;
}
