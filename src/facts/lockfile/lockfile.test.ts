import { describe, expect, it } from 'vitest';
import { extract } from './extract.ts';
import type { LockfileFacts } from './lockfile-facts.ts';

const read = (path: string, text: string): LockfileFacts =>
  extract({ path, text, language: 'lockfile', tracked: 'tracked' }).facts;

/** `name@version source integrity → what it needs`, and the text its span covers. */
const shown = ({ packages }: LockfileFacts, text: string): readonly string[] =>
  packages.map(
    ({ name, version, source, integrity, needs, at }) =>
      `${name}@${version} ${source} ${integrity ?? '-'} → ${needs.map((id) => packages[id]?.name).join(',')} «${text.slice(at.start, at.end)}»`,
  );

const NPM3 = `{
  "name": "shop", "lockfileVersion": 3,
  "packages": {
    "": { "name": "shop", "dependencies": { "a": "^1.0.0" }, "devDependencies": { "c": "git+ssh://git@git.acme.io/c.git" } },
    "node_modules/a": { "version": "1.2.0", "resolved": "https://npm.acme.io/a/-/a-1.2.0.tgz", "integrity": "sha512-AA==", "dependencies": { "b": "^2.0.0" }, "hasInstallScript": true, "deprecated": "use z" },
    "node_modules/a/node_modules/b": { "version": "2.0.0", "resolved": "http://npm.acme.io/b/-/b-2.0.0.tgz", "integrity": "sha1-AA==" },
    "node_modules/b": { "version": "1.0.0", "dev": true },
    "node_modules/c": { "version": "0.1.0", "resolved": "git+ssh://git@git.acme.io/c.git#0123456789abcdef0123456789abcdef01234567", "dev": true, "dependencies": { "b": "*" } },
    "node_modules/w": { "resolved": "packages/w", "link": true },
    "packages/w": { "version": "1.0.0", "dependencies": { "a": "1" } }
  }
}`;

const NPM1 = `{ "lockfileVersion": 1, "dependencies": {
  "a": { "version": "1.2.0", "integrity": "sha512-AA==", "requires": { "b": "^2.0.0" }, "dependencies": { "b": { "version": "2.0.0" } } },
  "b": { "version": "1.0.0", "dev": true },
  "c": { "version": "github:acme/c#0123456789abcdef0123456789abcdef01234567", "from": "github:acme/c" } } }`;

const YARN1 = `# yarn lockfile v1


"@s/a@^1.0.0", "@s/a@^1.1.0":
  version "1.2.0"
  resolved "https://npm.acme.io/@s/a/-/a-1.2.0.tgz#0123456789abcdef0123456789abcdef01234567"
  integrity sha512-AA==
  dependencies:
    b "^2.0.0"

b@^2.0.0:
  version "2.0.0"
  resolved "https://npm.acme.io/b/-/b-2.0.0.tgz#0123456789abcdef0123456789abcdef01234567"
`;

const BERRY = `__metadata:
  version: 8

"@s/a@npm:^1.0.0, @s/a@npm:^1.1.0":
  version: 1.2.0
  resolution: "@s/a@npm:1.2.0"
  dependencies:
    b: "npm:^2.0.0"
  peerDependencies:
    z: ">=8"
  checksum: 10c0/00ff
  languageName: node

? "b@npm:^2.0.0"
:
  version: 2.0.0
  resolution: "b@npm:2.0.0"
  linkType: hard

"shop@workspace:.":
  version: 0.0.0-use.local
  resolution: "shop@workspace:."
  dependencies:
    "@s/a": "npm:^1.0.0"
`;

const PNPM9 = `lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      '@s/a':
        specifier: ^1.0.0
        version: 1.2.0(b@2.0.0)
  apps/web:
    devDependencies:
      b:
        specifier: ^2.0.0
        version: 2.0.0

packages:

  '@s/a@1.2.0':
    resolution: {integrity: sha512-AA==}
    engines: {node: '>=14'}
    deprecated: use z

  b@2.0.0:
    resolution: {integrity: sha512-BB==, tarball: http://npm.acme.io/b.tgz}

snapshots:

  '@s/a@1.2.0(b@2.0.0)':
    dependencies:
      b: 2.0.0

  b@2.0.0: {}
`;

