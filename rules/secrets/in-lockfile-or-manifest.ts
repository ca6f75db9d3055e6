import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'secrets/in-lockfile-or-manifest',
  ensures: 'No address of a dependency holds a password or a token.',
  severity: 'critical',
  roles: ['any'],
  cwe: 798,
  owasp: 'A07',
  why: 'Lockfiles are copied into every image and read by nobody. A token in a `resolved` address opens the repository or the registry it points at.',
  fix: 'Revoke the credential, take it out of the address, and give the package manager its token through the environment.',
  references: ['https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json'],
  needs: ['secrets'],
  *check({ secrets }) {
    for (const { at, kind, host, state, severity, place, within } of secrets.found) {
      if (kind !== 'url' || within !== 'dependencies') continue;
      yield {
        at,
        severity: place !== 'product' ? severity : 'critical',
        message: `A credential for ${host} in the address of a dependency ${state}.`,
      };
    }
  },
  examples: [
    bad('In the address a package was fetched from', {
      'package-lock.json':
        '{ "lockfileVersion": 3, "packages": { "node_modules/a": { "version": "1.0.0", "resolved": "https://ci:«Kf93vuqLd»@npm.acme.io/a/-/a-1.0.0.tgz" } } }\n',
    }),
    bad('In a git dependency', {
      'package.json': '{ "dependencies": { "a": "git+https://deploy:«4f9c1b7e2d8a6053»@git.acme.io/a.git#v1.0.0" } }\n',
    }),
    good('Addresses without credentials', {
      'package.json':
        '{ "dependencies": { "a": "git+ssh://git@git.acme.io/a.git#v1.0.0", "b": "https://git.acme.io/b.tgz" } }\n',
      'yarn.lock': 'a@^1.0.0:\n  version "1.0.0"\n  resolved "https://npm.acme.io/a/-/a-1.0.0.tgz#0123456789abcdef"\n',
    }),
  ],
});
