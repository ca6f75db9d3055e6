import { seenOf } from './live/seen.ts';
import type { Site } from './live/site.ts';
import { defineView } from './view.ts';

/** A host that says how many requests it allows. */
export type CountedSite = Site;

export const counted = defineView({
  name: 'counted',
  reads: [],
  needs: ['responses'],
  build: (_, { responses }) =>
    seenOf(
      responses,
      (sites) => sites.filter((site) => site.responses.some(({ rateLimit }) => rateLimit !== undefined)),
      'No response names a rate limit: whether there is one cannot be seen from this.',
    ),
});
