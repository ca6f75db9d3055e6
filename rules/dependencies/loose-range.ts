import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'dependencies/loose-range',
  ensures: 'Dependencies are asked for by a range that ends.',
  severity: 'medium',
  roles: ['any'],
  cwe: 1357,
  owasp: 'A03',
  why: '`*` and `latest` take whatever is published next: a new major with other behaviour, or the release of somebody who stole the account of a maintainer.',
  fix: 'Write a caret range of the version you run: `^5.1.0`.',
  references: ['https://docs.npmjs.com/cli/v11/configuring-npm/package-json#dependencies'],
  needs: ['lockfiles', 'manifests'],
  *check({ lockfiles, manifests }) {
    const own = new Set(manifests.all.map(({ name }) => name));
    for (const { manifest, lockfiles: found } of lockfiles.projects) {
      for (const { name, range, kind, at } of manifest.dependencies) {
        // a package of the repository is linked, whatever the range
        if (kind === 'peerDependencies' || !isLoose(range) || (own.has(name) && name !== manifest.name)) continue;
        const severity = found.length > 0 || kind === 'devDependencies' ? ('low' as const) : undefined;
        yield {
          at,
          message: `${name} is asked for as ${range === '' ? 'an empty range' : range}, which any release fits.`,
          ...(severity && { severity }),
        };
      }
    }
  },
  examples: [
    bad('Ranges without an end', {
      'package.json':
        '{ "name": "a", "dependencies": { "a": «"*"», "b": «"latest"», "c": «">=1.0.0"», "d": «""», "e": «"x"», "f": «"next"» } }\n',
    }),
    bad('A lockfile keeps it until the next update', {
      'package.json': '{ "name": "a", "dependencies": { "ms": «"*"» } }\n',
      'package-lock.json':
        '{ "lockfileVersion": 3, "packages": { "": { "dependencies": { "ms": "*" } }, "node_modules/ms": { "version": "2.1.3" } } }\n',
    }),
    good('Ranges with an end', {
      'package.json':
        '{ "name": "a", "dependencies": { "a": "^1.0.0", "b": "~2.1", "c": ">=1.0.0 <3", "d": "1.x", "e": "1.2.3 || ^2" } }\n',
    }),
    good('Packages of the workspace, and what users bring', {
      'package.json':
        '{ "name": "a", "dependencies": { "b": "workspace:*", "@acme/d": "*", "c": "npm:c@^1.0.0" }, "peerDependencies": { "react": ">=18", "vue": "*" } }\n',
      'packages/d/package.json': '{ "name": "@acme/d" }\n',
    }),
  ],
});

const isLoose = (range: string): boolean =>
  /^(?:\*|x|X|latest|next|canary|beta|alpha|)$/.test(range.trim()) || /^>=?\s*v?\d[\w.-]*$/.test(range.trim());
