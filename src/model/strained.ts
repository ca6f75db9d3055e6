import type { Site } from './live/site.ts';
import { defineView, present, unavailable } from './view.ts';

/** A host whose limits were tried. */
export type StrainedSite = Site;

const LIMIT_STEPS = new Set(['body-limit', 'burst', 'slow-headers']);

export const strained = defineView({
  name: 'strained',
  reads: [],
  needs: ['responses'],
  build: (_, { responses }) => {
    if (responses.state !== 'present') return responses;
    const sites = responses.answer.sites.filter(({ exchanges }) => exchanges.some(({ step }) => LIMIT_STEPS.has(step)));
    return sites.length === 0
      ? unavailable('Limits were not tried: `--active=limits` does, with leave of the host.')
      : present(sites, responses.gaps);
  },
});
