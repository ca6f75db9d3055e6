import type { Location } from '../../document/document.ts';
import type { DirectiveFact, PolicyFact, Range } from '../../facts/http/http-facts.ts';

/** One content security policy, placed. */
export interface Policy extends Omit<PolicyFact, 'at' | 'directives' | 'repeated'> {
  readonly at: Location;
  readonly directives: readonly Directive[];
  /** Directives that a browser ignores because one of the same name came first. */
  readonly repeated: readonly Directive[];
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

/** True where the policy says which scripts may run. */
export const controlsScripts = (policy: Policy): boolean =>
  policy.directive('script-src', 'default-src') !== undefined || sandboxesScripts(policy);

const sandboxesScripts = (policy: Policy): boolean => policy.directive('sandbox')?.has('allow-scripts') === false;

/** What all of these policies allow. A script runs only if every policy lets it, so one strict policy is enough. */
export function weaknessesOf(policies: readonly Policy[]): readonly Weakness[] {
  const controlling = policies.filter(controlsScripts);
  const all = controlling.map(weaknessesOfOne);
  const [first = [], ...others] = all;
  return first.filter(({ kind }) => others.every((weaknesses) => weaknesses.some((other) => other.kind === kind)));
}

function weaknessesOfOne(policy: Policy): readonly Weakness[] {
  if (sandboxesScripts(policy)) return [];
  const elements = policy.directive('script-src-elem', 'script-src', 'default-src');
  const attributes = policy.directive('script-src-attr', 'script-src', 'default-src');
  const scripts = policy.directive('script-src', 'default-src');
  const found: Weakness[] = [];
  const add = (kind: Weakness['kind'], directive: Directive | undefined, isWeak: (text: string) => boolean): void => {
    const value = directive?.values.find(({ text }) => isWeak(text));
    if (directive && value) found.push({ kind, source: value.text, directive: directive.name, at: value.at });
  };
  for (const directive of new Set([elements, attributes])) {
    if (directive && !isInlineTamed(directive)) add('inline', directive, (text) => text === "'unsafe-inline'");
  }
  if (elements?.has("'strict-dynamic'") === false) {
    add('anything', elements, (text) => ['*', 'http:', 'https:', 'data:', 'blob:'].includes(text));
    add('gadget', elements, (text) => policy.gadgets.includes(text));
  }
  add('eval', scripts, (text) => text === "'unsafe-eval'");
  return found;
}

/** CSP2 and later ignore 'unsafe-inline' next to a nonce or a hash, CSP3 also next to 'strict-dynamic'. */
const isInlineTamed = ({ values }: Directive): boolean =>
  values.some(({ text }) => /^'(?:nonce-|sha(?:256|384|512)-|strict-dynamic')/.test(text));
