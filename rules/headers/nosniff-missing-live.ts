import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/nosniff-missing-live',
  ensures: 'Browsers take responses for what they are declared to be.',
  severity: 'low',
  control: 'headers/nosniff',
  roles: ['any'],
  cwe: 430,
  owasp: 'A02',
  why: `Where the declared type is doubtful a browser guesses from the content: an uploaded "picture" or a JSON answer can
then run as a script of your site.`,
  fix: `Send \`X-Content-Type-Options: nosniff\` with every response; \`app.use(helmet())\` does.`,
  references: ['https://fetch.spec.whatwg.org/#x-content-type-options-header'],
  needs: ['responses'],
  *check({ responses }) {
    for (const response of responses.sites.flatMap(({ finals }) => finals)) {
      const isScriptOrStyle = /(?:javascript|css)$/.test(response.type);
      if (response.class !== 'page' && response.class !== 'data' && !(response.class === 'asset' && isScriptOrStyle))
        continue;
      // the header of the framework's own error page is that page's, not the application's
      if (response.defaultErrorOf !== undefined) continue;
      const [header] = response.headers('x-content-type-options');
      const first = header?.value.split(',')[0]?.trim().toLowerCase();
      if (first === 'nosniff') continue;
      yield header
        ? {
            at: header.line,
            message: `X-Content-Type-Options: ${header.value || 'without a value'} is not nosniff, so browsers ignore it.`,
          }
        : { at: response.line, message: `${response.url.href} does not send X-Content-Type-Options: nosniff.` };
    }
  },
  examples: [
    bad('A page', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

«HTTP/1.1 200 OK»
Content-Type: text/html

<!doctype html>`,
    }),
    bad('The first word counts', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json
«X-Content-Type-Options: off, nosniff»

{"ok":true}`,
    }),
    good('Sent twice, by the proxy and by the application', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
X-Content-Type-Options: nosniff
X-Content-Type-Options: NOSNIFF

<!doctype html>`,
    }),
    good('Nothing to sniff in a redirect or a picture', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 302 Found
Location: https://www.example/`,
      'live/2-home.http': `
GET https://app.example/logo HTTP/1.1

HTTP/1.1 200 OK
Content-Type: image/png
Content-Length: 1200`,
    }),
  ],
});
