import type { Location } from '../../document/document.ts';
import type { DirectiveFact, PolicyFact, Range } from '../../facts/http/http-facts.ts';

/** One content security policy, placed. */
export interface Policy extends Omit<PolicyFact, 'at' | 'directives' | 'repeated' | 'unreadable'> {
  readonly at: Location;
  readonly directives: readonly Directive[];
  /** Directives that a browser ignores because one of the same name came first. */
  readonly repeated: readonly Directive[];
  /** Directives that a browser skips whole, for a character outside ASCII. */
  readonly unreadable: readonly Directive[];
  /** The first of these directives that the policy has: `directive('script-src', 'default-src')`. */
  readonly directive: (...names: readonly string[]) => Directive | undefined;
}

export interface Directive {
  readonly name: string;
  readonly values: readonly { readonly text: string; readonly at: Location }[];
  readonly at: Location;
  readonly has: (source: string) => boolean;
}

/** What a page's policies let an attacker's script do. */
export interface Weakness {
  readonly kind: 'inline' | 'anything' | 'eval' | 'gadget';
  /** The source that allows it. */
  readonly source: string;
  readonly directive: string;
  readonly at: Location;
}

export function policyOf(fact: PolicyFact, at: (range: Range) => Location): Policy {
  const directives = fact.directives.map((directive) => directiveOf(directive, at));
  return {
    ...fact,
    at: at(fact.at),
    directives,
    repeated: fact.repeated.map((directive) => directiveOf(directive, at)),
    unreadable: fact.unreadable.map((directive) => directiveOf(directive, at)),
    directive: (...names) => {
      const name = names.find((candidate) => directives.some((directive) => directive.name === candidate));
      return directives.find((directive) => directive.name === name);
    },
  };
}

const directiveOf = ({ name, values, at: range }: DirectiveFact, at: (range: Range) => Location): Directive => ({
  name,
  values: values.map((value) => ({ text: value.text, at: at(value.at) })),
  at: at(range),
  has: (source) => values.some(({ text }) => text === source),
});

const HEADER_ONLY = new Set(['frame-ancestors', 'report-uri', 'sandbox']);

/** False of a policy without a directive that browsers obey where it stands: it is none (CSP3 §2.2.2, §3.3). */
export const saysAnything = ({ from, directives }: Policy): boolean =>
  directives.some(({ name }) => from === 'header' || !HEADER_ONLY.has(name));

/** True where the policy says which scripts may run. */
export const controlsScripts = (policy: Policy): boolean =>
  policy.directive('script-src', 'default-src') !== undefined || sandboxesScripts(policy);

/** A sandbox in a meta element is none (CSP3 §3.3). */
const sandboxesScripts = ({ from, directive }: Policy): boolean =>
  from === 'header' &&
  directive('sandbox')?.values.some(({ text }) => text.toLowerCase() === 'allow-scripts') === false;

/** What all of these policies allow. A script runs only if every policy lets it, so one strict policy is enough. */
export function weaknessesOf(policies: readonly Policy[]): readonly Weakness[] {
  if (!policies.some(controlsScripts)) return [];
  const all = policies.map(allowancesOf);
  const found = new Map<string, Weakness>();
  for (const [way, weakness] of all.flatMap(({ named }) => [...named])) {
    if (!all.every(({ lets }) => lets(way))) continue;
    const place = `${weakness.kind} ${weakness.at.start} ${weakness.source}`;
    if (!found.has(place)) found.set(place, weakness);
  }
  return [...found.values()];
}

/** One way for an attacker's script: `inline element`, `from data:`, `gadget https://…`. */
type Way = string;

interface Allowances {
  /** Ways that the policy opens by a source. */
  readonly named: ReadonlyMap<Way, Weakness>;
  /** Whether it lets a way, by a source or by saying nothing of it. */
  readonly lets: (way: Way) => boolean;
}

function allowancesOf(policy: Policy): Allowances {
  if (sandboxesScripts(policy)) return { named: new Map(), lets: () => false };
  const elements = policy.directive('script-src-elem', 'script-src', 'default-src');
  const attributes = policy.directive('script-src-attr', 'script-src', 'default-src');
  const scripts = policy.directive('script-src', 'default-src');
  const named = new Map<Way, Weakness>();
  const add = (way: Way, kind: Weakness['kind'], directive: Directive, text: string): void => {
    const value = directive.values.find((source) => source.text === text);
    if (value && !named.has(way)) named.set(way, { kind, source: text, directive: directive.name, at: value.at });
  };
  for (const [way, directive] of [
    ['inline element', elements],
    ['inline attribute', attributes],
  ] as const) {
    if (directive && !isInlineTamed(directive)) add(way, 'inline', directive, "'unsafe-inline'");
  }
  if (elements?.has("'strict-dynamic'") === false) {
    for (const { text } of elements.values) {
      for (const origin of wideOriginsOf(text)) add(`from ${origin}`, 'anything', elements, text);
      if (policy.gadgets.includes(text)) add(`gadget ${text}`, 'gadget', elements, text);
    }
  }
  if (scripts) add('eval', 'eval', scripts, "'unsafe-eval'");
  const silent = (way: Way): boolean =>
    (way === 'inline attribute' ? attributes : way === 'eval' ? scripts : elements) === undefined;
  return {
    named,
    lets: (way) => named.has(way) || silent(way) || (way.startsWith('gadget ') && named.has('from https:')),
  };
}

/** Where a script may come from by a source that names no host (CSP3 §6.7.2.8). */
function wideOriginsOf(source: string): readonly string[] {
  if (source === 'data:' || source === 'blob:' || source === 'https:') return [source];
  const scheme = /^(?:(https?):\/\/)?\*(?::(?:\*|\d{1,5}))?\/?$/i.exec(source);
  if (scheme?.[1]?.toLowerCase() === 'https') return ['https:'];
  // a scheme lets its safer form in too
  return scheme || source === 'http:' ? ['http:', 'https:'] : [];
}

/** Keywords of CSP3 §2.3.1 that make `'unsafe-inline'` count for nothing; what is no nonce and no hash does not. */
const isInlineTamed = ({ values }: Directive): boolean =>
  values.some(({ text }) => /^'(?:strict-dynamic|(?:nonce|sha(?:256|384|512))-[\w+/-]+={0,2})'$/i.test(text));
