import { bad, defineRule, good } from '../../src/rule/rule.ts';

const MANIFEST = '{ "name": "x", "devDependencies": { "d": "^1.0.0" } }\n';
const LOCK =
  '{ "lockfileVersion": 3, "packages": { "": { "devDependencies": { "d": "^1.0.0" } }, «"node_modules/d"»: { "version": "1.0.0", "dev": true } } }\n';
const ADVISORY = JSON.stringify([
  {
    id: 'MAL-2026-1',
    aliases: [],
    package: 'd',
    versions: ['1.0.0'],
    severity: 'unknown',
    summary: 'Malicious code in d',
    fixed: [],
    malicious: true,
  },
]);

export default defineRule({
  id: 'dependencies/malicious-version',
  ensures: 'No installed version is known to have been published as an attack.',
  severity: 'critical',
  roles: ['any'],
  cwe: 506,
  owasp: 'A03',
  why: 'Such a version runs when it is installed: on every machine of the team and in CI it has read tokens, keys and the environment.',
  fix: 'Remove it, install a clean version, and replace every credential the machines that installed it could read.',
  references: ['https://github.com/ossf/malicious-packages'],
  needs: ['advisories'],
  *check({ advisories }) {
    for (const { package: found, advisories: all, at } of advisories.vulnerable) {
      const attack = all.find(({ malicious }) => malicious);
      if (attack) yield { at, message: `${found.name} ${found.version} was published as an attack (${attack.id}).` };
    }
  },
  examples: [
    bad('Development counts as much', {
      'package.json': MANIFEST,
      'package-lock.json': LOCK,
      'advisories.json': ADVISORY,
    }),
    good('A clean version', {
      'package.json': MANIFEST,
      'package-lock.json': LOCK.replaceAll(/[«»]/g, ''),
      'advisories.json': ADVISORY.replace('1.0.0', '1.0.1'),
    }),
  ],
});
