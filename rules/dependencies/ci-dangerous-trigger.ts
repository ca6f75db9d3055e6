import { bad, defineRule, good } from '../../src/rule/rule.ts';

const workflow = (on: string, steps: string): string =>
  `on: ${on}\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`;

const CHECKOUT =
  '      - uses: actions/checkout@v4\n        with:\n          ref: «${{ github.event.pull_request.head.sha }}»\n';

export default defineRule({
  id: 'dependencies/ci-dangerous-trigger',
  ensures: 'Code of strangers never runs in a job that holds secrets.',
  severity: 'critical',
  roles: ['any'],
  cwe: 829,
  owasp: 'A08',
  why: '`pull_request_target` and `workflow_run` run with the secrets and the write token of the repository. A job that then checks out the pull request and installs, builds or tests it hands both to whoever opened it.',
  fix: 'Build pull requests with `pull_request`. What needs secrets afterwards belongs into a second workflow that takes only data from the first and runs none of it.',
  references: ['https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/'],
  needs: ['workflows'],
  *check({ workflows }) {
    for (const { triggers, jobs } of workflows.github) {
      const trigger = triggers.find(({ name }) => name === 'pull_request_target' || name === 'workflow_run');
      if (!trigger) continue;
      for (const { steps, condition = '' } of jobs) {
        for (const [index, { uses, with: inputs, condition: when = '', script }] of steps.entries()) {
          const repository = inputs.find(({ key }) => key === 'repository')?.value;
          const commit = inputs.find(({ key }) => key === 'ref')?.value;
          // a branch by its name alone is one of this repository, whatever the pull request calls its own
          const ref = [repository, commit].find((value) => value?.kind === 'scalar' && STRANGERS.test(value.text));
          const chosen = uses?.name === 'actions/checkout' && ref !== undefined;
          const fetched =
            script !== undefined && /gh pr checkout|git (fetch|checkout)[^\n]*(pull\/|head_ref)/.test(script.text);
          if (!chosen && !fetched) continue;
          const runs = steps
            .slice(index + 1)
            .some((step) => step.script !== undefined || (step.uses?.text ?? '').startsWith('./'));
          const guarded = /author_association|github\.actor|head\.repo\.full_name|head\.repo\.fork|labels|safe/.test(
            `${condition} ${when}`,
          );
          yield {
            at: chosen && ref ? { path: trigger.at.path, start: ref.start, end: ref.end } : (script?.at ?? trigger.at),
            message: `${trigger.name} checks out what the pull request brings${runs ? ' and runs scripts after it' : ''}.`,
            trail: [{ at: trigger.at, note: `${trigger.name} runs with the secrets of the repository` }],
            ...(!runs && { severity: 'medium' as const }),
            ...(guarded && {
              unsure: 'A condition lets only some pull requests through; whether it is enough was not judged.',
            }),
          };
        }
      }
    }
  },
  examples: [
    bad('It installs and tests the pull request', {
      '.github/workflows/ci.yml': workflow('pull_request_target', `${CHECKOUT}      - run: npm ci && npm test\n`),
    }),
    bad('It only reads the pull request', {
      '.github/workflows/size.yml': workflow('[pull_request_target]', CHECKOUT),
    }),
    bad('By the command line, after another workflow', {
      '.github/workflows/preview.yml': workflow(
        '\n  workflow_run:\n    workflows: [ci]',
        '      - run: «gh pr checkout 1»\n      - run: npm run build\n',
      ),
    }),
    good('Labels and comments, without any code', {
      '.github/workflows/label.yml': workflow('pull_request_target', '      - uses: actions/labeler@v5\n'),
    }),
    good('The base branch is checked out', {
      '.github/workflows/label.yml': workflow(
        'pull_request_target',
        '      - uses: actions/checkout@v4\n      - run: npm ci\n',
      ),
    }),
    good('A branch of the repository itself', {
      '.github/workflows/release.yml': workflow(
        '\n  workflow_run:\n    workflows: [ci]\n    branches: [main]',
        '      - uses: actions/checkout@v4\n        with:\n          ref: ${{ github.event.workflow_run.head_branch }}\n      - run: npm ci\n',
      ),
    }),
    good('The trigger without secrets', {
      '.github/workflows/ci.yml': workflow('pull_request', `${CHECKOUT.replaceAll(/[«»]/g, '')}      - run: npm ci\n`),
    }),
  ],
});

const STRANGERS =
  /github\.event\.pull_request\.(head\.(sha|repo)|merge_commit_sha|number)|github\.event\.workflow_run\.head_(sha|repository|commit)|refs\/pull\//;