const PNPM6 = `lockfileVersion: '6.0'

dependencies:
  '@s/a':
    specifier: ^1.0.0
    version: 1.2.0(b@2.0.0)

packages:

  /@s/a@1.2.0(b@2.0.0):
    resolution: {integrity: sha512-AA==}
    requiresBuild: true
    dependencies:
      b: 2.0.0
    dev: false

  /b@2.0.0:
    resolution: {integrity: sha512-BB==}
    dev: true
`;

const PNPM5 = `lockfileVersion: 5.4

specifiers:
  '@s/a': ^1.0.0

dependencies:
  '@s/a': 1.2.0_b@2.0.0

packages:

  /@s/a/1.2.0_b@2.0.0:
    resolution: {integrity: sha512-AA==}
    dependencies:
      b: 2.0.0
    dev: false

  /b/2.0.0:
    resolution: {integrity: sha1-BB==}
    dev: true
`;

const BUN = `{
  "lockfileVersion": 1,
  "workspaces": { "": { "name": "shop", "dependencies": { "a": "^1.0.0" } }, },
  "packages": {
    "a": ["a@1.2.0", "", { "dependencies": { "b": "^2.0.0" } }, "sha512-AA=="],
    "b": ["b@1.0.0", "", {}, "sha512-BB=="],
    "a/b": ["b@2.0.0", "https://npm.acme.io/b-2.0.0.tgz", {}, "sha512-CC=="],
  }
}`;

describe('what a lockfile pins', () => {
  it.each([
    [
      'package-lock.json',
      NPM3,
      '3',
      [
        'a@1.2.0 registry sha512 → b «"node_modules/a"»',
        'b@2.0.0 registry sha1 →  «"node_modules/a/node_modules/b"»',
        'b@1.0.0 registry - →  «"node_modules/b"»',
        'c@0.1.0 git - → b «"node_modules/c"»',
        'w@ workspace - →  «"node_modules/w"»',
      ],
    ],
    [
      'package-lock.json',
      NPM1,
      '1',
      [
        'a@1.2.0 registry sha512 → b «"a"»',
        'b@2.0.0 registry - →  «"b"»',
        'b@1.0.0 registry - →  «"b"»',
        'c@ git - →  «"c"»',
      ],
    ],
    [
      'yarn.lock',
      YARN1,
      'classic',
      ['@s/a@1.2.0 registry sha512 → b «"@s/a@^1.0.0", "@s/a@^1.1.0"»', 'b@2.0.0 registry sha1 →  «b@^2.0.0»'],
    ],
    [
      'yarn.lock',
      BERRY,
      '8',
      [
        '@s/a@1.2.0 registry sha512 → b «"@s/a@npm:^1.0.0, @s/a@npm:^1.1.0"»',
        'b@2.0.0 registry - →  «"b@npm:^2.0.0"»',
        'shop@ workspace - → @s/a «"shop@workspace:."»',
      ],
    ],
    [
      'pnpm-lock.yaml',
      PNPM9,
      '9.0',
      [
        "@s/a@1.2.0 registry sha512 →  «'@s/a@1.2.0'»",
        'b@2.0.0 archive sha512 →  «b@2.0.0»',
        "@s/a@1.2.0 registry sha512 → b «'@s/a@1.2.0(b@2.0.0)'»",
      ],
    ],
    [
      'pnpm-lock.yaml',
      PNPM6,
      '6.0',
      ['@s/a@1.2.0 registry sha512 → b «/@s/a@1.2.0(b@2.0.0)»', 'b@2.0.0 registry sha512 →  «/b@2.0.0»'],
    ],
    [
      'pnpm-lock.yaml',
      PNPM5,
      '5.4',
      ['@s/a@1.2.0 registry sha512 → b «/@s/a/1.2.0_b@2.0.0»', 'b@2.0.0 registry sha1 →  «/b/2.0.0»'],
    ],
    [
      'bun.lock',
      BUN,
      '1',
      ['a@1.2.0 registry sha512 → b «"a"»', 'b@1.0.0 registry sha512 →  «"b"»', 'b@2.0.0 registry sha512 →  «"a/b"»'],
    ],
  ])('%s %#', (path, text, format, expected) => {
    const facts = read(path, text);
    expect([facts.format, shown(facts, text)]).toEqual([format, expected]);
  });

  it('follows what resolutions replaced, where there is one version alone', () => {
    const facts = read('yarn.lock', BERRY.replace('b: "npm:^2.0.0"', 'b: "npm:^1.5.0"'));
    expect(facts.packages.map(({ name, needs }) => [name, needs.map((id) => facts.packages[id]?.name)])).toContainEqual(
      ['@s/a', ['b']],
    );
  });

  it('knows who asked for what', () => {
    const asked = (facts: LockfileFacts): unknown =>
      facts.importers.map(({ folder, requires }) => [
        folder,
        ...requires.map(
          ({ name, range, kind, target }) => `${kind} ${name}@${range} → ${facts.packages[target ?? -1]?.version}`,
        ),
      ]);
    expect(asked(read('package-lock.json', NPM3))).toEqual([
      ['', 'dependencies a@^1.0.0 → 1.2.0', 'devDependencies c@git+ssh://git@git.acme.io/c.git → 0.1.0'],
      ['packages/w', 'dependencies a@1 → 1.2.0'],
    ]);
    const root = ['', 'dependencies @s/a@^1.0.0 → 1.2.0'];
    expect(asked(read('pnpm-lock.yaml', PNPM9))).toEqual([root, ['apps/web', 'devDependencies b@^2.0.0 → 2.0.0']]);
    expect(asked(read('pnpm-lock.yaml', PNPM6))).toEqual([root]);
    expect(asked(read('pnpm-lock.yaml', PNPM5))).toEqual([root]);
    expect(asked(read('yarn.lock', BERRY))).toEqual([root]);
    expect(asked(read('bun.lock', BUN))).toEqual([['', 'dependencies a@^1.0.0 → 1.2.0']]);
  });

  it('leaves user and password of an address out', () => {
    const text = NPM3.replace('https://npm.acme.io/a/', 'https://ci:Kf93vuqLd@npm.acme.io/a/');
    const facts = read('package-lock.json', text);
    expect(JSON.stringify(facts)).not.toContain('Kf93vuqLd');
    expect(facts.packages[0]?.origin).toMatchObject({ scheme: 'https', host: 'npm.acme.io', path: '/a/-/a-1.2.0.tgz' });
  });

  it.each(['{', '[]', '<<<<<<< HEAD\n{}', 'null'])('%j is a gap', (text) => {
    const { facts, gaps } = extract({ path: 'package-lock.json', text, language: 'lockfile', tracked: 'tracked' });
    expect([facts.packages.length, gaps.length]).toEqual([0, 1]);
  });
});

