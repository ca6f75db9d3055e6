import { bad, defineRule, good } from '../../src/rule/rule.ts';
import type { Location } from '../../src/rule/rule.ts';

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
    const told = new Set<string>();
    const all = workflows.github.map(({ jobs }) => jobs.flatMap(looseIn));
    for (const loose of all) {
      // one finding for a file, at the worst of those that no other file was reported for
      const fresh = loose.filter(({ text }) => !told.has(text));
      const first =
        fresh.find(({ ref }) => MOVING.test(ref)) ?? fresh.find(({ name }) => !KNOWN.test(name)) ?? fresh[0];
      if (!first) continue;
      for (const { text } of fresh) told.add(text);
      const moving = MOVING.test(first.ref);
      yield {
        at: first.at,
        message: `${first.name} runs as ${moving ? `its branch ${first.ref} is` : `whatever ${first.ref} points to`} at that moment${othersThan(first.name, fresh)}.`,
        // a tag stays where it is until an account is taken over
        ...(!moving && { confidence: 'likely' as const, severity: 'low' as const }),
        repair: 'pins',
        trail: all
          .flat()
          .filter((action) => action !== first && fresh.some(({ text }) => text === action.text))
          .map(({ at, text }) => ({ at, note: `${text} is no commit.` })),
      };
    }
  },
  examples: [
    bad('A tag, a branch, and a part of a repository', {
      ...job(
        '      - uses: tj-actions/changed-files@v45\n      - uses: «acme/deploy/login@main»\n      - uses: actions/checkout@v4\n',
      ),
    }),
    bad('A reusable workflow of somebody else', {
      '.github/workflows/ci.yml': 'on: push\njobs:\n  a:\n    uses: «acme/shared/.github/workflows/build.yml@v1»\n',
    }),
    bad('The same action in two workflows is one thing to pin', {
      '.github/workflows/a.yml': 'on: push\njobs:\n  a:\n    steps:\n      - uses: «acme/setup@main»\n',
      '.github/workflows/b.yml':
        'on: push\njobs:\n  a:\n    steps:\n      - uses: acme/setup@main\n      - uses: «other/lint@v3»\n',
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

const MOVING = /^(main|master|develop|latest|HEAD)$/i;
/** Publishers who have more to lose by a moved tag than the account of one person. */
const KNOWN = /^(docker|google-github-actions|aws-actions|azure|hashicorp|microsoft|pnpm|oven-sh|denoland)\//i;

/** GitHub's own: whoever can move their tags can change the runner as well. */
const OFFICIAL = /^(actions|github)\//;

interface Action {
  readonly text: string;
  readonly at: Location;
  readonly name: string;
  readonly ref: string;
  readonly pinned: boolean;
}

interface Job {
  readonly uses?: Action;
  readonly steps: readonly { readonly uses?: Action }[];
}

/** The actions of a job that run in no version that was looked at. */
const looseIn = ({ uses, steps }: Job): readonly Action[] =>
  [uses, ...steps.map((step) => step.uses)]
    .filter((action) => action !== undefined)
    .filter(({ name, pinned }) => name !== '' && !pinned && !OFFICIAL.test(name));

function othersThan(first: string, loose: readonly Action[]): string {
  const others = [...new Set(loose.map(({ name }) => name).filter((name) => name !== first))];
  if (others.length === 0) return '';
  const more = others.length > 3 ? ` and ${others.length - 3} more` : '';
  return `, and so ${others.length === 1 ? 'does' : 'do'} ${others.slice(0, 3).join(', ')}${more}`;
}
