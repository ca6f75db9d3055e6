import { bad, defineRule, good } from '../../src/rule/rule.ts';

const lock = (flag: string): string =>
  `{ "lockfileVersion": 3, "packages": { "": { "dependencies": { "a": "^1.0.0" } }, «"node_modules/a"»: { "version": "1.0.0", ${flag} "dependencies": { "b": "1" } }, "node_modules/b": { "version": "1.0.0", "deprecated": "old" } } }\n`;

export default defineRule({
  id: 'dependencies/deprecated',
  ensures: 'No dependency the project asks for is marked as deprecated by its authors.',
  severity: 'low',
  roles: ['any'],
  cwe: 1104,
  owasp: 'A03',
  why: 'Its authors say themselves that it should not be used, often because of a hole they will not fix.',
  fix: 'Move to the version or the package its authors name.',
  references: ['https://docs.npmjs.com/deprecating-and-undeprecating-packages-or-package-versions'],
  needs: ['lockfiles'],
  *check({ lockfiles }) {
    for (const { packages, direct, production, locationOf } of lockfiles.all) {
      for (const [id, { kind }] of direct) {
        const found = packages[id];
        if (found?.deprecated === undefined) continue;
        const reason = found.deprecated.replaceAll(/\s+/g, ' ').slice(0, 120);
        yield {
          at: locationOf(found),
          message: `${found.name} ${found.version} is deprecated: ${reason.replace(/\.$/, '')}.`,
          ...((kind === 'devDependencies' || !production.has(id)) && { severity: 'info' as const }),
        };
      }
    }
  },
  examples: [
    bad('Its authors say so in the lockfile', {
      'package.json': '{ "name": "x", "dependencies": { "a": "^1.0.0" } }\n',
      'package-lock.json': lock('"deprecated": "Use z instead.",'),
    }),
    bad('pnpm writes it down as well', {
      'package.json': '{ "name": "x", "dependencies": { "a": "^1.0.0" } }\n',
      'pnpm-lock.yaml':
        "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a:\n        specifier: ^1.0.0\n        version: 1.0.0\npackages:\n  «a@1.0.0»:\n    resolution: {integrity: sha512-AA==}\n    deprecated: Use z instead\n",
    }),
    good('Only a dependency of a dependency is', {
      'package.json': '{ "name": "x", "dependencies": { "a": "^1.0.0" } }\n',
      'package-lock.json': lock('').replaceAll(/[«»]/g, ''),
    }),
  ],
});
