import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** They change what they serve, so no hash can be written down for it. */
const CHANGING =
  /(?:^|\.)(?:googletagmanager\.com|google-analytics\.com|js\.stripe\.com|maps\.googleapis\.com|www\.gstatic\.com|www\.google\.com|recaptcha\.net|hcaptcha\.com|challenges\.cloudflare\.com|js\.hs-scripts\.com|widget\.intercom\.io|fonts\.googleapis\.com)$/;

export default defineRule({
  id: 'headers/integrity-missing-live',
  ensures: 'Scripts and styles of other sites are pinned to what they were.',
  severity: 'low',
  control: 'headers/integrity',
  roles: ['any'],
  cwe: 353,
  owasp: 'A08',
  why: `Whoever gets into that host, or buys its domain, runs scripts on your pages: it happened to polyfill.io.`,
  fix: `Serve the file yourself, or add \`integrity="sha384-…" crossorigin="anonymous"\`.`,
  references: ['https://www.w3.org/TR/SRI/'],
  needs: ['pages'],
  *check({ pages }) {
    for (const page of pages) {
      for (const element of page.elements) {
        const isStyle = element.tag === 'link' && /\bstylesheet\b/i.test(element.attribute('rel') ?? '');
        if (element.tag !== 'script' && !isStyle) continue;
        const target = element.link(isStyle ? 'href' : 'src');
        if (!target || page.siteOf(target.host) === page.siteOf(page.url.host)) continue;
        const integrity = element.attribute('integrity');
        if (integrity === undefined) {
          if (CHANGING.test(target.host)) continue;
          yield { at: element.at, message: `${page.url.href} runs whatever ${target.host} sends: no integrity.` };
        } else if (!/(?:^|\s)sha(?:256|384|512)-[\w+/=]+/.test(integrity)) {
          yield { at: element.at, message: `The integrity of ${target.href} is no hash browsers know.` };
        } else if (element.attribute('crossorigin') === undefined) {
          yield { at: element.at, message: `Browsers refuse ${target.href}: integrity needs crossorigin.` };
        }
      }
    }
  },
  examples: [
    bad('From a CDN, unpinned', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>«<script src="//cdn.other.example/lib.js">»</script>`,
    }),
    bad('A hash without crossorigin', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>«<link rel=stylesheet href="https://cdn.other.test/a.css" integrity="sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K">»`,
    }),
    bad('A relative script under another base', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: script-src *

<!doctype html><base href="https://cdn.example.net/">«<script src="a.js">»</script>`,
    }),
    good('A base that the policy forbids', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: base-uri 'none'

<!doctype html><base href="https://cdn.example.net/"><script src="a.js"></script>`,
    }),
    good('Of the same site, pinned, or of a vendor that changes it', {
      'live/1-home.http': `
GET https://www.shop.co.uk/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html><script src="https://static.shop.co.uk/a.js"></script><script src="https://cdn.other.test/a.js" integrity="sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K" crossorigin=anonymous></script><script src="https://js.stripe.com/v3/"></script><link rel=icon href="https://cdn.other.test/i.png">`,
    }),
  ],
});
