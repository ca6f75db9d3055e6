import { seenOf } from './live/seen.ts';
import type { Site } from './live/site.ts';
import { defineView } from './view.ts';

/** A host that others reach over a network, so that it matters how. */
export type PublicSite = Site;

export const transport = defineView({
  name: 'transport',
  reads: [],
  needs: ['responses'],
  build: (_, { responses }) =>
    seenOf(
      responses,
      (sites) => sites.filter(({ local }) => !local),
      'The target is on this machine or a private network: how it is reached from outside cannot be seen.',
    ),
});
