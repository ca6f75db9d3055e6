import { bad, defineRule, good } from '../../src/rule/rule.ts';

const workflow = (version: string): string =>
  `on: push\npermissions: {}\njobs:\n  a:\n    steps:\n      - uses: actions/setup-node@v4\n        with:\n          node-version: ${version}\n`;

export default defineRule({
  id: 'dependencies/ci-node-eol',
  ensures: 'CI builds and tests on a Node.js that still gets security fixes.',
  severity: 'low',
  control: 'container/eol-node',
  roles: ['any'],
  cwe: 1104,
  owasp: 'A03',
  why: 'A project that is tested only on a line without fixes will be deployed on it, too.',
  fix: 'Test the line you deploy; `node-version-file: .nvmrc` keeps both in step.',
  references: ['https://nodejs.org/en/about/previous-releases'],
  needs: ['nodeVersions'],
  about: {
    what: 'version of Node.js in its CI',
    isIn: ({ nodeVersions }) => nodeVersions.demands.some(({ kind }) => kind === 'ci'),
  },
  *check({ nodeVersions }) {
    const tested = nodeVersions.demands.filter(({ kind }) => kind === 'ci');
    // a matrix may keep an old line beside those that are alive
    const alive = new Set(tested.filter(({ ended }) => !ended).map(({ at }) => at.path));
    const seen = new Set<string>();
    for (const { at, text, ended, majors, matrix } of tested) {
      if (!ended || (matrix && alive.has(at.path)) || seen.has(at.path)) continue;
      seen.add(at.path);
      yield {
        at,
        message: `CI runs on Node.js ${majors[0]} (${text}), which gets no more fixes; move to ${nodeVersions.recommended}.`,
      };
    }
  },
  examples: [
    bad('One version', { '.github/workflows/ci.yml': workflow('«18»') }),
    bad('The image of a job', { '.gitlab-ci.yml': 'image: «node:16-alpine»\ntest:\n  script: npm test\n' }),
    good('A line that is alive', { '.github/workflows/ci.yml': workflow("'24.x'") }),
    good('An old line among others', {
      '.github/workflows/ci.yml':
        'on: push\npermissions: {}\njobs:\n  a:\n    strategy:\n      matrix:\n        node-version: [18, 22, 24]\n    steps:\n      - uses: actions/setup-node@v4\n        with:\n          node-version: ${{ matrix.node-version }}\n',
    }),
  ],
});
