import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'secrets/registry-auth-committed',
  ensures: 'The settings of the package manager hold no credentials.',
  severity: 'critical',
  roles: ['any'],
  cwe: 798,
  owasp: 'A07',
  why: 'With the token of a registry an attacker publishes a new version of your packages, and every machine that installs them runs it.',
  fix: 'Revoke the token. Write `${NPM_TOKEN}` in its place and set the variable where packages are installed.',
  references: ['https://docs.npmjs.com/using-private-packages-in-a-ci-cd-workflow'],
  needs: ['secrets'],
  *check({ secrets }) {
    for (const { at, kind, key = 'credential', severity, state, place } of secrets.found) {
      if (kind !== 'registry-auth' || place === 'template') continue;
      yield {
        at,
        severity: place === 'product' ? severity : 'low',
        message: `The ${key} of a package registry ${state}.`,
      };
    }
  },
  examples: [
    bad('A token for a private registry', {
      '.npmrc':
        '@acme:registry=https://npm.acme.io/\n//npm.acme.io/:_authToken=«3f2b8c1e-9d47-4a6b-8f10-2c5d7e9a1b34»\n',
    }),
    bad('User and password in base 64', { '.npmrc': '//npm.acme.io/:_auth=«YXBpOktmOTN2dXFMZA==»\n' }),
    bad('Yarn keeps its own file', {
      '.yarnrc.yml': 'npmScopes:\n  acme:\n    npmAuthToken: «3f2b8c1e9d474a6b8f102c5d7e9a1b34»\n',
    }),
    good('A reference to a variable', {
      '.npmrc': '//npm.acme.io/:_authToken=${NPM_TOKEN}\nalways-auth=true\n',
      '.yarnrc.yml': 'npmAuthToken: "${NPM_TOKEN}"\n',
    }),
  ],
});
