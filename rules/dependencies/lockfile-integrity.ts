import { bad, defineRule, good } from '../../src/rule/rule.ts';

const lock = (entry: string): Record<string, string> => ({
  'package.json': '{ "name": "x", "dependencies": { "a": "^1.0.0" } }\n',
  'package-lock.json': `{ "lockfileVersion": 3, "packages": { "": { "dependencies": { "a": "^1.0.0" } }, ${entry}, "node_modules/z": { "version": "1.0.0", "resolved": "https://npm.acme.io/z/-/z-1.0.0.tgz", "integrity": "sha512-BB==" } } }\n`,
});

export default defineRule({
  id: 'dependencies/lockfile-integrity',
  ensures: 'The lockfile pins what is fetched, from where, and its checksum.',
  severity: 'high',
  roles: ['any'],
  cwe: 494,
  owasp: 'A08',
  why: 'A lockfile is long and seldom read: a changed address or a missing checksum in it makes every install run the code of somebody else, under the old name and version.',
  fix: 'Delete the entry, install again, and read in the diff of the lockfile where the package comes from.',
  references: ['https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json'],
  needs: ['lockfiles'],
  about: { what: 'lockfile', isIn: ({ lockfiles }) => lockfiles.all.length > 0 },
  *check({ lockfiles }) {
    for (const { packages, locationOf } of lockfiles.all) {
      const keepsChecksums = packages.filter(({ integrity }) => integrity !== undefined).length * 2 > packages.length;
      let unchecked = 0;
      for (const found of packages) {
        const { name, version, source, origin, integrity, bundled } = found;
        if (source === 'workspace' || source === 'file' || bundled) continue;
        if (origin && /^(git\+)?http$|^git$/.test(origin.scheme)) {
          const at = { path: locationOf(found).path, ...origin.at };
          yield { at, message: `${name} is fetched from ${origin.host} over an unencrypted connection.` };
        } else if (source === 'git' && origin && !origin.commit && !/[0-9a-f]{40}/.test(origin.path)) {
          yield {
            at: locationOf(found),
            severity: 'medium',
            message: `${name} is taken from a git repository without naming a commit.`,
          };
        } else if (origin && source === 'registry' && isOther(name, origin.path)) {
          const at = { path: locationOf(found).path, ...origin.at };
          yield { at, message: `${name} is fetched from ${origin.host}${origin.path}, which is another package.` };
        } else if (source === 'registry' && integrity === undefined && origin && keepsChecksums && unchecked < 5) {
          unchecked += 1;
          yield { at: locationOf(found), severity: 'medium', message: `${name} ${version} has no checksum.` };
        }
      }
    }
  },
  examples: [
    bad(
      'Without encryption',
      lock(
        '"node_modules/a": { "version": "1.0.0", "resolved": "«http://npm.acme.io/a/-/a-1.0.0.tgz»", "integrity": "sha512-AA==" }',
      ),
    ),
    bad(
      'Another package under its name',
      lock(
        '"node_modules/a": { "version": "1.0.0", "resolved": "«https://npm.acme.io/evil/-/evil-1.0.0.tgz»", "integrity": "sha512-AA==" }',
      ),
    ),
    bad(
      'No checksum, where all others have one',
      lock(
        '"node_modules/y": { "version": "1.0.0", "integrity": "sha512-CC==" }, «"node_modules/a"»: { "version": "1.0.0", "resolved": "https://npm.acme.io/a/-/a-1.0.0.tgz" }',
      ),
    ),
    bad(
      'A branch',
      lock('«"node_modules/a"»: { "version": "1.0.0", "resolved": "git+ssh://git@git.acme.io/a.git#main" }'),
    ),
    good(
      'All of it',
      lock(
        '"node_modules/@s/a": { "version": "1.0.0", "resolved": "https://npm.acme.io/@s/a/-/a-1.0.0.tgz", "integrity": "sha512-AA==" }',
      ),
    ),
    good('An alias of Yarn 1', {
      'package.json': '{ "name": "a", "dependencies": { "loader-v15": "npm:loader@^15.9.7" } }\n',
      'yarn.lock':
        '# yarn lockfile v1\n\n"loader-v15@npm:loader@^15.9.7":\n  version "15.9.8"\n  resolved "https://npm.example.org/loader/-/loader-15.9.8.tgz#4b0f602afaf66a996be1e534fb9609dc4ab10e61"\n  integrity sha512-GwSkxPrihfLR69/dSV3+5CdMQ0D+jXg8Ma1S4nQXKJAznYFX14vHdc/NetQc34Dw+rBbIJyP7JOuVb9Fhprvog==\n',
    }),
    good(
      'An alias, a bundled package, a link, and a file that leaves addresses out',
      lock(
        '"node_modules/a": { "name": "@acme/b", "version": "1.0.0", "resolved": "https://npm.acme.io/@acme/b/-/b-1.0.0.tgz", "integrity": "sha512-AA==" }, "node_modules/c": { "version": "1.0.0", "inBundle": true }, "node_modules/w": { "resolved": "packages/w", "link": true }, "node_modules/d": { "version": "1.0.0", "integrity": "sha512-AA==" }',
      ),
    ),
  ],
});

/** The address of a registry names the package it is of. */
function isOther(name: string, path: string): boolean {
  const [, written] = /((?:@|%40)?[\w.~%-]+(?:(?:\/|%2f)[\w.~-]+)?)\/-\/[^/]+\.tgz$/i.exec(path) ?? [];
  if (written === undefined) return false;
  const found = written.replace(/%40/g, '@').replace(/%2f/gi, '/');
  return found !== name && !found.endsWith(`/${name}`);
}
