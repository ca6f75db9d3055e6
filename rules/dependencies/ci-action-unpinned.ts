import { bad, defineRule, good } from '../../src/rule/rule.ts';

const job = (steps: string, more = ''): Record<string, string> => ({
  '.github/workflows/ci.yml': `on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n${more}    steps:\n${steps}`,
});

export default defineRule({
  id: 'dependencies/ci-action-unpinned',
  ensures: 'Actions of third parties run in the version that was looked at.',
  severity: 'medium',
  roles: ['any'],
  cwe: 829,
  owasp: 'A03',
  why: 'A tag and a branch can be moved. Whoever takes over the account of an action moves them to code that prints every secret of the job, as happened to tj-actions/changed-files in March 2025.',
  fix: 'Write the full commit hash, the version in a comment beside it (`@3d4f…  # v4.1.0`), and let Dependabot or Renovate raise both.',
  references: [
    'https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions',
    'https://github.com/advisories/GHSA-mrrh-fwg8-r2c3',
  ],
  needs: ['workflows'],
  *check({ workflows }) {
    const seen = new Set<string>();
    for (const { path, jobs } of workflows.github) {
      for (const { uses, steps } of jobs) {
        for (const action of [uses, ...steps.map((step) => step.uses)]) {
          if (!action || action.name === '' || action.pinned || OFFICIAL.test(action.name)) continue;
          if (seen.has(`${path} ${action.text}`)) continue;
          seen.add(`${path} ${action.text}`);
          const moving = /^(main|master|develop|latest|HEAD)$/i.test(action.ref);
          yield {
            at: action.at,
            message: moving
              ? `${action.name} runs as its branch ${action.ref} is at that moment.`
              : `${action.name} runs as whatever ${action.ref} points to at that moment.`,
            ...(!moving && { confidence: 'likely' as const }),
          };
        }
      }
    }
  },
  examples: [
    bad('A tag, a branch, and a part of a repository', {
      ...job(
        '      - uses: «tj-actions/changed-files@v45»\n      - uses: «acme/deploy/login@main»\n      - uses: actions/checkout@v4\n',
      ),
    }),
    bad('A reusable workflow of somebody else', {
      '.github/workflows/ci.yml': 'on: push\njobs:\n  a:\n    uses: «acme/shared/.github/workflows/build.yml@v1»\n',
    }),
    good('Full hashes, and actions of GitHub', {
      ...job(
        '      - uses: tj-actions/changed-files@823fcebdb31bb35fdf2229d9f769b400309430d0 # v46\n      - uses: actions/setup-node@v4\n      - uses: github/codeql-action/init@v3\n',
      ),
    }),
    good('Of the repository itself, and images', {
      ...job(
        '      - uses: ./.github/actions/build\n      - uses: docker://node@sha256:6e2d1d9ab0f9f6f0cf8f3b9bd3be3d4ac2b8a4e6b9cb2f5c2c4f3d2c1b0a9f8e\n',
      ),
    }),
  ],
});

/** GitHub's own: whoever can move their tags can change the runner as well. */
const OFFICIAL = /^(actions|github)\//;
