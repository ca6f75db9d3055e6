import type { Site } from './live/site.ts';
import { defineView, present, unavailable } from './view.ts';

/** A host that was actively checked. */
export type CheckedSite = Site;

const ACTIVE_STEPS = new Set([
  'bad-json',
  'bad-escape',
  'method-override',
  'header-size',
  'trace',
  'exposed',
  'graphql',
  'graphql-post',
  'forwarded-host',
  'forwarded-for',
  'origin-null',
  'origin-suffix',
  'origin-prefix',
  'origin-http',
  'source-map',
]);

export const active = defineView({
  name: 'active',
  reads: [],
  needs: ['responses'],
  build: (_, { responses }) => {
    if (responses.state !== 'present') return responses;
    const sites = responses.answer.sites.filter(({ exchanges }) =>
      exchanges.some(({ step }) => ACTIVE_STEPS.has(step)),
    );
    return sites.length === 0
      ? unavailable('Active checks were not asked for: `--active` makes them, with leave of the host.')
      : present(sites, responses.gaps);
  },
});
