import type { LiveResponse } from './live/live-response.ts';
import { seenOf } from './live/seen.ts';
import { defineView } from './view.ts';

/** A page as a visitor sees it: HTML, a success, at the end of the redirects of an asked URL. */
export type Page = LiveResponse;

export const pages = defineView({
  name: 'pages',
  reads: [],
  needs: ['responses'],
  build: (_, { responses }) =>
    seenOf(responses, (sites) => sites.flatMap((site) => site.pages), 'None of the asked URLs leads to an HTML page.'),
});
