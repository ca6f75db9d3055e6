import { rules } from '../../rules/index.ts';
import { safeJson } from '../report/safe.ts';
import type { Rule } from '../rule/rule.ts';
import type { AuditFlags } from './flags.ts';
import { selected } from './selection.ts';

/** `audit rules [names…]` → exit code. */
export function rulesCommand(names: readonly string[], { format = [] }: Pick<AuditFlags, 'format'>): number {
  const chosen = selected(rules, { only: names, skip: [] });
  process.stdout.write(format.includes('json') ? `${safeJson(chosen.map(dataOf), 2)}\n` : `${listOf(chosen)}\n`);
  return 0;
}

const dataOf = ({ id, severity, ensures, roles, cwe, owasp, references }: Rule): unknown => ({
  id,
  severity,
  ensures,
  roles,
  cwe: cwe === undefined ? [] : [cwe],
  owasp: owasp ?? null,
  references,
});

function listOf(chosen: readonly Rule[]): string {
  const width = Math.max(...chosen.map(({ id }) => id.length));
  const lines = chosen.map(({ id, severity, ensures }) => `${id.padEnd(width)}  ${severity.padEnd(8)}  ${ensures}`);
  const what = chosen.length === 1 ? '1 rule' : `${chosen.length} rules`;
  return [
    ...lines,
    '',
    `${what}. \`audit explain <rule>\` says why it matters, how to fix it, and shows examples.`,
  ].join('\n');
}
