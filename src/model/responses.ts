import type { Gap } from '../document/gap.ts';
import { sitesOf } from './live/site.ts';
import type { Exchange, Site } from './live/site.ts';
import { defineView, present, unavailable } from './view.ts';

/** What a running deployment answered, host by host. */
export interface Responses {
  readonly sites: readonly Site[];
}

export const responses = defineView({
  name: 'responses',
  reads: ['http'],
  needs: [],
  build: ({ facts }) => {
    const recorded = facts('http');
    if (recorded.length === 0)
      return unavailable('No URL was given: `--url` or `audit probe <url>` looks at a deployment.');
    const sites = sitesOf(recorded);
    const seen = sites.filter(({ finals, responses: answers }) => finals.length > 0 || answers.length > 0);
    const gaps = sites.flatMap(gapsOf);
    if (seen.length === 0) return unavailable(gaps[0]?.message ?? 'No recorded exchange is of an asked URL.');
    return present({ sites: seen }, gaps);
  },
});

/** What stood between the probe and an asked URL. */
function gapsOf({ visits }: Site): readonly Gap[] {
  return visits.flatMap(({ hops, final }): readonly Gap[] => {
    const last = hops.at(-1);
    if (!last || final) return [];
    return [{ kind: 'unreached', message: `${hops[0].url.href} ${reasonOf(last)}`, at: last.line }];
  });
}

function reasonOf({ url, silence, response }: Exchange): string {
  if (silence) return `did not answer: ${[silence.cause, silence.detail].filter((word) => word !== '').join(', ')}.`;
  if (response?.stranger) return 'is answered by a challenge or a parking page, not by the application.';
  return `leads away from ${url.host}: what is there was not judged.`;
}
