import { bad, defineRule, good } from '../../src/rule/rule.ts';

const WRITES =
  /^(fs|fs-extra|graceful-fs)(\.promises|\/promises)?\.(writeFile|writeFileSync|appendFile|appendFileSync|createWriteStream|outputFile)$/;
const GUESSABLE =
  /^(os\.tmpdir\(\)|Date\.now\(\)|Date\(\)(\.\w+\(\))?|process\.pid|Math\.random\(\)(\.\w+\(\))*|performance\.now\(\)|process\.hrtime\(\))$/;
const MAX_DEPTH = 8;

export default defineRule({
  id: 'exposure/temp-file-guessable',
  ensures: 'Files in the common folder for temporary files have names nobody can guess.',
  severity: 'low',
  roles: ['service', 'worker', 'cli'],
  cwe: 377,
  owasp: 'A01',
  why: `Everybody on the machine may write into that folder. Who guesses the name puts a link there first, and the service
writes through it over a file of its own, or reads what a stranger has written.`,
  fix: "Make a folder of your own with `fs.mkdtemp(path.join(os.tmpdir(), 'app-'))`, or open with `{ flag: 'wx', mode: 0o600 }`.",
  references: ['https://cwe.mitre.org/data/definitions/377.html'],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const call of program.callsTo(WRITES)) {
      const file = code.argument(call, 0);
      if (file.state !== 'given') continue;
      const parts = partsOf(file.value, 0);
      const isTemporary =
        parts.some((part) => program.apis(part).includes('os.tmpdir()')) ||
        (program.constants(parts[0] ?? file.value) ?? []).some((text) => /^\/(var\/)?tmp\//.test(String(text)));
      const isKnown = parts.every(
        (part) => program.constants(part) !== undefined || program.apis(part).some((api) => GUESSABLE.test(api)),
      );
      if (!isTemporary || !isKnown || opensNewOnly(call)) continue;
      yield {
        at: file.at,
        message: `${program.describe(call)} writes a file for all to find by a name that can be guessed.`,
      };
    }

    /** What a path is put together from. */
    function partsOf(node: number, depth: number): readonly number[] {
      if (depth > MAX_DEPTH || program.constants(node) !== undefined) return [node];
      const [origin = node] = program.origins(node);
      const value = program.valueOf(origin);
      const inner = (parts: readonly { readonly value: number }[]): readonly number[] =>
        parts.flatMap((part) => partsOf(program.child(origin, part.value), depth + 1));
      if (value.kind === 'join') return inner(value.parts);
      if (value.kind === 'call' && code.apiOf(origin).some((api) => /^path\.(join|resolve)$/.test(api)))
        return inner(value.args);
      return [origin];
    }

    /** `{ flag: 'wx' }` fails where something is there already. */
    function opensNewOnly(call: number): boolean {
      const index = code.apiOf(call).some((api) => api.endsWith('createWriteStream')) ? 1 : 2;
      return ['flag', 'flags'].some((name) => {
        const option = code.option(call, index, name);
        return (
          option.state === 'unknown' || (option.state === 'given' && /x/.test(String(program.constants(option.value))))
        );
      });
    }
  },
  examples: [
    bad('The time and the process', {
      'app.js': `const fs = require('fs');\nconst os = require('os');\nconst path = require('path');\nconst app = require('express')();\napp.get('/report', (req, res) => {\n  const file = path.join(os.tmpdir(), 'report-' + Date.now() + '.csv');\n  fs.writeFileSync(«file», 'a,b');\n  res.download(file);\n});\napp.listen(3000);\n`,
    }),
    bad('A fixed name, in promises and as a stream', {
      'state.ts': `import { writeFile } from 'node:fs/promises';\nimport { createWriteStream } from 'node:fs';\nexport const save = (state: string) => writeFile(«'/tmp/service-state.json'», state);\nexport const out = () => createWriteStream(«\`/var/tmp/out-\${process.pid}.log\`», { mode: 0o644 });\n`,
    }),
    good('A folder of its own, a name nobody guesses, or only a new file', {
      'app.js': `const fs = require('fs');\nconst os = require('os');\nconst path = require('path');\nconst { randomUUID } = require('crypto');\nconst folder = fs.mkdtempSync(path.join(os.tmpdir(), 'app-'));\nfs.writeFileSync(path.join(folder, 'a.csv'), '');\nfs.writeFileSync(path.join(os.tmpdir(), randomUUID() + '.csv'), '');\nfs.writeFileSync(path.join(os.tmpdir(), 'b-' + Date.now()), '', { flag: 'wx' });\n`,
    }),
    good('A folder that is not for everybody, and a name that comes from elsewhere', {
      'app.ts': `import { writeFile } from 'node:fs/promises';\nexport const save = (name: string) => writeFile(\`/tmp/\${name}\`, '');\nexport const keep = () => writeFile('/srv/tmp/state.json', '');\n`,
    }),
  ],
});
