import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { indexOf } from './write-index.ts';

/**
 * Writes every generated file, or with `--check` says which are out of date. Its imports come late: what they read is
 * written here first.
 */
const root = fileURLToPath(new URL('../../', import.meta.url));
const isCheck = process.argv.includes('--check');

keep('rules/index.ts', indexOf(join(root, 'rules')));

const { rules } = await import('../../rules/index.ts');
const { rulePageOf } = await import('./rule-page.ts');
const pages = new Map(rules.map((rule) => [`docs/rules/${rule.id}.md`, rulePageOf(rule)]));
pages.forEach((text, path) => keep(path, text));
for (const path of filesBelow('docs/rules')) if (!pages.has(path)) drop(path);

const { categoryTableOf, ruleCatalogueOf } = await import('./rule-catalogue.ts');
const { PROFILE_1 } = await import('../score/profile.ts');
keep('rules/README.md', ruleCatalogueOf(rules, PROFILE_1.caps));
keepBlock('README.md', 'rules', categoryTableOf(rules, PROFILE_1.caps, 'rules/README.md'));

const { jsonSchemaOf } = await import('./write-schema.ts');
const { auditReport } = await import('../report/audit-report.ts');
const { configSchema, baselineSchema } = await import('../cli/config-schema.ts');
keep('schema/audit.report.schema.json', jsonSchemaOf(auditReport, 'The JSON report of seaworthy', true));
keep('schema/audit.config.schema.json', jsonSchemaOf(configSchema, 'audit.config.json of seaworthy', false));
keep('schema/audit.baseline.schema.json', jsonSchemaOf(baselineSchema, 'audit-baseline.json of seaworthy', false));

function keep(path: string, text: string): void {
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  if (isCheck) return outdated(path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  process.stderr.write(`wrote ${path}\n`);
}

/** The part of a hand-written file between `<!-- name:start … -->` and `<!-- name:end -->`. */
function keepBlock(path: string, name: string, text: string): void {
  const whole = readFileSync(join(root, path), 'utf8');
  const [, before, , after] =
    new RegExp(`^([^]*<!-- ${name}:start[^>]*-->\\n)([^]*)(<!-- ${name}:end -->[^]*)$`).exec(whole) ?? [];
  if (before === undefined || after === undefined) throw new Error(`${path} has no block ${name}.`);
  keep(path, `${before}\n${text}\n\n${after}`);
}

function drop(path: string): void {
  if (isCheck) return outdated(path);
  rmSync(join(root, path));
  process.stderr.write(`removed ${path}\n`);
}

function outdated(path: string): void {
  process.stderr.write(`${path} is out of date: run \`npm run write\`.\n`);
  process.exitCode = 1;
}

function filesBelow(folder: string): readonly string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/'));
}
