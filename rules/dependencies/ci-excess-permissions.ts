import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'dependencies/ci-excess-permissions',
  ensures: 'The token of every workflow may do only what the workflow needs.',
  severity: 'medium',
  roles: ['any'],
  cwe: 250,
  owasp: 'A01',
  why: 'Every action and every install script of a dependency in the job can use the token. Without `permissions` it may, in many repositories, push code and publish releases.',
  fix: 'Write `permissions: { contents: read }` at the top of the workflow and add what a single job needs to that job.',
  references: ['https://docs.github.com/en/actions/reference/security/secure-use'],
  needs: ['workflows'],
  *check({ workflows }) {
    for (const { at, permissions, jobs, triggers } of workflows.github) {
      const all = [permissions, ...jobs.map((job) => job.permissions)].flatMap((found) => found ?? []);
      for (const found of all) {
        if (found.all === 'write-all')
          yield { at: found.at, message: 'The token of this workflow may write everything.' };
      }
      if (permissions || jobs.length === 0 || triggers.every(({ name }) => name === 'workflow_call')) continue;
      if (jobs.every((job) => job.permissions !== undefined || job.uses !== undefined)) continue;
      yield {
        at,
        severity: 'low',
        confidence: 'likely',
        message: 'This workflow does not say what its token may do: the settings of the repository decide.',
      };
    }
  },
  examples: [
    bad('Nothing is said', {
      '.github/workflows/ci.yml': '«on»: push\njobs:\n  a:\n    steps:\n      - run: npm test\n',
    }),
    bad('Everything is allowed', {
      '.github/workflows/ci.yml':
        'on: push\n«permissions: write-all»\njobs:\n  a:\n    steps:\n      - run: npm test\n',
    }),
    good('At the top, or at each job', {
      '.github/workflows/ci.yml':
        'on: push\npermissions:\n  contents: read\njobs:\n  a:\n    steps:\n      - run: npm test\n',
      '.github/workflows/b.yml': 'on: push\njobs:\n  a:\n    permissions: {}\n    steps:\n      - run: npm test\n',
    }),
    good('A reusable workflow has the permissions of its caller', {
      '.github/workflows/shared.yml': 'on: workflow_call\njobs:\n  a:\n    steps:\n      - run: npm test\n',
    }),
  ],
});
