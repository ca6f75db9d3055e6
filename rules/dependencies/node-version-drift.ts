import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'dependencies/node-version-drift',
  ensures: 'Development, CI and production run the same Node.js.',
  severity: 'medium',
  roles: ['any'],
  cwe: 1357,
  owasp: 'A02',
  why: 'What is tested is not what runs: another major has other defaults, other timeouts and other native modules.',
  fix: 'Write one major everywhere: `engines`, `.nvmrc`, the image and CI (`node-version-file: .nvmrc` keeps CI in step by itself).',
  references: ['https://github.com/actions/setup-node#usage'],
  needs: ['nodeVersions'],
  about: {
    what: 'two places that say which Node.js it runs on',
    isIn: ({ nodeVersions }) => nodeVersions.demands.length > 1,
  },
  *check({ nodeVersions }) {
    const of = (kind: string) =>
      nodeVersions.demands.filter((demand) => demand.kind === kind && demand.majors.length > 0);
    const images = of('image');
    const ranges = of('range').filter(({ folder }) => folder === '');
    for (const image of images) {
      const [major = 0] = image.majors;
      const excluding = ranges.find(({ majors }) => !majors.includes(major));
      const other = [...of('pin')].find(
        ({ majors, folder }) => folder === '' && majors.length === 1 && majors[0] !== major,
      );
      const against = excluding ?? other;
      if (!against) continue;
      yield {
        at: image.at,
        ...(/\d/.test(image.text) ? {} : { confidence: 'likely' as const }),
        message: `The image runs Node.js ${major}, but ${against.by} asks for ${against.text}.`,
        trail: [{ at: against.at, note: `${against.by} asks for ${against.text}` }],
      };
    }
    const deployed = images[0] ?? of('pin').find(({ folder }) => folder === '');
    const tested = of('ci');
    if (!deployed || tested.length === 0 || tested.some(({ majors }) => majors.includes(deployed.majors[0] ?? 0)))
      return;
    const [first] = tested;
    if (!first) return;
    yield {
      at: first.at,
      ...(/\d/.test(deployed.text) ? {} : { confidence: 'likely' as const }),
      message: `CI tests Node.js ${[...new Set(tested.map(({ majors }) => majors[0]))].join(', ')}, but ${deployed.by} says ${deployed.text}.`,
      trail: [{ at: deployed.at, note: `${deployed.by} says ${deployed.text}` }],
    };
  },
  examples: [
    bad('The image is outside the range', {
      'package.json': '{ "name": "a", "engines": { "node": ">=24" } }\n',
      Dockerfile: 'FROM «node:22-slim»\nCMD ["node", "a.js"]\n',
    }),
    bad('The image is not what developers run', {
      '.nvmrc': '24\n',
      Dockerfile: 'FROM «node:22-slim»\nCMD ["node", "a.js"]\n',
    }),
    bad('CI never tests what is deployed', {
      Dockerfile: 'FROM node:24-slim\nCMD ["node", "a.js"]\n',
      '.github/workflows/ci.yml':
        'on: push\njobs:\n  test:\n    steps:\n      - uses: actions/setup-node@v4\n        with:\n          node-version: «22»\n',
    }),
    good('The same everywhere; CI tries more', {
      'package.json': '{ "name": "a", "engines": { "node": ">=22" } }\n',
      '.nvmrc': 'v24.1.0\n',
      Dockerfile: 'FROM node:24-slim\nCMD ["node", "a.js"]\n',
      '.github/workflows/ci.yml':
        'on: push\njobs:\n  test:\n    strategy:\n      matrix:\n        node: [22, 24]\n    steps:\n      - uses: actions/setup-node@v4\n        with:\n          node-version: ${{ matrix.node }}\n',
    }),
    good('A package of its own in a subfolder', {
      'package.json': '{ "name": "a", "engines": { "node": ">=24" } }\n',
      'legacy/package.json': '{ "name": "b", "engines": { "node": "22.x" } }\n',
      Dockerfile: 'FROM node:24-slim\nCMD ["node", "a.js"]\n',
    }),
  ],
});
