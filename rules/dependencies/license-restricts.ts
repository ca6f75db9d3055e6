import { bad, defineRule, good } from '../../src/rule/rule.ts';

const MANIFEST =
  '{ "name": "x", "private": true, "dependencies": { "a": "^1.0.0" }, "devDependencies": { "d": "^1.0.0" } }\n';
const lock = (a: string, b: string, d = 'MIT'): string =>
  `{ "lockfileVersion": 3, "packages": { "": { "dependencies": { "a": "^1.0.0" }, "devDependencies": { "d": "^1.0.0" } }, «"node_modules/a"»: { "version": "1.0.0", "license": "${a}", "dependencies": { "b": "1" } }, "node_modules/b": { "version": "1.0.0", "license": "${b}" }, "node_modules/d": { "version": "1.0.0", "license": "${d}", "dev": true } } }\n`;
const sound = (...licenses: readonly [string, string, string?]): string => lock(...licenses).replaceAll(/[«»]/g, '');

export default defineRule({
  id: 'dependencies/license-restricts',
  ensures: 'No package that runs in production is under a licence that restricts how a service may be run.',
  severity: 'low',
  roles: ['any'],
  owasp: 'A03',
  why: 'Some licences ask a service to publish its own source, some forbid production or commercial use, and a package without a licence may not be used at all: its owner can demand that it be taken out, at once.',
  fix: 'Choose another package, buy the licence its owner sells, or have somebody who knows confirm that your use is allowed and ignore this with that reason.',
  references: ['https://spdx.org/licenses/', 'https://www.gnu.org/licenses/agpl-3.0.html#section13'],
  needs: ['licenses'],
  *check({ licenses }) {
    for (const { name, license, demand, direct, at } of licenses) {
      yield {
        at,
        confidence: 'likely',
        message: `${name}${direct ? '' : ', which a dependency brings,'} is under ${license.slice(0, 80)}: ${DEMANDS[demand]}.`,
        ...(!direct && { severity: 'info' as const }),
      };
    }
  },
  examples: [
    bad('Its source has to be offered to users of the service', {
      'package.json': MANIFEST,
      'package-lock.json': lock('AGPL-3.0-or-later', 'MIT'),
    }),
    bad('No alternative is free', {
      'package.json': MANIFEST,
      'package-lock.json': lock('(AGPL-3.0-only OR SSPL-1.0) AND MIT', 'MIT'),
    }),
    bad('Not for production, and for nobody', {
      'package.json': MANIFEST,
      'package-lock.json': lock('BUSL-1.1', 'UNLICENSED').replace('"node_modules/b"', '«"node_modules/b"»'),
    }),
    good('Free, or free as one of two, or for development alone', {
      'package.json': MANIFEST,
      'package-lock.json': sound('(MIT OR AGPL-3.0-only)', 'GPL-2.0 WITH Classpath-exception-2.0', 'AGPL-3.0'),
    }),
    good('The project is under the same', {
      'package.json': MANIFEST.replace('"private": true', '"license": "AGPL-3.0-only"'),
      'package-lock.json': sound('AGPL-3.0-or-later', 'SEE LICENSE IN LICENSE.md'),
    }),
    good('Packages of the same company', {
      'package.json': MANIFEST.replace('"name": "x"', '"name": "@acme/x"').replace('"a"', '"@acme/a"'),
      'package-lock.json': sound('UNLICENSED', 'ISC')
        .replaceAll('"a"', '"@acme/a"')
        .replace('modules/a"', 'modules/@acme/a"'),
    }),
  ],
});

const DEMANDS = {
  network: 'whoever lets others use it over a network has to offer them the source of the service',
  limited: 'production or commercial use is restricted',
  closed: 'nobody has been given the right to use it',
};
