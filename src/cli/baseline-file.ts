import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { AuditError } from '../document/audit-error.ts';
import type { Baseline } from '../engine/baseline.ts';

export const BASELINE_FILE = 'audit-baseline.json';

/** The known findings; undefined where there is no such file. */
export async function baselineIn(file: string): Promise<Baseline | undefined> {
  if (!existsSync(file)) return undefined;
  const { baselineSchema } = await import('./config-schema.ts');
  try {
    return baselineSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new AuditError(
      2,
      `The baseline ${file} cannot be read: it is damaged, or of another version.`,
      'Restore it from version control, or delete it and run `audit baseline` for a new one.',
    );
  }
}

/** One finding a line, so that two branches that change it merge. */
export function writeBaseline(file: string, { findings }: Baseline): void {
  const lines = findings.map((entry) => `    ${JSON.stringify(entry)}`);
  const list = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`;
  writeFileSync(file, `{\n  "schema": 1,\n  "findings": ${list}\n}\n`);
}
