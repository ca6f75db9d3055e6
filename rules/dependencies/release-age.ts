import { bad, defineRule, good } from '../../src/rule/rule.ts';

const manifest = (manager: string): string =>
  `{ "name": "shop", "private": true, "packageManager": «"${manager}"», "dependencies": { "ms": "^2.1.3" } }\n`;
const sound = (manager: string): string => manifest(manager).replaceAll(/[«»]/g, '');

export default defineRule({
  id: 'dependencies/release-age',
  ensures: 'New versions are installed only after somebody else had time to notice what is wrong with them.',
  severity: 'low',
  roles: ['any'],
  cwe: 1357,
  owasp: 'A03',
  why: 'Versions published by attackers are mostly found and taken down within a day. Until then every update of a lockfile takes them in, and their install scripts run with the tokens that are there.',
  fix: 'Wait a few days: `min-release-age=3` (days) in `.npmrc`, `minimumReleaseAge: 4320` (minutes) in `pnpm-workspace.yaml`, `npmMinimalAgeGate: 3d` in `.yarnrc.yml`.',
  references: [
    'https://docs.npmjs.com/cli/v11/using-npm/config#min-release-age',
    'https://pnpm.io/settings#minimumreleaseage',
    'https://yarnpkg.com/configuration/yarnrc#npmMinimalAgeGate',
  ],
  needs: ['manifests', 'registrySettings'],
  *check({ manifests, registrySettings }) {
    for (const { name, value, at } of registrySettings) {
      const minutes = GATES.get(name)?.(value);
      if (minutes === undefined || minutes >= HOUR) continue;
      yield { at, message: `${name} is ${value}, which makes nothing wait: ${UNITS.get(name)}.` };
    }
    for (const { folder, packageManager } of manifests.all) {
      if (!packageManager || !hasGateThatIsOff(packageManager)) continue;
      if (
        registrySettings.some((set) => set.folder === folder && (GATES.has(set.name) || set.name === 'ignore-scripts'))
      )
        continue;
      yield {
        at: packageManager.at,
        severity: 'info',
        message: `${packageManager.name} ${packageManager.version} can wait before it takes a new version, and is not told to.`,
      };
    }
  },
  examples: [
    bad('Days, where minutes are asked for', {
      'package.json': sound('pnpm@10.20.0'),
      'pnpm-workspace.yaml': 'packages:\n  - a\n«minimumReleaseAge: 7»\n',
    }),
    bad('Nothing is said', { 'package.json': manifest('npm@11.12.0') }),
    good('Said, each in its own unit', {
      'a/package.json': sound('npm@11.12.0'),
      'a/.npmrc': 'min-release-age=3\n',
      'b/package.json': sound('yarn@4.12.0'),
      'b/.yarnrc.yml': 'npmMinimalAgeGate: 3d\n',
      'c/package.json': sound('pnpm@10.20.0'),
      'c/pnpm-workspace.yaml': 'minimumReleaseAge: 4320\n',
    }),
    good('It is so by default, or cannot be said yet', {
      'a/package.json': sound('pnpm@11.0.0'),
      'b/package.json': sound('npm@10.9.0'),
      'c/package.json': sound('yarn@1.22.22'),
    }),
  ],
});

const HOUR = 60;
const DAY = 24 * HOUR;
const UNITS: ReadonlyMap<string, string> = new Map([
  ['min-release-age', 'npm counts days'],
  ['minimum-release-age', 'pnpm counts minutes'],
  ['npm-minimal-age-gate', 'yarn counts minutes'],
]);

/** The settings, and the minutes a value means; undefined where it is no number. */
const GATES: ReadonlyMap<string, (value: string) => number | undefined> = new Map([
  ['min-release-age', (value) => numberOf(value, DAY)],
  ['minimum-release-age', (value) => numberOf(value, 1)],
  [
    'npm-minimal-age-gate',
    (value) => {
      const unit = /[smhdw]$/.exec(value)?.[0];
      return numberOf(
        unit ? value.slice(0, -1) : value,
        { s: 1 / 60, m: 1, h: HOUR, d: DAY, w: 7 * DAY }[unit ?? 'm'] ?? 1,
      );
    },
  ],
]);

const numberOf = (value: string, minutes: number): number | undefined =>
  /^\d+(\.\d+)?$/.test(value) ? Number(value) * minutes : undefined;

/** Source: the change logs of npm 11.10, pnpm 10.16 and 11, yarn 4.10 and 4.15. */
function hasGateThatIsOff({ name, version }: { readonly name: string; readonly version: string }): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const reached = (otherMajor: number, otherMinor: number): boolean =>
    major > otherMajor || (major === otherMajor && minor >= otherMinor);
  if (name === 'npm') return reached(11, 10);
  if (name === 'pnpm') return reached(10, 16) && !reached(11, 0);
  return name === 'yarn' && reached(4, 10) && !reached(4, 15);
}
