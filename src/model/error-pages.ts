import type { LiveResponse } from './live/live-response.ts';
import { absent, defineView, present } from './view.ts';

/** What Express itself answers to a request it cannot read: it says in which mode the process runs. */
export type ErrorPage = LiveResponse;

export const errorPages = defineView({
  name: 'errorPages',
  reads: [],
  needs: ['active'],
  build: (_, { active }) => {
    if (active.state !== 'present') return active;
    const pages = active.answer
      .flatMap(({ responses }) => responses)
      .filter(({ step, marks, status }) => {
        const isCrafted = step === 'bad-json' || step === 'bad-escape';
        return isCrafted && status >= 400 && marks.some(({ name }) => name === 'express-error-page');
      })
      // a path that is not found says the same in every mode
      .filter(({ marks }) => !marks.some(({ name }) => name === 'express-cannot'));
    return pages.length === 0
      ? absent('Nothing was answered by the error page of Express, which alone shows the mode of the process.')
      : present(pages, active.gaps);
  },
});
