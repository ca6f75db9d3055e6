import type { Gap } from '../document/gap.ts';
import { reasonOf, sitesOf } from './live/site.ts';
import type { Site } from './live/site.ts';
import { defineView, present, unavailable } from './view.ts';

/** What a running deployment answered, host by host. */
export interface Responses {
  readonly sites: readonly Site[];
}

export const responses = defineView({
  name: 'responses',
  reads: ['http'],
  needs: [],
  build: ({ facts, today }) => {
    const recorded = facts('http');
    if (recorded.length === 0)
      return unavailable('No URL was given: `--url` or `audit probe <url>` looks at a deployment.');
    const sites = sitesOf(recorded, today);
    const seen = sites.filter(({ finals, responses: answers }) => finals.length > 0 || answers.length > 0);
    const gaps = sites.flatMap(gapsOf);
    if (seen.length === 0) return unavailable(gaps[0]?.message ?? 'No recorded exchange is of an asked URL.');
    return present({ sites: seen }, gaps);
  },
});

/** What stood between the probe and an asked URL. */
function gapsOf({ visits }: Site): readonly Gap[] {
  return visits.flatMap(({ hops, final, isBroken }): readonly Gap[] => {
    const last = hops.at(-1);
    if (!last || final || isBroken) return [];
    return [{ kind: 'unreached', message: `${hops[0].url.href} ${reasonOf(last)}`, at: last.line }];
  });
}
