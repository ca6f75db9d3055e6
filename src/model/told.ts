import type { Site } from './live/site.ts';
import { defineView, present } from './view.ts';

/** A host of which the user says that it runs this project: `--same-app`. */
export type ToldSite = Site;

/** Always there, and it reads no code: what images and settings lack may be made up for where they run. */
export const told = defineView({
  name: 'told',
  reads: [],
  needs: ['responses'],
  build: (_, { responses }) => {
    const sites = responses.state === 'present' ? responses.answer.sites : [];
    return present(sites.filter(({ exchanges }) => exchanges.some(({ note }) => note('same-app') !== undefined)));
  },
});
