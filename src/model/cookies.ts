import type { Cookie, LiveResponse } from './live/live-response.ts';
import { seenOf } from './live/seen.ts';
import type { Site } from './live/site.ts';
import { defineView } from './view.ts';

/** A cookie the deployment sets, where it was first seen with these attributes. */
export interface SetCookie extends Cookie {
  readonly site: Site;
  readonly response: LiveResponse;
}

export const cookies = defineView({
  name: 'cookies',
  reads: [],
  needs: ['responses'],
  build: (_, { responses }) => seenOf(responses, (sites) => sites.flatMap(cookiesOf), 'No response sets a cookie.'),
});

function cookiesOf(site: Site): readonly SetCookie[] {
  const seen = new Map<string, SetCookie>();
  for (const response of site.responses) {
    for (const cookie of response.cookies) {
      const identity = [
        response.url.scheme,
        cookie.name,
        ...['secure', 'httponly', 'samesite', 'path', 'domain', 'partitioned'].map(
          (name) => cookie.attribute(name) ?? '-',
        ),
      ].join('\n');
      if (!seen.has(identity)) seen.set(identity, { ...cookie, site, response });
    }
  }
  return [...seen.values()];
}
