import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

// in pieces, so that no scanner takes this file for a leak
const GITHUB = ['ghp', 'a8Fk3LmQ9zXc7VbN2pRt5YwE1uIoJh1st9Lt'].join('_');
const GITHUB_WRONG = ['ghp', 'a8Fk3LmQ9zXc7VbN2pRt5YwE1uIoJh000000'].join('_');
const STRIPE_LIVE = ['sk', 'live', '51Hx8QzK2mNpR7tVwYb3Dc'].join('_');
const STRIPE_TEST = ['sk', 'test', '51Hx8QzK2mNpR7tVwYb3Dc'].join('_');
const SLACK = ['xoxb', '2104839120', '2840193847561', 'aZ3kLm9QpRt7VwXy2BcD5EfG'].join('-');

export default defineRule({
  id: 'secrets/provider-token',
  ensures: 'No file holds an access token or API key of a provider.',
  severity: 'critical',
  roles: ['any'],
  cwe: 798,
  owasp: 'A07',
  why: 'Whoever reads the repository, a fork, an image layer or a backup can use the token until it is revoked. Bots find tokens in public repositories within minutes. Deleting the line does not help: the history keeps it.',
  fix: 'Revoke the token at its provider first. Then read the new one from the environment or a secrets manager, and stop at start-up where it is missing.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html',
    'https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns',
  ],
  needs: ['secrets'],
  *check({ secrets }) {
    for (const { at, kind, name, key, mode, strength, severity, state, within } of secrets.found) {
      if (kind !== 'token' || within === 'template' || mode === 'public') continue;
      const bound = key === undefined ? '' : ` (${key})`;
      yield {
        at,
        severity,
        message: `${name.charAt(0).toUpperCase()}${name.slice(1)}${bound} ${state}.`,
        ...(strength === 'guessed' && { confidence: 'likely' as const }),
        ...(strength === 'refuted' && {
          unsure: 'Its checksum is wrong: the provider never issued it as it stands here.',
        }),
      };
    }
  },
  examples: [
    bad('A token in the code of a service', {
      'src/release.ts': `import { Octokit } from '@octokit/rest';\nexport const github = new Octokit({ auth: '«${GITHUB}»' });\n`,
    }),
    bad('A live key in a Kubernetes manifest', {
      'deploy/api.yaml': `kind: Deployment\nspec:\n  containers:\n    - env:\n        - name: STRIPE_KEY\n          value: «${STRIPE_LIVE}»\n`,
    }),
    bad('A test key in a test still is a key, but opens little', {
      'test/pay.test.js': `const stripe = require('stripe')('«${STRIPE_TEST}»');\n`,
    }),
    bad('A chat token in a shell script nobody runs any more', {
      'scripts/notify.sh': `#!/bin/sh\ncurl -H "Authorization: Bearer «${SLACK}»" https://slack.com/api/chat.postMessage\n`,
    }),
    unsure('The format of a token, with a checksum that cannot be', {
      'src/a.js': `const token = '«${GITHUB_WRONG}»';\n`,
    }),
    good('Placeholders and the samples of documentation', {
      'src/a.js': `const a = 'ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx';\nconst b = 'AKIAIOSFODNN7EXAMPLE';\nconst c = 'sk_live_your_key_goes_here';\n`,
      'README.md': 'export STRIPE_KEY=sk_test_...\nexport GITHUB_TOKEN=<token>\n',
    }),
    good('Keys that are meant to be seen', {
      'src/pay.js': `Stripe('pk_live_51Hx8QzK2mNpR7tVwYb3Dc');\nmapboxgl.accessToken = process.env.MAPBOX;\n`,
    }),
    good('Read from the environment', {
      'src/a.js': 'const token = process.env.GITHUB_TOKEN;\n',
      '.github/workflows/ci.yml': 'env:\n  GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}\n',
    }),
  ],
});
