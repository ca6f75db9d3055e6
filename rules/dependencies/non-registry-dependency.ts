import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'dependencies/non-registry-dependency',
  ensures: 'Dependencies come from a registry, or from one commit that cannot change.',
  severity: 'medium',
  roles: ['any'],
  cwe: 829,
  owasp: 'A03',
  why: 'A branch or a tag of a repository can be moved, and a tarball replaced, without a new version: no checksum, no advisory and no audit covers it. npm 12 refuses git dependencies unless they are allowed one by one.',
  fix: 'Publish the fork under your own scope and depend on a version of it; until then name the full commit: `github:acme/lib#<40 characters>`.',
  references: ['https://docs.npmjs.com/cli/v11/configuring-npm/package-json#git-urls-as-dependencies'],
  needs: ['manifests'],
  *check({ manifests }) {
    for (const manifest of manifests.all) {
      for (const { name, range, kind, at } of manifest.dependencies) {
        const from = placeOf(range);
        if (from === undefined || kind === 'peerDependencies') continue;
        const pinned = /#[0-9a-f]{7,40}$|\/tar\.gz\/[0-9a-f]{40}$|\/archive\/[0-9a-f]{40}\./.test(range);
        const insecure = /^(git\+)?http:|^git:/.test(range);
        yield {
          at,
          severity: insecure ? 'high' : pinned || kind === 'devDependencies' ? 'low' : 'medium',
          message: `${name} comes from ${from}${insecure ? ' over an unencrypted connection' : ''}${pinned ? ', at a fixed commit' : ', which can change without a new version'}.`,
        };
      }
    }
  },
  examples: [
    bad('A repository, a branch, a tarball', {
      'package.json':
        '{ "name": "a", "dependencies": { "a": «"github:acme/a"», "b": «"git+ssh://git@git.acme.io/b.git#main"», "c": «"https://git.acme.io/c/archive/v1.tar.gz"», "d": «"acme/d#v1.0.0"» } }\n',
    }),
    bad('At a fixed commit', {
      'package.json':
        '{ "name": "a", "dependencies": { "a": «"github:acme/a#0123456789abcdef0123456789abcdef01234567"» } }\n',
    }),
    bad('Without encryption', {
      'package.json': '{ "name": "a", "dependencies": { "a": «"git://git.acme.io/a.git"» } }\n',
    }),
    good('Versions, aliases, and folders of the repository', {
      'package.json':
        '{ "name": "a", "dependencies": { "a": "^1.0.0", "b": "npm:@acme/b@1.0.0", "c": "file:../c", "d": "workspace:^", "e": "link:./e", "f": "latest", "g": "catalog:" } }\n',
    }),
  ],
});

function placeOf(range: string): string | undefined {
  if (/^(?:github|gitlab|bitbucket|gist):/.test(range) || /^[\w.-]+\/[\w.-]+(?:#.*)?$/.test(range))
    return 'a git repository';
  if (/^(?:git[+:@]|ssh:)|^https?:\/\/[^#]+\.git(?:#|$)/.test(range)) return 'a git repository';
  return /^https?:/.test(range) ? 'an archive on a web server' : undefined;
}
