import { bad, defineRule, good } from '../../src/rule/rule.ts';

const npm = (root: string, version: string): string =>
  `{ "lockfileVersion": 3, "packages": { "": { "dependencies": ${root} }, "node_modules/ms": { "version": "${version}" } } }\n`;

export default defineRule({
  id: 'dependencies/lockfile-out-of-sync',
  ensures: 'The lockfile answers every dependency of the manifest.',
  severity: 'medium',
  roles: ['any'],
  cwe: 1357,
  owasp: 'A03',
  why: 'A frozen install (`npm ci`) refuses such a pair, so the next build fails; a plain install quietly resolves anew, so the next build is another program.',
  fix: 'Run the install of your package manager once and commit the lockfile together with package.json.',
  references: ['https://docs.npmjs.com/cli/v11/commands/npm-ci'],
  needs: ['lockfiles'],
  about: { what: 'lockfile', isIn: ({ lockfiles }) => lockfiles.all.length > 0 },
  *check({ lockfiles }) {
    for (const { requirements } of lockfiles.projects) {
      for (const { dependency, lockfile, state, target, lockedRange } of requirements) {
        if (state !== 'missing' && state !== 'outside') continue;
        const { name, range, at } = dependency;
        const pinned =
          target?.version && lockfile.manager !== 'pnpm'
            ? `pins ${name} ${target.version}`
            : `was made for ${name} ${lockedRange}`;
        yield {
          at,
          message:
            state === 'missing'
              ? `${lockfile.path} does not know ${name}, which ${at.path} asks for as ${range}.`
              : `${at.path} asks for ${name} ${range}, but ${lockfile.path} ${pinned}.`,
        };
      }
    }
  },
  examples: [
    bad('Added by hand', {
      'package.json': '{ "name": "a", "dependencies": { "ms": "^2.0.0", "qs": «"^6.0.0"» } }\n',
      'package-lock.json': npm('{ "ms": "^2.0.0" }', '2.1.3'),
    }),
    bad('Raised by hand', {
      'package.json': '{ "name": "a", "dependencies": { "ms": «"^3.0.0"» } }\n',
      'package-lock.json': npm('{ "ms": "^2.0.0" }', '2.1.3'),
    }),
    bad('In a workspace of pnpm', {
      'package.json': '{ "name": "all", "private": true }\n',
      'pnpm-workspace.yaml': 'packages:\n  - apps/*\n',
      'apps/api/package.json': '{ "name": "api", "dependencies": { "ms": «"^2.1.0"» } }\n',
      'pnpm-lock.yaml':
        "lockfileVersion: '9.0'\nimporters:\n  apps/api:\n    dependencies:\n      ms:\n        specifier: ^2.0.0\n        version: 2.1.3\npackages:\n  ms@2.1.3:\n    resolution: {integrity: sha512-AA==}\n",
    }),
    bad('In yarn, which looks up the very range', {
      'package.json': '{ "name": "a", "dependencies": { "ms": «"^2.1.0"» } }\n',
      'yarn.lock': '# yarn lockfile v1\n\nms@^2.0.0:\n  version "2.1.3"\n',
    }),
    good('A package whose name speaks of a secret', {
      'package.json': '{ "name": "a", "dependencies": { "secure-random-password": "0.2.3" } }\n',
      'package-lock.json':
        '{ "lockfileVersion": 3, "packages": { "": { "dependencies": { "secure-random-password": "0.2.3" } }, "node_modules/secure-random-password": { "version": "0.2.3" } } }\n',
      'pnpm-lock.yaml':
        "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      secure-random-password:\n        specifier: 0.2.3\n        version: 0.2.3\npackages:\n  secure-random-password@0.2.3:\n    resolution: {integrity: sha512-AA==}\n",
    }),
    good('The range was widened, and what is pinned is inside it', {
      'package.json': '{ "name": "a", "dependencies": { "ms": "^2.1.0" } }\n',
      'package-lock.json': npm('{ "ms": "^2.0.0" }', '2.1.3'),
    }),
    good('Aliases, overrides and packages of the workspace', {
      'package.json':
        '{ "name": "a", "dependencies": { "ms": "npm:@acme/ms@^9.0.0", "b": "workspace:*", "c": "file:../c", "d": "^9.0.0" }, "overrides": { "d": "1.0.0" } }\n',
      'package-lock.json':
        '{ "lockfileVersion": 3, "packages": { "": { "dependencies": { "ms": "npm:@acme/ms@^9.0.0", "d": "^9.0.0" } }, "node_modules/ms": { "name": "@acme/ms", "version": "9.1.0" }, "node_modules/d": { "version": "1.0.0" } } }\n',
    }),
  ],
});
