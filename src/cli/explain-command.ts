import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { rules } from '../../rules/index.ts';
import { paintOf } from '../report/paint.ts';
import type { Paint } from '../report/paint.ts';
import { wrapped } from '../report/text.ts';
import type { Example, Rule } from '../rule/rule.ts';
import type { AuditFlags } from './flags.ts';
import { ruleNamed } from './selection.ts';
import { terminalOf } from './terminal.ts';

const MAX_WIDTH = 100;

const VERDICTS: Readonly<Record<Example['verdict'], string>> = {
  bad: 'Found',
  unsure: 'Shown as unsure',
  good: 'Not found',
};

/** `audit explain <rule>` → exit code. */
export async function explainCommand(name: string, flags: Pick<AuditFlags, 'color'>): Promise<number> {
  const { color, width } = terminalOf(flags);
  const rule = ruleNamed(name, rules);
  const lines = explanationOf(rule, examplesOf(rule), paintOf(color), Math.min(width, MAX_WIDTH));
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

/** The build takes them out of the rules and packs them into a file beside this one. */
function examplesOf({ id, examples }: Rule): readonly Example[] {
  if (examples.length > 0) return examples;
  const packed = readFileSync(new URL('examples.br', import.meta.url));
  const all = JSON.parse(brotliDecompressSync(packed).toString()) as Readonly<Record<string, readonly Example[]>>;
  return all[id] ?? [];
}

function explanationOf(rule: Rule, examples: readonly Example[], paint: Paint, width: number): readonly string[] {
  const { id, severity, cwe, owasp, roles, ensures, why, fix, references } = rule;
  const prose = (text: string): readonly string[] =>
    text.split(/\n{2,}/).flatMap((paragraph, index) => [
      ...(index > 0 ? [''] : []),
      ...paint
        .markdown(wrapped(paragraph, width - 2).join('\n'))
        .split('\n')
        .map((line) => `  ${line}`),
    ]);
  const facts = [
    ...(cwe === undefined ? [] : [`CWE-${cwe}`]),
    ...(owasp === undefined ? [] : [`OWASP ${owasp}:2025`]),
    roles.includes('any') ? 'any project' : roles.join(', '),
  ];
  return [
    `${paint.severity[severity](severity)} ${paint.strong(id)} ${paint.faint(facts.join(' · '))}`,
    ...prose(ensures),
    '',
    paint.strong('Why'),
    ...prose(why),
    '',
    paint.strong('How to fix it'),
    ...prose(fix),
    ...examples.flatMap((example) => ['', ...exampleLines(example, paint)]),
    '',
    paint.strong('References'),
    ...references.map((reference) => `  ${reference}`),
    '',
    paint.faint(`To accept it in one place: // audit-ignore ${id}: <why>`),
  ];
}

/** What is found stands between « and ». */
function exampleLines({ verdict, title, files }: Example, paint: Paint): readonly string[] {
  return [
    `${paint.strong(`${VERDICTS[verdict]}:`)} ${paint.markdown(title)}`,
    ...Object.entries(files).flatMap(([path, text]) => [
      `  ${paint.place(path)}`,
      ...text
        .replace(/^\n/, '')
        .trimEnd()
        .split('\n')
        .map((line) => `    ${line}`),
    ]),
  ];
}
