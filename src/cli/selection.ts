import { AuditError } from '../document/audit-error.ts';
import { nearestOf } from '../document/nearest.ts';
import { isAbout } from '../engine/ignore.ts';
import { CATEGORIES } from '../rule/category.ts';
import type { Rule } from '../rule/rule.ts';

export interface Selection {
  readonly only: readonly string[];
  readonly skip: readonly string[];
}

/** The rules that are to run. A name that is no rule and no category is the caller's mistake. */
export function selected(rules: readonly Rule[], { only, skip }: Selection): readonly Rule[] {
  for (const name of [...only, ...skip]) requireKnown(name, rules);
  const chosen = rules.filter(({ id }) => (only.length === 0 || only.some(isAbout(id))) && !skip.some(isAbout(id)));
  if (chosen.length > 0) return chosen;
  throw new AuditError(2, 'No rule is left to check.', 'Leave out less: see --only, --skip and the configuration.');
}

/** The rule of that name. */
export function ruleNamed(name: string, rules: readonly Rule[]): Rule {
  const rule = rules.find(({ id }) => id === name);
  return (
    rule ??
    unknown(
      name,
      rules.map(({ id }) => id),
      'rule',
    )
  );
}

function requireKnown(name: string, rules: readonly Rule[]): void {
  if (rules.some(({ id }) => isAbout(id)(name)) || CATEGORIES.some((category) => category === name)) return;
  unknown(name, [...CATEGORIES, ...rules.map(({ id }) => id)], 'rule or category');
}

function unknown(name: string, names: readonly string[], what: string): never {
  const short = names.filter((known) => known.endsWith(`/${name}`));
  const nearest = short[0] ?? nearestOf(name, names);
  throw new AuditError(
    2,
    `There is no ${what} called ${name}.`,
    nearest === undefined
      ? '`audit rules` lists them all.'
      : `Did you mean ${nearest}? \`audit rules\` lists them all.`,
  );
}
