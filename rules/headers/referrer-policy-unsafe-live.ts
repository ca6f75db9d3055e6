import { bad, defineRule, good } from '../../src/rule/rule.ts';

const KNOWN = new Set(
  `no-referrer no-referrer-when-downgrade same-origin origin strict-origin origin-when-cross-origin
  strict-origin-when-cross-origin unsafe-url`.split(/\s+/),
);

export default defineRule({
  id: 'headers/referrer-policy-unsafe-live',
  ensures: 'Other sites are not told the full URL a visitor comes from.',
  severity: 'low',
  control: 'headers/referrer-policy',
  roles: ['any'],
  cwe: 200,
  owasp: 'A02',
  why: `Paths and queries hold ids, search words and tokens: every site that is linked to or loaded from reads them in
\`Referer\`. Browsers by themselves would send the origin only.`,
  fix: `\`helmet({ referrerPolicy: { policy: 'no-referrer' } })\`, or leave the header out.`,
  references: ['https://www.w3.org/TR/referrer-policy/#parse-referrer-policy-from-header'],
  needs: ['pages'],
  *check({ pages }) {
    for (const page of pages) {
      const headers = page.headers('referrer-policy');
      // of the words browsers know, the last counts
      const tokens = headers.flatMap((header) =>
        header.value.split(',').map((token) => ({ at: header.line, token: token.trim().toLowerCase() })),
      );
      const last = tokens.findLast(({ token }) => KNOWN.has(token));
      const meta = page.elements.findLast(
        ({ tag, attribute }) => tag === 'meta' && attribute('name')?.toLowerCase() === 'referrer',
      );
      const content = meta?.attribute('content')?.trim().toLowerCase();
      // a word of the past that HTML still maps
      const inPage = content === 'always' ? 'unsafe-url' : content;
      const [at, policy] = meta && inPage && KNOWN.has(inPage) ? [meta.at, inPage] : [last?.at, last?.token];
      const [header] = headers;
      if (at && (policy === 'unsafe-url' || policy === 'no-referrer-when-downgrade')) {
        yield { at, message: `${page.url.href} sends its full URL along to other sites: ${policy}.` };
      } else if (at && (policy === 'origin' || policy === 'origin-when-cross-origin')) {
        yield {
          at,
          message: `${page.url.href} names its origin to sites over plain http: ${policy}.`,
          severity: 'info',
        };
      } else if (!at && header) {
        const value = header.value || 'without a value';
        yield { at: header.line, message: `Browsers know no word of Referrer-Policy: ${value}.`, severity: 'info' };
      }
    }
  },
  examples: [
    bad('The full URL, always', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
«Referrer-Policy: no-referrer, unsafe-url, unknown-word»

<!doctype html>`,
    }),
    bad('A word of the past', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
X-Content-Type-Options: nosniff

<!doctype html>«<meta name="referrer" content="always">»`,
    }),
    bad('Words that say less than they seem to', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
«Referrer-Policy: no-referer»

<!doctype html>`,
      'live/2-home.http': `
GET https://app.example/b HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
«Referrer-Policy: origin»

<!doctype html>`,
    }),
    good('Nothing said is good enough; of several words the last one counts', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-home.http': `
GET https://app.example/b HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Referrer-Policy: no-referrer-when-downgrade, strict-origin-when-cross-origin

<!doctype html>`,
    }),
  ],
});
