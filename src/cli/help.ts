/** What `audit --help` says below the flags; at most 80 columns. */
export const EXAMPLES = `
Examples:
  audit                               audit the project in this folder
  audit services/api                  a package, understood with the rest of it
  audit src/app.ts src/db.ts          report only on these files (lint-staged)
  audit --changed origin/main         report only on the files of this branch
  audit --only container,secrets      check these categories alone
  audit --gate medium --min-score 80  be stricter in CI
  audit --format sarif=audit.sarif    print the report, and write another one
  audit explain headers/hsts-missing  what a rule means, with examples
  audit baseline                      accept the findings of today: from now on
                                      only new ones break the gate

Exit codes:
  0  the gate held
  1  the gate is broken
  2  called wrongly: a flag, the configuration, the baseline
  3  could not look: unreadable project, unreachable URL, crashed rule
`;

export const BASELINE_HELP = `
Solved findings leave the baseline. New ones enter it only with --accept-new;
without it they are listed and the exit code is 1. A finding is known by rule,
file and code, not by line or number: no problem hides another.
`;
