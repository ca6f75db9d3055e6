import { bad, defineRule, good } from '../../src/rule/rule.ts';

const job = (step: string): string =>
  `on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${step}`;

const SECRET = String.raw`\$\{\{\s{0,10}(?:secrets\.|toJSON\(secrets)`;
const BUILD_ARGUMENT = new RegExp(String.raw`--build-arg[ =]["']?(\w{1,80})=["']?${SECRET}`);
const ARGUMENT_LINE = new RegExp(String.raw`^[ \t]{0,40}(\w{1,80})=["']?${SECRET}`, 'm');
/** Printed in another form, it is not what GitHub hides in logs. */
const PRINTED = new RegExp(
  String.raw`\b(?:echo|printf)\b[^\n|>]{0,200}${SECRET}[^\n|>]{0,200}\|[ \t]{0,5}(?:base64|rev|xxd|hexdump|od|tac|fold|sed)\b[^\n>|]{0,100}$`,
  'm',
);

export default defineRule({
  id: 'secrets/ci-secret-exposed',
  ensures: 'Workflows hand secrets to nobody who keeps or prints them.',
  severity: 'high',
  roles: ['any'],
  cwe: 532,
  owasp: 'A04',
  why: 'A build argument is in the history of the image, for everyone who can pull it. A secret printed in another form is in the log, which everyone with read access opens; and a workflow of somebody else may do either.',
  fix: 'Mount it while building (`secrets:` of build-push-action and `RUN --mount=type=secret`), print nothing, and hand other workflows the secrets they need by name.',
  references: [
    'https://docs.docker.com/build/ci/github-actions/secrets/',
    'https://docs.github.com/en/actions/reference/security/secure-use#use-secrets-for-sensitive-information',
  ],
  needs: ['workflows'],
  *check({ workflows }) {
    const own = new Set(workflows.github.map(({ path }) => path));
    for (const { jobs } of workflows.github) {
      for (const { steps, uses, node } of jobs) {
        for (const step of steps) {
          const { script } = step;
          const [, argument] = BUILD_ARGUMENT.exec(script?.text ?? '') ?? [];
          if (script && argument !== undefined)
            yield {
              at: script.at,
              message: `${argument} is a secret, and an argument of the build: the image keeps it.`,
            };
          if (script && PRINTED.test(script.text))
            yield { at: script.at, message: 'A secret is printed in a form that GitHub does not hide in logs.' };
          if (step.uses?.name !== 'docker/build-push-action') continue;
          const given = step.with.find(({ key }) => key === 'build-args')?.value;
          const [, name] = (given?.kind === 'scalar' && ARGUMENT_LINE.exec(given.text)) || [];
          if (name !== undefined)
            yield { at: step.at, message: `${name} is a secret, and an argument of the build: the image keeps it.` };
        }
        // the word stands where secrets do, so its text may be hidden
        const inherits =
          node.kind === 'map' &&
          node.entries.some(
            ({ key, value }) =>
              key === 'secrets' && value.kind === 'scalar' && value.end - value.start === 'inherit'.length,
          );
        if (uses && inherits && uses.name !== '' && !own.has(uses.name.split('/').slice(2).join('/')))
          yield {
            at: uses.at,
            severity: 'medium',
            confidence: 'likely',
            message: `${uses.name} gets every secret of this repository.`,
          };
      }
    }
  },
  examples: [
    bad('Arguments of a build', {
      '.github/workflows/a.yml': job(
        '      - run: «docker build --build-arg NPM_TOKEN=${{ secrets.NPM_TOKEN }} -t acme/api .»\n',
      ),
      '.github/workflows/b.yml': job(
        '      - «uses: docker/build-push-action@v6\n        with:\n          push: true\n          build-args: |\n            VERSION=1\n            SENTRY_AUTH_TOKEN=${{ secrets.SENTRY_AUTH_TOKEN }}»\n',
      ),
    }),
    bad('Printed past the mask', {
      '.github/workflows/a.yml': job('      - run: «echo "${{ secrets.DEPLOY_KEY }}" | base64»\n'),
    }),
    bad('Every secret for a workflow of somebody else', {
      '.github/workflows/a.yml':
        'on: push\npermissions: {}\njobs:\n  a:\n    uses: «acme/workflows/.github/workflows/build.yml@v1»\n    secrets: inherit\n',
    }),
    good('Mounted, in the environment, written to a file', {
      '.github/workflows/a.yml': job(
        '      - uses: docker/build-push-action@v6\n        with:\n          build-args: VERSION=${{ github.sha }}\n          secrets: |\n            npm=${{ secrets.NPM_TOKEN }}\n      - run: echo "${{ secrets.KEY }}" | base64 -d > key.json\n      - run: npm publish\n        env:\n          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}\n',
      ),
    }),
    good('A workflow of the same repository, by its path and by its full name', {
      '.github/workflows/a.yml':
        'on: push\npermissions: {}\njobs:\n  a:\n    uses: ./.github/workflows/build.yml\n    secrets: inherit\n  b:\n    uses: acme/shop/.github/workflows/build.yml@main\n    secrets: inherit\n',
      '.github/workflows/build.yml': 'on: workflow_call\npermissions: {}\njobs: {}\n',
    }),
  ],
});
