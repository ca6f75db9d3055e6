import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CATEGORIES } from '../rule/category.ts';
import type { Category } from '../rule/category.ts';

/** `npm run new-rule <category>/<what-is-wrong>`: a rule to fill in, whose tests fail until it is. */
const id = process.argv[2] ?? '';
const problem = problemOf(id);
if (problem === undefined) {
  const file = fileURLToPath(new URL(`../../rules/${id}.ts`, import.meta.url));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, scaffoldOf(id));
  process.stdout.write(`Wrote rules/${id}.ts. Next:

  1. Name the views it needs (src/model/views.ts), and write the check.
  2. Write its examples: what it must say, and above all what it must not.
  3. npm run write && npx vitest run src/authoring -t '${id}'
`);
  await import('./write.ts');
} else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 2;
}

function problemOf(name: string): string | undefined {
  const [category = '', rest = '', ...more] = name.split('/');
  if (more.length > 0 || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(rest)) {
    return 'Name the rule: npm run new-rule <category>/<what-is-wrong>, for example headers/hsts-short.';
  }
  if (!CATEGORIES.includes(category as Category)) {
    return `There is no category ${category}. Categories: ${CATEGORIES.join(', ')}.`;
  }
  const file = fileURLToPath(new URL(`../../rules/${name}.ts`, import.meta.url));
  return existsSync(file) ? `rules/${name}.ts exists already.` : undefined;
}

function scaffoldOf(name: string): string {
  return `import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: '${name}',
  ensures: '… The good state, one sentence.',
  severity: 'medium',
  roles: ['service'],
  why: '… What an attacker or an outage does with it.',
  fix: '… An instruction: call this, set that.',
  references: ['https://cheatsheetseries.owasp.org/'],
  needs: ['roles'],
  *check({ roles }) {
    if (roles.all.size === 0) {
      yield { at: { path: 'app.js', start: 0, end: 0 }, message: '… The bad fact, in the names of the project.' };
    }
  },
  examples: [
    bad('… The situation in which it is wrong', { 'app.js': \`«wrong()»;\` }),
    good('… The situation that only looks alike', { 'app.js': \`right();\` }),
  ],
});
`;
}
