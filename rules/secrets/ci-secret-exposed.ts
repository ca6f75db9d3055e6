import { bad, defineRule, good } from '../../src/rule/rule.ts';

const job = (step: string): string =>
  `on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${step}`;

const SECRET = String.raw`\$\{\{\s{0,10}(?:secrets\.(?!GITHUB_TOKEN\b)|toJSON\(secrets)`;
const BUILD_ARGUMENT = new RegExp(String.raw`--build-arg[ =]["']?(\w{1,80})=["']?${SECRET}`);
const ARGUMENT_LINE = new RegExp(String.raw`^[ \t]{0,40}(\w{1,80})=["']?${SECRET}`, 'm');
/** Made for browsers. */
const PUBLIC = /^(NEXT_PUBLIC|VITE|REACT_APP|NUXT_PUBLIC|PUBLIC|EXPO_PUBLIC|GATSBY|VUE_APP)_/;
/** Printed in another form, it is not what GitHub hides in logs. */
const PRINTED = new RegExp(
  String.raw`\b(?:echo|printf)\b[^\n|>]{0,200}${SECRET}[^\n|>]{0,200}\|[ \t]{0,5}(?:base64|rev|xxd|hexdump|od|tac|fold|sed)\b[^\n>|]{0,100}$`,
  'm',
);

export default defineRule({
  id: 'secrets/ci-secret-exposed',
  ensures: 'Workflows leave secrets neither in images nor in logs.',
  severity: 'high',
  roles: ['any'],
  cwe: 532,
  owasp: 'A04',
  why: 'A build argument is in the history of the image, for everyone who can pull it. A secret printed in another form is in the log, which everyone with read access opens.',
  fix: 'Mount it while building (`secrets:` of build-push-action and `RUN --mount=type=secret`), and print nothing.',
  references: [
    'https://docs.docker.com/build/ci/github-actions/secrets/',
    'https://docs.github.com/en/actions/reference/security/secure-use#use-secrets-for-sensitive-information',
  ],
  needs: ['workflows'],
  *check({ workflows }) {
    for (const { jobs } of workflows.github) {
      for (const { steps } of jobs) {
        for (const step of steps) {
          const { script } = step;
          const [, argument] = BUILD_ARGUMENT.exec(script?.text ?? '') ?? [];
          if (script && argument !== undefined && !PUBLIC.test(argument))
            yield {
              at: script.at,
              message: `${argument} is a secret, and an argument of the build: the image keeps it.`,
            };
          if (script && PRINTED.test(script.text))
            yield { at: script.at, message: 'A secret is printed in a form that GitHub does not hide in logs.' };
          if (step.uses?.name !== 'docker/build-push-action') continue;
          const given = step.with.find(({ key }) => key === 'build-args')?.value;
          const [, name] = (given?.kind === 'scalar' && ARGUMENT_LINE.exec(given.text)) || [];
          if (name !== undefined && !PUBLIC.test(name))
            yield { at: step.at, message: `${name} is a secret, and an argument of the build: the image keeps it.` };
        }
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
    good('Mounted, in the environment, written to a file', {
      '.github/workflows/a.yml': job(
        '      - uses: docker/build-push-action@v6\n        with:\n          build-args: VERSION=${{ github.sha }}\n          secrets: |\n            npm=${{ secrets.NPM_TOKEN }}\n      - run: echo "${{ secrets.KEY }}" | base64 -d > key.json\n      - run: npm publish\n        env:\n          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}\n',
      ),
    }),
    good('A token that ends with the job, and what browsers are given', {
      '.github/workflows/a.yml': job(
        '      - run: docker build --build-arg GITHUB_TOKEN=${{ secrets.GITHUB_TOKEN }} .\n      - run: docker build --build-arg VITE_MAP_KEY=${{ secrets.MAP_KEY }} .\n',
      ),
    }),
  ],
});
