import { bad, defineRule, good } from '../../src/rule/rule.ts';

const steps = (script: string): Record<string, string> => ({
  '.github/workflows/ci.yml': `on: push\npermissions: {}\njobs:\n  a:\n    steps:\n      - run: ${script}\n`,
});
const LOCKED = {
  'package.json': '{ "name": "a", "dependencies": { "ms": "^2.0.0" } }\n',
  'package-lock.json':
    '{ "lockfileVersion": 3, "packages": { "": { "dependencies": { "ms": "^2.0.0" } }, "node_modules/ms": { "version": "2.1.3" } } }\n',
};

export default defineRule({
  id: 'dependencies/ci-install-not-locked',
  ensures: 'CI installs exactly what the lockfile pins.',
  severity: 'medium',
  roles: ['any'],
  cwe: 1357,
  owasp: 'A03',
  why: 'A plain install may resolve anew. What CI tested is then not what the lockfile says, and a bad release reaches the build without a commit.',
  fix: 'Use `npm ci`, `yarn install --frozen-lockfile` (`--immutable` since yarn 2) or `pnpm install --frozen-lockfile`.',
  references: ['https://docs.npmjs.com/cli/v11/commands/npm-ci'],
  needs: ['workflows', 'lockfiles'],
  *check({ workflows, lockfiles }) {
    if (lockfiles.all.length === 0) return;
    const isBerry = lockfiles.all.some(({ manager, format }) => manager === 'yarn' && format !== 'classic');
    const seen = new Set<string>();
    for (const { at, managers } of workflows.scripts) {
      for (const { manager, verb, names, frozen, global, options } of managers) {
        // pnpm and yarn 2 freeze by themselves where CI is set
        if (verb !== 'install' || frozen || global || names.length > 0 || manager === 'pnpm') continue;
        if (manager === 'yarn' && isBerry) continue;
        if (
          options.some(({ text }) => /^(--package-lock-only|--dry-run|-g|--global|--lockfile-only|--mode)/.test(text))
        )
          continue;
        const place = `${at.path}:${at.start}`;
        if (seen.has(place)) continue;
        seen.add(place);
        yield {
          at,
          message: `${manager} ${manager === 'yarn' ? 'install without --frozen-lockfile' : 'install'} may install other versions than the lockfile pins.`,
          repair: manager,
        };
      }
    }
  },
  examples: [
    bad('npm install in a workflow', { ...LOCKED, ...steps('«npm install»') }),
    bad('In a job of GitLab', {
      ...LOCKED,
      '.gitlab-ci.yml': 'test:\n  script:\n    - «npm i --no-audit»\n    - npm test\n',
    }),
    bad('yarn 1', {
      'package.json': '{ "name": "a", "dependencies": { "ms": "^2.0.0" } }\n',
      'yarn.lock': '# yarn lockfile v1\n\nms@^2.0.0:\n  version "2.1.3"\n',
      ...steps('«yarn install»'),
    }),
    good('A file the tests read', {
      'lib/travis/__fixtures__/.travis.yml': 'language: node_js\ninstall: npm install\n',
      'package-lock.json': '{ "lockfileVersion": 3, "packages": { "": {} } }\n',
      'package.json': '{ "name": "a" }\n',
      '.travis.yml': 'language: node_js\ninstall: npm ci\n',
    }),
    good('Frozen', { ...LOCKED, ...steps('npm ci && npm test') }),
    good('A tool for the job itself', { ...LOCKED, ...steps('npm install -g npm@11 && npm ci') }),
    good('One package by name', { ...LOCKED, ...steps('npm install --no-save playwright@1.50.0') }),
    good('pnpm freezes by itself in CI', { ...LOCKED, ...steps('pnpm install') }),
  ],
});
