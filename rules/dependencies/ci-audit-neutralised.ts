import { bad, defineRule, good } from '../../src/rule/rule.ts';

const steps = (lines: string): Record<string, string> => ({
  '.github/workflows/ci.yml': `on: push\npermissions: {}\njobs:\n  a:\n    steps:\n${lines}`,
});

export default defineRule({
  id: 'dependencies/ci-audit-neutralised',
  ensures: 'An audit of dependencies that finds something stops the job.',
  severity: 'medium',
  roles: ['any'],
  cwe: 1104,
  owasp: 'A03',
  why: 'The job is green whatever the audit says. Everybody believes the dependencies are watched, and nobody reads the log.',
  fix: 'Take `|| true` or `continue-on-error` away, and say what may pass by level (`--audit-level=high --omit=dev`) or by a list of exceptions with an end.',
  references: ['https://docs.npmjs.com/cli/v11/commands/npm-audit#exit-code'],
  needs: ['workflows'],
  *check({ workflows }) {
    for (const { jobs } of workflows.github) {
      for (const { steps: all, node } of jobs) {
        const jobGoesOn =
          node.kind === 'map' &&
          node.entries.some(
            ({ key, value }) => key === 'continue-on-error' && value.kind === 'scalar' && value.text === 'true',
          );
        // what was found is shown elsewhere
        if (all.some(({ uses }) => uses?.name.endsWith('/upload-sarif') === true)) continue;
        for (const { script, uses, continues } of all) {
          const audits = script?.commands.find((command) => isAudit(words(command)));
          if (script && audits && (continues || jobGoesOn)) {
            yield { at: script.at, message: `${words(audits).slice(0, 2).join(' ')} may fail, and the job goes on.` };
          } else if (uses && AUDIT_ACTION.test(uses.name) && (continues || jobGoesOn)) {
            yield { at: uses.at, message: `${uses.name} may fail, and the job goes on.` };
          }
        }
      }
    }
    for (const { at, commands } of workflows.scripts) {
      for (const [index, command] of commands.entries()) {
        const next = commands[index + 1];
        if (!isAudit(words(command)) || next?.joined !== 'or' || !/^(true|:|echo|exit 0)\b/.test(words(next).join(' ')))
          continue;
        yield {
          at,
          message: `What ${words(command).slice(0, 2).join(' ')} finds is thrown away by || ${words(next).slice(0, 2).join(' ')}.`,
        };
      }
    }
  },
  examples: [
    bad('Thrown away', { ...steps('      - run: «npm audit --omit=dev || true»\n') }),
    bad('Allowed to fail', {
      ...steps('      - run: «pnpm audit»\n        continue-on-error: true\n'),
      '.gitlab-ci.yml': 'audit:\n  script:\n    - «yarn npm audit || echo "see above"»\n',
    }),
    good('It counts', {
      ...steps(
        '      - run: npm audit --omit=dev --audit-level=high\n      - run: npm outdated || true\n      - run: npm run lint\n        continue-on-error: true\n',
      ),
    }),
    good('Something else happens instead', {
      ...steps('      - run: npm audit || ./scripts/tell-the-team.sh\n'),
    }),
  ],
});

const words = ({ words: all }: { readonly words: readonly { readonly text: string }[] }): readonly string[] =>
  all.map(({ text }) => text);

const isAudit = ([program = '', ...rest]: readonly string[]): boolean =>
  (/^(npm|pnpm|yarn|bun)$/.test(program) &&
    rest.includes('audit') &&
    !rest.includes('fix') &&
    !rest.includes('signatures')) ||
  (/^(npx|pnpm|yarn|bunx)$/.test(program) &&
    rest.some((word) => /^(audit-ci|better-npm-audit|osv-scanner)(@|$)/.test(word))) ||
  /^(osv-scanner|audit-ci|better-npm-audit)$/.test(program) ||
  (program === 'snyk' && rest[0] === 'test');

const AUDIT_ACTION = /dependency-review|osv-scanner|snyk|audit/i;
