import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'config/manifest-unreadable',
  ensures: 'Every package.json is valid JSON.',
  severity: 'high',
  roles: ['any'],
  cwe: 1286,
  owasp: 'A02',
  why: 'npm, Node.js and every platform refuse to install or start a package whose manifest they cannot read.',
  fix: 'Repair the place; JSON has no comments, no final commas and no single quotes. `npm pkg fix` tells where it fails.',
  references: ['https://docs.npmjs.com/cli/v11/configuring-npm/package-json'],
  needs: ['manifests'],
  *check({ manifests }) {
    for (const at of manifests.broken) yield { at, message: `${at.path} is not valid JSON from here on.` };
  },
  examples: [
    bad('A comma too many', { 'package.json': '{ "name": "a", "private": true,«}»\n' }),
    bad('A comment', { 'package.json': '{ «// the name»\n"name": "a" }\n' }),
    good('Valid', { 'package.json': '{ "name": "a" }\n', 'tsconfig.json': '{ /* comments are allowed here */ }\n' }),
  ],
});
