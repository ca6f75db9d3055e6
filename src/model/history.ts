import type { HistoryFile, HistoryLeak } from '../document/history.ts';
import type { Gap } from '../document/gap.ts';
import { absent, defineView, present, unavailable } from './view.ts';

/** What was committed once and is gone from the files: whoever has a clone has it still. */
export interface History {
  /** In the order they were committed. */
  readonly leaks: readonly HistoryLeak[];
  readonly files: readonly HistoryFile[];
}

export const history = defineView({
  name: 'history',
  reads: [],
  needs: [],
  build: ({ history: reportOf }) => {
    const report = reportOf?.();
    if (!report) return unavailable('Nobody looked into the git history.');
    if (report.state === 'unknown') {
      return report.reason === 'this is no git repository'
        ? absent('The project is no git repository.')
        : unavailable(`The git history was not looked into: ${report.reason}.`);
    }
    const { searched, commits, stopped, allNames, shallow, leaks, files } = report;
    const gaps: Gap[] = [];
    if (stopped === undefined && !allNames) {
      gaps.push({
        kind: 'capped',
        message: 'Not all names of files in the git history were looked at; run with --history.',
      });
    }
    if (stopped !== undefined) {
      gaps.push({
        kind: 'capped',
        message: `Of the git history, the newest ${searched} of ${commits} commits were searched for secrets (${stopped})${allNames ? ', all of them for names of files' : ''}; run with --history for the rest.`,
      });
    }
    if (shallow) {
      gaps.push({
        kind: 'unreached',
        message: `This is a shallow clone: only ${commits === 1 ? 'one commit' : `${commits} commits`} of the git history could be searched for secrets; fetch the rest with git fetch --unshallow (in CI: fetch-depth: 0).`,
      });
    }
    return present({ leaks, files }, gaps);
  },
});
