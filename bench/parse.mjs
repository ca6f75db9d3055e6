// The peer of every figure: @babel/parser over every JavaScript and TypeScript file of a folder, and nothing else.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '@babel/parser';

const [root = '.'] = process.argv.slice(2);

function* filesIn(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === '.git') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (entry.isFile() && /(?<!\.d)\.[mc]?[jt]sx?$/.test(entry.name)) yield path;
  }
}

let files = 0;
for (const path of filesIn(root)) {
  const plugins = /\.[mc]?ts$/.test(path)
    ? ['typescript', 'decorators-legacy']
    : path.endsWith('.tsx')
      ? ['typescript', 'jsx', 'decorators-legacy']
      : ['jsx', 'decorators-legacy'];
  try {
    parse(readFileSync(path, 'utf8'), {
      plugins,
      sourceType: 'unambiguous',
      errorRecovery: true,
      attachComment: false,
      allowReturnOutsideFunction: true,
    });
  } catch {
    // what it cannot read costs what it costs
  }
  files += 1;
}
process.stdout.write(`${files}\n`);