describe('broken lockfiles', () => {
  let seed = 5;
  const next = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    return (seed >> 8) % below;
  };
  const samples: readonly (readonly [string, string])[] = [
    ['package-lock.json', NPM3],
    ['package-lock.json', NPM1],
    ['yarn.lock', YARN1],
    ['yarn.lock', BERRY],
    ['pnpm-lock.yaml', PNPM9],
    ['pnpm-lock.yaml', PNPM5],
    ['bun.lock', BUN],
  ];
  const bits = ['"', '{', '}', '\n', ':', ' ', '@', '__proto__', 'constructor', '? ', '(', '\\', ',', '-'];

  it('yield spans of the text and edges between packages', () => {
    for (let i = 0; i < Number(process.env['FUZZ'] ?? 400); i += 1) {
      const [path, sound] = samples[i % samples.length] ?? ['', ''];
      let text = sound;
      for (let n = next(6); n >= 0; n -= 1) {
        const at = next(text.length);
        text = text.slice(0, at) + (bits[next(bits.length)] ?? '') + text.slice(at + next(12));
      }
      const { packages, importers } = read(path, text);
      for (const { at, needs, origin } of packages) {
        expect(at.start >= 0 && at.start <= at.end && at.end <= text.length, text).toBe(true);
        expect(!origin || (origin.at.start <= origin.at.end && origin.at.end <= text.length), text).toBe(true);
        expect(needs.every((id) => packages[id] !== undefined)).toBe(true);
      }
      for (const { requires } of importers) {
        expect(requires.every(({ target }) => target === undefined || packages[target] !== undefined)).toBe(true);
      }
    }
  });
});
