import type { LiveResponse } from './live/live-response.ts';
import { seenOf } from './live/seen.ts';
import type { Site } from './live/site.ts';
import { defineView } from './view.ts';

/** The first response of a named host over https whose certificate could be verified: where browsers learn HSTS. */
export interface Secured {
  readonly site: Site;
  readonly response: LiveResponse;
}

export const secured = defineView({
  name: 'secured',
  reads: [],
  needs: ['responses'],
  build: (_, { responses }) =>
    seenOf(
      responses,
      (sites) =>
        sites.flatMap((site) => {
          // browsers keep no HSTS for addresses (RFC 6797 §8.1.1), nor where the certificate is bad (§8.1)
          if (site.local || site.isIpAddress || !site.secure) return [];
          return [{ site, response: site.secure }];
        }),
      'No named public host answered over https with a certificate that can be verified.',
    ),
});
