import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** A source that names no host: any site is in it. */
const ANY_SITE = /^(?:https?:|(?:https?:\/\/)?\*(?::(?:\*|\d{1,5}))?\/?)$/i;

/** HTML 7.7: several different words block all framing as soon as one of them ever meant something. */
function blocksFraming(words: ReadonlySet<string>): boolean {
  const [only = ''] = words;
  if (words.size === 1) return only === 'deny' || only === 'sameorigin';
  return ['deny', 'sameorigin', 'allowall'].some((word) => words.has(word));
}

export default defineRule({
  id: 'headers/framing-allowed-live',
  ensures: 'Pages say which sites may show them in a frame.',
  severity: 'medium',
  control: 'headers/framing',
  roles: ['any'],
  cwe: 1021,
  owasp: 'A02',
  why: `Another site can lay your page, invisible, over its own buttons: the visitor clicks there and acts here, logged in
(clickjacking).`,
  fix: `Send \`Content-Security-Policy: frame-ancestors 'none'\` (or the sites that may frame you), and \`X-Frame-Options: DENY\`
for old browsers. \`app.use(helmet())\` sends both with \`'self'\`.`,
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Clickjacking_Defense_Cheat_Sheet.html',
    'https://www.w3.org/TR/CSP3/#directive-frame-ancestors',
  ],
  needs: ['pages'],
  *check({ pages }) {
    for (const page of pages) {
      const ancestors = page.csp.enforced.flatMap((policy) =>
        policy.from === 'header' ? (policy.directive('frame-ancestors') ?? []) : [],
      );
      const options = page.headers('x-frame-options');
      const words = new Set(options.flatMap(({ value }) => value.split(',').map((word) => word.trim().toLowerCase())));
      // every policy must admit a site, so one that names sites is enough; and it replaces X-Frame-Options
      const open = ancestors.map((directive) => directive.values.find(({ text }) => ANY_SITE.test(text)));
      if (open.some((source) => source === undefined)) continue;
      const [source] = open;
      const [option] = options;
      if (source) {
        const overrules = option ? `, and overrules X-Frame-Options` : '';
        yield {
          at: source.at,
          message: `frame-ancestors ${source.text} lets any site frame ${page.url.href}${overrules}.`,
        };
      } else if (blocksFraming(words)) {
        continue;
      } else if (option) {
        yield {
          at: option.line,
          message: `Browsers ignore X-Frame-Options: ${option.value || 'without a value'}, so any site may frame ${page.url.href}.`,
        };
      } else {
        yield { at: page.line, message: `Any site may frame ${page.url.href}.` };
      }
    }
  },
  examples: [
    bad('Neither header', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

«HTTP/1.1 200 OK»
Content-Type: text/html

<!doctype html>`,
    }),
    bad('ALLOW-FROM, which no browser knows', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
«X-Frame-Options: ALLOW-FROM https://partner.example»

<!doctype html>`,
    }),
    bad('A wildcard overrules the stricter old header', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
X-Frame-Options: DENY
Content-Security-Policy: default-src 'self'; frame-ancestors «*»

<!doctype html>`,
    }),
    bad('In a meta element it counts for nothing', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

«HTTP/1.1 200 OK»
Content-Type: text/html

<!doctype html><head><meta http-equiv="Content-Security-Policy" content="frame-ancestors 'none'"></head>`,
    }),
    bad('A wildcard with a scheme names no host either', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: default-src 'self'; frame-ancestors «https://*»
X-Frame-Options: DENY

<!doctype html><title>Shop</title>`,
    }),
    good('Words that contradict each other block every frame', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
X-Frame-Options: ALLOWALL, SAMEORIGIN

<!doctype html><title>Shop</title>`,
      'live/2-home.http': `
GET https://app.example/b HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
X-Frame-Options: ALLOWALL, none

<!doctype html><title>Shop</title>`,
    }),
    good('Partners by name', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: frame-ancestors https://partner.example

<!doctype html>`,
    }),
    good('The old header alone, in any case, even twice', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
X-Frame-Options: SAMEORIGIN
x-frame-options: sameorigin

<!doctype html>`,
    }),
    good('JSON cannot be clicked', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{"ok":true}`,
    }),
  ],
});
