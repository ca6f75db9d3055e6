import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { AuditError } from '../document/audit-error.ts';
import { CONFIG_FILE } from './config.ts';

const EXAMPLE = `{
  "$schema": "./node_modules/seaworthy/schema/audit.config.schema.json",
  "gate": "high",
  "ignore": []
}
`;

const NEXT = `
Next:
  npx audit             see where the project stands
  npx audit baseline    accept today's findings, so that only new ones break the gate

In GitHub Actions:
  - run: npx audit --format github --format json=audit.json

Before each commit, with lint-staged:
  "*.{js,ts}": "audit"

An accepted finding, with its reason, goes into the configuration
  { "rule": "limits/login-without-limit", "path": "src/admin.ts", "reason": "only reachable in the VPN", "until": "2027-01-31" }
or into the code
  // audit-ignore injection/os-command: the host comes from the allow-list above
`;

/** `audit init [folder]` → exit code. */
export function initCommand(folder = '.'): number {
  const root = resolve(folder);
  if (!existsSync(root) || !statSync(root).isDirectory()) {
    throw new AuditError(2, `There is no folder ${folder}.`, 'Name the folder of the project, or run it there.');
  }
  const file = join(root, CONFIG_FILE);
  const name = relative(process.cwd(), file);
  if (existsSync(file)) throw new AuditError(2, `${name} exists already.`, 'Edit it, or delete it first.');
  writeFileSync(file, EXAMPLE);
  process.stdout.write(`Wrote ${name}.\n${NEXT}`);
  return 0;
}
