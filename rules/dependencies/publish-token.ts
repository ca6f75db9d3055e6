import { bad, defineRule, good } from '../../src/rule/rule.ts';

const workflow = (job: string): Record<string, string> => ({
  '.github/workflows/release.yml': `on: { release: { types: [published] } }\npermissions: {}\njobs:\n  publish:\n    runs-on: ubuntu-latest\n${job}`,
});
const PUBLISH =
  /^((npm|pnpm|bun) publish|yarn npm publish|(npx |pnpm |yarn )?(changeset publish|semantic-release|lerna publish))\b/;

export default defineRule({
  id: 'dependencies/publish-token',
  ensures: 'Packages are published by the identity of the job, not by a token that lies about.',
  severity: 'low',
  roles: ['any'],
  cwe: 522,
  owasp: 'A03',
  why: 'Worms that spread through packages live on such tokens: whatever runs in the job, an action or an install script, reads it and publishes as you, from anywhere, until somebody notices.',
  fix: 'Register the workflow as a trusted publisher of the package, give the job `permissions: { id-token: write }`, and delete the token.',
  references: ['https://docs.npmjs.com/trusted-publishers'],
  needs: ['workflows'],
  about: { what: 'workflow of GitHub', isIn: ({ workflows }) => workflows.github.length > 0 },
  *check({ workflows }) {
    for (const { jobs } of workflows.github)
      for (const { steps, node } of jobs) {
        // another registry knows no trusted publisher
        const isElsewhere = steps.some(({ with: inputs }) =>
          inputs.some(
            ({ key, value }) => key === 'registry-url' && value.kind === 'scalar' && !value.text.includes('npmjs'),
          ),
        );
        const token = isElsewhere ? undefined : tokenIn(node);
        const publishing = steps.find(({ script }) =>
          script?.commands.some(({ words }) => PUBLISH.test(words.map(({ text }) => text).join(' '))),
        );
        if (token && publishing?.script && !/--registry|@[\w-]+:registry/.test(publishing.script.text))
          yield {
            at: publishing.script.at,
            confidence: 'likely',
            message: `This publishes by ${token}, a token that whoever reads it can use anywhere.`,
          };
      }
  },
  examples: [
    bad(
      'A token in the step',
      workflow(
        '    steps:\n      - run: «npm publish»\n        env:\n          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}\n',
      ),
    ),
    bad(
      'A token of the job, and provenance beside it',
      workflow(
        '    permissions: { id-token: write }\n    env:\n      NPM_TOKEN: ${{ secrets.NPM_TOKEN }}\n    steps:\n      - run: npm ci\n      - run: «npx semantic-release»\n',
      ),
    ),
    good(
      'The identity of the job',
      workflow('    permissions: { id-token: write }\n    steps:\n      - run: npm publish\n'),
    ),
    good('A registry of their own; a token that is made for the run', {
      '.github/workflows/a.yml':
        'on: push\npermissions: {}\njobs:\n  a:\n    steps:\n      - uses: actions/setup-node@v5\n        with: { registry-url: "https://npm.example.org" }\n      - run: npm publish\n        env: { NODE_AUTH_TOKEN: "${{ secrets.TOKEN }}" }\n  b:\n    steps:\n      - run: npm publish\n        env: { NODE_AUTH_TOKEN: "${{ secrets.GITHUB_TOKEN }}" }\n',
    }),
    good(
      'An install that reads a token',
      workflow('    steps:\n      - run: npm ci\n        env:\n          NPM_TOKEN: ${{ secrets.NPM_TOKEN }}\n'),
    ),
  ],
});

interface Data {
  readonly kind: string;
  readonly text?: string;
  readonly items?: readonly Data[];
  readonly entries?: readonly { readonly key: string; readonly value: Data }[];
}

/** The secret that a job gives to npm. */
function tokenIn(node: Data, depth = 0): string | undefined {
  if (depth > 8) return undefined;
  for (const { key, value } of node.entries ?? []) {
    const [, name] = /\$\{\{\s*secrets\.(\w+)\s*\}\}/.exec(value.text ?? '') ?? [];
    if (/^(NODE_AUTH_TOKEN|NPM_TOKEN|NPM_AUTH_TOKEN|YARN_NPM_AUTH_TOKEN)$/.test(key) && name && name !== 'GITHUB_TOKEN')
      return name;
  }
  for (const value of [...(node.items ?? []), ...(node.entries ?? []).map((entry) => entry.value)]) {
    const found = tokenIn(value, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
