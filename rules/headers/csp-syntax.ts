import { bad, defineRule, good } from '../../src/rule/rule.ts';

const DIRECTIVES = new Set(
  `base-uri child-src connect-src default-src fenced-frame-src font-src form-action frame-ancestors frame-src img-src
  manifest-src media-src object-src report-to report-uri require-trusted-types-for sandbox script-src script-src-attr
  script-src-elem style-src style-src-attr style-src-elem trusted-types upgrade-insecure-requests worker-src`.split(
    /\s+/,
  ),
);
/** Once meant something, and now harm nobody. */
const RETIRED = new Set(
  `block-all-mixed-content navigate-to plugin-types prefetch-src referrer reflected-xss require-sri-for disown-opener
  webrtc`.split(/\s+/),
);
const KEYWORDS = new Set(
  `self none unsafe-inline unsafe-eval unsafe-hashes strict-dynamic report-sample wasm-unsafe-eval
  inline-speculation-rules`.split(/\s+/),
);
const SOURCES = /-src(?:-elem|-attr)?$|^(?:base-uri|form-action|frame-ancestors)$/;
const CONTROLS_SCRIPTS = /^(?:default-src|script-src(?:-elem)?)$/;

interface Fault {
  readonly text: string;
  readonly voids: boolean;
}

/** A directive that became a value of the one before it. */
function swallowedIn(directive: string, value: string): Fault | undefined {
  if (!DIRECTIVES.has(value.toLowerCase())) return undefined;
  return { text: `${value} is read as a value of ${directive}: a semicolon is missing before it`, voids: true };
}

function faultOf(source: string, directive: string): Fault | undefined {
  const bare = source.replaceAll("'", '').toLowerCase();
  const swallowed = swallowedIn(directive, source);
  if (swallowed) return swallowed;
  if (!source.includes("'") && KEYWORDS.has(bare)) {
    return { text: `${source} without quotes is the name of a host`, voids: CONTROLS_SCRIPTS.test(directive) };
  }
  if (/^'.*'$/.test(source) && !KEYWORDS.has(bare) && !/^'(?:nonce-|sha(?:256|384|512)-)[\w+/=-]+'$/i.test(source)) {
    return { text: `${source} is no keyword that browsers know`, voids: false };
  }
  return undefined;
}

export default defineRule({
  id: 'headers/csp-syntax',
  ensures: 'Browsers understand every word of the content security policy.',
  severity: 'low',
  control: 'headers/csp-syntax',
  roles: ['any'],
  cwe: 693,
  owasp: 'A02',
  why: `Browsers skip what they do not understand and say so in the console alone. A missing semicolon turns a directive into
a host name, and the protection it stood for is gone.`,
  fix: `Correct the word: keywords stand in single quotes (\`'self'\`), directives are parted by semicolons, and each is named
once.`,
  references: ['https://www.w3.org/TR/CSP3/#framework-directives'],
  needs: ['pages'],
  *check({ pages }) {
    for (const { csp } of pages) {
      for (const { directives, repeated, unreadable, ignored } of csp.all) {
        if (ignored !== undefined) continue;
        for (const { name, at } of unreadable) {
          yield { at, message: `Browsers skip ${name}: a character in it is not ASCII.`, severity: 'medium' };
        }
        for (const { name, at } of repeated) {
          yield { at, message: `${name} was there before: browsers ignore it the second time.` };
        }
        for (const { name, values, at } of directives) {
          if (!DIRECTIVES.has(name)) {
            const severity = RETIRED.has(name) ? ('info' as const) : ('low' as const);
            yield {
              at,
              severity,
              message: `${name} is no directive that browsers know.`,
            };
            continue;
          }
          for (const source of values) {
            const fault = SOURCES.test(name) ? faultOf(source.text, name) : swallowedIn(name, source.text);
            if (!fault) continue;
            yield { at: source.at, message: `${fault.text}.`, ...(fault.voids && { severity: 'medium' as const }) };
          }
        }
      }
    }
  },
  examples: [
    bad('No semicolon', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: default-src 'self' «script-src» 'none'

<!doctype html>`,
    }),
    bad('No quotes, an unknown directive, an unknown keyword, a second time', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: default-src «self»; «scripts-src 'self'»; img-src «'everywhere'»; «default-src 'none'»

<!doctype html>`,
    }),
    bad('Behind an address of reports the rest is lost, and so is a directive that is not ASCII', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: default-src 'self'; report-uri /csp «script-src» 'none'; «img-src ’self’»

<!doctype html><title>Shop</title>`,
    }),
    good('What helmet sends, and what a strict policy looks like', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';frame-ancestors 'self';img-src 'self' data:;object-src 'none';script-src 'self';script-src-attr 'none';style-src 'self' https: 'unsafe-inline';upgrade-insecure-requests

<!doctype html>`,
      'live/2-home.http': `
GET https://app.example/app HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: script-src 'nonce-q83vASNFZ4mrze8BI0VniQ' 'strict-dynamic'; object-src 'none'; base-uri 'none'; report-uri /csp; report-to csp; sandbox allow-scripts; trusted-types default; require-trusted-types-for 'script'

<!doctype html>`,
    }),
  ],
});
