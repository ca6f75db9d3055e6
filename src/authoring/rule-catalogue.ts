import { CATEGORIES } from '../rule/category.ts';
import type { Category } from '../rule/category.ts';
import { SEVERITIES } from '../rule/rule.ts';
import type { Rule } from '../rule/rule.ts';
import { generatedFrom } from './rule-page.ts';

/** The text of `rules/README.md`: every rule in one table for each category, worst first. */
export function ruleCatalogueOf(rules: readonly Rule[], capOf: (category: Category) => number): string {
  const used = CATEGORIES.map((category) => ({
    category,
    own: rules.filter(({ id }) => id.startsWith(`${category}/`)).toSorted(byWeight),
  })).filter(({ own }) => own.length > 0);
  return `${[
    generatedFrom('the rules below this folder'),
    '# Rules',
    `${rules.length} rules in ${used.length} categories. A category costs at most the points beside its name.`,
    [
      '| Category | Points | Rules |',
      '|---|---:|---:|',
      ...used.map(({ category, own }) => `| [${category}](#${category}) | ${capOf(category)} | ${own.length} |`),
    ].join('\n'),
    ...used.map(({ category, own }) => [`## ${category}`, tableOf(own)].join('\n\n')),
  ].join('\n\n')}\n`;
}

const byWeight = (a: Rule, b: Rule): number => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);

const tableOf = (rules: readonly Rule[]): string =>
  [
    '| Rule | Severity | Ensures |',
    '|---|---|---|',
    ...rules.map(({ id, severity, ensures }) => `| [${id}](../docs/rules/${id}.md) | ${severity} | ${cell(ensures)} |`),
  ].join('\n');

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
