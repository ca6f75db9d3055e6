import { maskOf } from '../../document/mask.ts';
import { AnchorSearch } from './anchor-search.ts';
import { isFiller } from './placeholders.ts';
import type { SecretFact } from './secret-fact.ts';
import { TOKEN_SHAPES } from './token-shapes.ts';
import type { TokenShape } from './token-shapes.ts';

const escaped = (literal: string): string => literal.replaceAll(/[.$/\\+*?()[\]{}|^-]/g, '\\$&');

/** Anchors, longest first: the longest wins, and those it starts with are tried after it. */
const ANCHORS = [...new Set(TOKEN_SHAPES.map(({ anchor }) => anchor))].toSorted((a, b) => b.length - a.length);

const SHAPES_AT: ReadonlyMap<string, readonly TokenShape[]> = new Map(
  ANCHORS.map((found) => [
    found,
    TOKEN_SHAPES.filter(({ anchor }) => found.startsWith(anchor)).toSorted((a, b) => b.anchor.length - a.anchor.length),
  ]),
);

const anchors = new AnchorSearch(new RegExp(ANCHORS.map(escaped).join('|')), ANCHORS);

/** Tokens in the documented format of some issuer. One pass over the text, patterns only at anchors. */
export function tokensIn(text: string): readonly SecretFact[] {
  const found: SecretFact[] = [];
  let from = 0;
  for (let hit = anchors.next(text, from); hit; hit = anchors.next(text, from)) {
    const token = tokenAt(text, hit.index, SHAPES_AT.get(hit.found) ?? []);
    if (token) found.push(token);
    from = Math.max(token?.end ?? 0, hit.index + 1);
  }
  return found;
}

function tokenAt(text: string, anchorAt: number, shapes: readonly TokenShape[]): SecretFact | undefined {
  for (const tokenShape of shapes) {
    for (let lead = tokenShape.lead; lead >= Math.min(tokenShape.lead, 4); lead -= 1) {
      const start = anchorAt - lead;
      if (start < 0 || (isWordCharacter(text.charCodeAt(start - 1)) && !isBotAddress(text, start))) continue;
      tokenShape.pattern.lastIndex = start;
      const value = tokenShape.pattern.exec(text)?.[0];
      if (value === undefined) continue;
      return factOf(text, start, value, tokenShape);
    }
  }
  return undefined;
}

function factOf(text: string, start: number, value: string, tokenShape: TokenShape): SecretFact | undefined {
  const { detector, name, anchor, lead, grade, isTest, isIssued } = tokenShape;
  const random = lead > 0 ? value : value.slice(anchor.length);
  if (isFiller(random) || value.endsWith('EXAMPLE') || !looksRandom(random)) return undefined;
  const issued = isIssued?.(value);
  const isPublic = detector === 'google-api-key' && /firebase|authDomain|"current_key"/i.test(around(text, start));
  return {
    start,
    end: start + value.length,
    detector,
    name,
    kind: 'token',
    grade,
    masked: maskOf(value, lead > 0 ? '' : anchor),
    strength: issued === undefined ? 'shaped' : issued ? 'verified' : 'refuted',
    ...(isTest?.(value) || (issued !== true && isExampleAt(text, start))
      ? { mode: 'test' as const }
      : isPublic && { mode: 'public' as const }),
  };
}

/** A name such as `sk-proj-some-long-identifier` has the letters of a token and none of its disorder. */
const looksRandom = (random: string): boolean =>
  /\d/.test(random) || /[a-z][A-Z]|[A-Z][a-z][A-Z]/.test(random) || (/^[A-Z+/=]+$/.test(random) && random.length < 20);

const around = (text: string, at: number): string => text.slice(Math.max(0, at - 300), at + 300);

/** `example: '…'`, `.example('…')`: what a description of an API shows. */
const isExampleAt = (text: string, at: number): boolean =>
  /\bexamples?["']?\s{0,4}[(:=]\s{0,4}\[?["'`]$/i.test(text.slice(Math.max(0, at - 30), at));

/** `https://api.telegram.org/bot123:AA…`. */
const isBotAddress = (text: string, at: number): boolean => text.slice(Math.max(0, at - 4), at) === '/bot';

const isWordCharacter = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
