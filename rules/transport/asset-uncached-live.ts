import { bad, defineRule, good } from '../../src/rule/rule.ts';

const DAY = 86_400;

/** `app.3f2a9c1b.js`, `index-BxK3d9_a.css`: a name that changes with the content. A plain word is none. */
function isFingerprinted(path: string): boolean {
  const stem = /([^/]{1,200})\.(?:m?js|css)$/.exec(path)?.[1] ?? '';
  const hash = /(?:^|[._-])(\w{8,64})(?:[.-](?:min|bundle|chunk))?$/.exec(stem)?.[1] ?? '';
  if (/^[\da-f]+$/.test(hash)) return /\d/.test(hash) && /[a-f]/.test(hash);
  return /\d/.test(hash) && /[A-Z]/.test(hash) && /[a-z]/.test(hash);
}

export default defineRule({
  id: 'transport/asset-uncached-live',
  ensures: 'Files whose names change with their content are kept by browsers.',
  severity: 'info',
  roles: ['any'],
  why: `A file with a fingerprint in its name never changes, yet every visit asks for it again: slower pages for visitors, and
requests for the service that nobody needs.`,
  fix: `Serve the folder with \`express.static(dir, { immutable: true, maxAge: '1y' })\`, or
\`Cache-Control: public, max-age=31536000, immutable\` at the edge.`,
  references: ['https://www.rfc-editor.org/rfc/rfc8246'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { local, responses: answers } of responses.sites) {
      if (local) continue;
      for (const answer of answers) {
        if (answer.class !== 'asset' || answer.status !== 200 || !isFingerprinted(answer.url.path)) continue;
        const control = answer.headers('cache-control');
        const value = control.map((header) => header.value.toLowerCase()).join(',');
        const seconds = Number(/(?:^|[\s,])max-age\s*=\s*"?(\d{1,12})/.exec(value)?.[1] ?? 0);
        // an older way to say the same, where nothing newer overrules it
        const hasDate = control.length === 0 && answer.headers('expires').length > 0;
        if (seconds >= DAY || hasDate || value.includes('immutable')) continue;
        yield {
          at: control[0]?.line ?? answer.line,
          message: `${answer.url.href} has a fingerprint in its name and is kept for ${seconds} seconds.`,
        };
      }
    }
  },
  examples: [
    bad('The default of express.static', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html><meta charset=utf-8><script src=/assets/index-BxK3d9_a.js></script>`,
      'live/2-script.http': `
GET https://app.example/assets/index-BxK3d9_a.js HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/javascript; charset=utf-8
«Cache-Control: public, max-age=0»
ETag: W/"1a-18f"

alert(1)`,
    }),
    bad('Nothing said', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 204 No Content`,
      'live/2-style.http': `
GET https://app.example/css/main.3f2a9c1b.css HTTP/1.1

«HTTP/1.1 200 OK»
Content-Type: text/css

a{}`,
    }),
    good('Kept for a year', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 204 No Content`,
      'live/2-script.http': `
GET https://app.example/assets/index-BxK3d9_a.js HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/javascript
Cache-Control: public, max-age=31536000, immutable

alert(1)`,
    }),
    good('Names that stay the same, words and dates among them', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 204 No Content`,
      'live/2-script.http': `
GET https://app.example/js/shop-checkout.js HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/javascript

alert(1)`,
      'live/3-script.http': `
GET https://app.example/js/report-20260101.js HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/javascript

alert(1)`,
    }),
  ],
});
