import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Elements that browsers load, and the attribute that says from where. */
const LOADS = new Map([
  ['script', 'src'],
  ['iframe', 'src'],
  ['frame', 'src'],
  ['embed', 'src'],
  ['object', 'data'],
  ['form', 'action'],
  ['link', 'href'],
]);

export default defineRule({
  id: 'headers/mixed-content',
  ensures: 'Pages over https load and send nothing over plain http.',
  severity: 'medium',
  roles: ['any'],
  cwe: 319,
  owasp: 'A04',
  why: `Browsers block plain scripts, frames and styles in a secure page, so the page is broken; a form that posts over http
hands what was typed to everyone on the way.`,
  fix: `Write \`https://\` URLs or relative ones. \`Content-Security-Policy: upgrade-insecure-requests\` helps with what you
cannot change.`,
  references: ['https://www.w3.org/TR/mixed-content/'],
  needs: ['pages'],
  *check({ pages }) {
    for (const page of pages) {
      if (page.url.scheme !== 'https') continue;
      if (page.csp.enforced.some((policy) => policy.directive('upgrade-insecure-requests'))) continue;
      for (const element of page.elements) {
        const attribute = LOADS.get(element.tag);
        const target = attribute === undefined ? undefined : element.link(attribute);
        if (target?.scheme !== 'http') continue;
        if (element.tag === 'link' && !/\bstylesheet\b/i.test(element.attribute('rel') ?? '')) continue;
        yield {
          at: element.at,
          message: `A ${element.tag} of ${page.url.href} goes to ${target.href}, over plain http.`,
          ...(element.tag === 'script' && { severity: 'high' as const }),
        };
      }
    }
  },
  examples: [
    bad('A script and a form', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>«<script src="http://cdn.example/a.js">»</script>«<form action=http://app.example/login method=post>»</form>`,
    }),
    good('Links may lead anywhere, pictures are upgraded', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html><link rel=canonical href="http://app.example/"><a href="http://other.example/">o</a><img src="http://app.example/l.png"><script src="//cdn.example/a.js"></script>`,
    }),
    good('Upgraded by the policy', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: default-src 'self'; upgrade-insecure-requests

<!doctype html><script src="http://app.example/a.js"></script>`,
    }),
  ],
});
