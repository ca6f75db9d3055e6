import { bad, defineRule, good } from '../../src/rule/rule.ts';

const APP = '{ "name": "shop", "private": true, "dependencies": { "ms": "^2.0.0" } }\n';
const NPM = '«»{ "lockfileVersion": 3, "packages": {} }\n';
const SOUND = NPM.replaceAll(/[«»]/g, '');

export default defineRule({
  id: 'dependencies/lockfile-conflict',
  ensures: 'One package manager with one lockfile installs the project.',
  severity: 'medium',
  roles: ['any'],
  cwe: 1357,
  owasp: 'A03',
  why: 'Only one of two lockfiles is kept up to date. Whoever uses the other manager, in CI or in an image, installs versions nobody tests, with holes that were already fixed in the other file.',
  fix: 'Delete the lockfile of the manager you do not use, and name the one you use in `packageManager`.',
  references: ['https://nodejs.org/api/packages.html#packagemanager'],
  needs: ['lockfiles'],
  about: { what: 'lockfile', isIn: ({ lockfiles }) => lockfiles.all.length > 0 },
  *check({ lockfiles }) {
    const seen = new Set<string>();
    for (const { root, lockfiles: found } of lockfiles.projects) {
      const [first] = found;
      if (!first || seen.has(root.path)) continue;
      seen.add(root.path);
      const declared = root.packageManager;
      const stale = found.find(({ manager }) => manager !== (declared?.name ?? first.manager));
      if (!stale) continue;
      const kept = found.find((lockfile) => lockfile !== stale);
      yield {
        at: stale.at,
        message: declared
          ? `${stale.path} is of ${stale.manager}, but ${root.path} names ${declared.name}.`
          : `${stale.path} and ${kept?.path} lie side by side, and nothing says which one counts.`,
      };
    }
  },
  examples: [
    bad('Two managers', { 'package.json': APP, 'package-lock.json': SOUND, 'yarn.lock': '«»# yarn lockfile v1\n' }),
    bad('Another than the manifest names', {
      'package.json': APP.replace('"private"', '"packageManager": "pnpm@10.4.1", "private"'),
      'package-lock.json': NPM,
    }),
    good('One of each in packages that stand alone', {
      'package.json': APP,
      'package-lock.json': SOUND,
      'tools/package.json': APP,
      'tools/yarn.lock': '# yarn lockfile v1\n',
    }),
    good('As the manifest says', {
      'package.json': APP.replace('"private"', '"packageManager": "npm@11.1.0", "private"'),
      'package-lock.json': SOUND,
    }),
  ],
});
