import { coverage } from './paths.ts';

/**
 * Whether a pattern of `config.matcher` or of `headers()` meets a path of a route.
 * Source: https://nextjs.org/docs/app/api-reference/file-conventions/middleware#matcher
 */
export function matcherReach(matcher: string | undefined, path: string | undefined): 'all' | 'some' | 'none' {
  if (matcher === undefined) return 'some';
  if (/^\/(\(\.\*\)|:\w+\*|\(\.\*\)\?|:\w+\(\.\*\))$/.test(matcher)) return 'all';
  if (path === undefined) return 'some';
  const but = /^\/\((?::\w+)?\(?\?!(.+)\)\.\*\)$/.exec(matcher)?.[1];
  if (but !== undefined) return reachWithout(alternatives(but), path.slice(1));
  const [, names] = /^\/\(([\w|-]+)\)\(\.\*\)$/.exec(matcher) ?? [];
  if (names !== undefined) return names.split('|').some((name) => path.startsWith(`/${name}`)) ? 'all' : 'none';
  if (/[()]/.test(matcher)) return 'some';
  const isBelow = /:\w+\*$/.test(matcher);
  const scope = matcher.replace(/\/:\w+\*$/, '');
  return coverage(scope === '' ? '/' : scope, path, !isBelow);
}

/** `api|_next/static|.*\\..*`: what a path must not begin with. */
function reachWithout(all: readonly string[], path: string): 'all' | 'some' | 'none' {
  let certain = true;
  for (const text of all) {
    const plain = text.replace(/[$/]+$/, '').replaceAll('\\', '');
    // files, which no route is
    if (/\\{1,2}\.|\[\^/.test(text)) continue;
    if (/^[\w./-]*$/.test(plain)) {
      if (plain === '' ? path === '' : path.startsWith(plain)) return 'none';
    } else certain = false;
  }
  return certain ? 'all' : 'some';
}

function alternatives(text: string): readonly string[] {
  const found = [''];
  let depth = 0;
  for (const letter of text) {
    if (letter === '(') depth += 1;
    if (letter === ')') depth -= 1;
    if (letter === '|' && depth === 0) found.push('');
    else found[found.length - 1] += letter;
  }
  return found;
}
