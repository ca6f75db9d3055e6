import { bad, defineRule, good } from '../../src/rule/rule.ts';

const TEST = '{ "name": "a", "dependencies": { "ms": "^2.0.0" } }\n';
const workflow = (run: string): string => `«on»: push\npermissions: {}\njobs:\n  a:\n    steps:\n      - ${run}\n`;
const sound = (run: string): string => workflow(run).replaceAll(/[«»]/g, '');

export default defineRule({
  id: 'dependencies/no-dependency-audit',
  ensures: 'Something tells the team when a dependency is known to be vulnerable.',
  severity: 'low',
  roles: ['any'],
  cwe: 1104,
  owasp: 'A03',
  why: 'Most holes of a service are in code it did not write. Attackers read the advisories on the day they appear; nobody here does.',
  fix: 'Add `.github/dependabot.yml` (or Renovate), or a step that runs `npm audit --audit-level=high` or OSV-Scanner.',
  references: ['https://docs.github.com/en/code-security/dependabot', 'https://google.github.io/osv-scanner/'],
  needs: ['workflows', 'lockfiles'],
  *check({ workflows, lockfiles }) {
    if (workflows.dependencyBots.length > 0 || lockfiles.projects.length === 0) return;
    if (workflows.scripts.some(({ text }) => AUDITS.test(text))) return;
    const actions = workflows.github.flatMap(({ jobs }) =>
      jobs.flatMap(({ steps, uses }) => [uses, ...steps.map((step) => step.uses)]),
    );
    if (actions.some((uses) => uses && AUDIT_ACTIONS.test(uses.text))) return;
    const [first] = workflows.github;
    const at = first?.at ?? workflows.scripts[0]?.at;
    if (!at) return;
    yield {
      at,
      confidence: 'likely',
      message: 'No job of CI and no bot looks at the advisories for the dependencies.',
    };
  },
  examples: [
    bad('Tests only', { 'package.json': TEST, '.github/workflows/ci.yml': workflow('run: npm ci && npm test') }),
    good('A bot', {
      'package.json': TEST,
      '.github/workflows/ci.yml': sound('run: npm test'),
      '.github/dependabot.yml': 'version: 2\n',
    }),
    good('A step', { 'package.json': TEST, '.github/workflows/ci.yml': sound('run: npm audit --omit=dev') }),
    good('A job of GitLab', { 'package.json': TEST, '.gitlab-ci.yml': 'audit:\n  script: osv-scanner -r .\n' }),
    good('An action', {
      'package.json': TEST,
      '.github/workflows/ci.yml': sound('uses: actions/dependency-review-action@v4'),
    }),
  ],
});

const AUDITS =
  /\b(npm|pnpm|yarn|bun)\b[^\n]{0,40}\baudit\b|\bosv-scanner\b|\bsnyk\b|\btrivy\b|\bgrype\b|dependency-check|better-npm-audit|\baudit-ci\b|improved-yarn-audit|\bnsp check\b|\bsocket\b|\bretire\b/;
const AUDIT_ACTIONS = /dependency-review|osv-scanner|snyk|trivy|grype|anchore|dependency-check|renovate|socket|audit/i;
