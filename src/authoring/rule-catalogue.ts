import { CATEGORIES } from '../rule/category.ts';
import type { Category } from '../rule/category.ts';
import { SEVERITIES } from '../rule/rule.ts';
import type { Rule } from '../rule/rule.ts';
import { generatedFrom } from './rule-page.ts';

type Caps = Readonly<Record<Category, number>>;

/** The text of `rules/README.md`: every rule in one table for each category, worst first. */
export function ruleCatalogueOf(rules: readonly Rule[], caps: Caps): string {
  const used = usedIn(rules);
  return `${[
    generatedFrom('the rules below this folder'),
    '# Rules',
    `${rules.length} rules in ${used.length} categories. A category costs at most the points beside its name.`,
    categoryTableOf(rules, caps, ''),
    ...used.map(({ category, own }) => [`## ${category}`, tableOf(own)].join('\n\n')),
  ].join('\n\n')}\n`;
}

/**
 * Categories, what each may cost, and how many rules it has, aligned as the formatter of the repository does it. `page`
 * is where their rules are listed.
 */
export function categoryTableOf(rules: readonly Rule[], caps: Caps, page: string): string {
  const rows = usedIn(rules).map(
    ({ category, own }) => [`[${category}](${page}#${category})`, String(caps[category]), String(own.length)] as const,
  );
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    `| ${'Category'.padEnd(width)} | Points | Rules |`,
    `| ${'-'.repeat(width)} | -----: | ----: |`,
    ...rows.map(([name, cap, count]) => `| ${name.padEnd(width)} | ${cap.padStart(6)} | ${count.padStart(5)} |`),
  ].join('\n');
}

const usedIn = (rules: readonly Rule[]): readonly { readonly category: Category; readonly own: readonly Rule[] }[] =>
  CATEGORIES.map((category) => ({
    category,
    own: rules.filter(({ id }) => id.startsWith(`${category}/`)).toSorted(byWeight),
  })).filter(({ own }) => own.length > 0);

const byWeight = (a: Rule, b: Rule): number => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);

const tableOf = (rules: readonly Rule[]): string =>
  [
    '| Rule | Severity | Ensures |',
    '|---|---|---|',
    ...rules.map(({ id, severity, ensures }) => `| [${id}](../docs/rules/${id}.md) | ${severity} | ${cell(ensures)} |`),
  ].join('\n');

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
