import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { indexOf } from './write-index.ts';

const root = new URL('../../', import.meta.url);

/** Every generated file and how its text is made. */
const GENERATED: Readonly<Record<string, () => string>> = {
  'rules/index.ts': () => indexOf(new URL('rules', root).pathname),
};

const check = process.argv.includes('--check');
for (const [path, textOf] of Object.entries(GENERATED)) {
  const file = new URL(path, root);
  const text = textOf();
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (check) {
    console.error(`${path} is out of date: run \`npm run write\`.`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, text);
    console.error(`wrote ${path}`);
  }
}
