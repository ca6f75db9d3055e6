import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'transport/https-not-enforced',
  ensures: 'Plain http leads to https and serves nothing itself.',
  severity: 'medium',
  control: 'transport/https',
  roles: ['any'],
  cwe: 319,
  owasp: 'A04',
  why: `Whoever types the name without \`https://\` gets the page over a line that everyone on the way can read and
rewrite: cookies, forms and scripts included.`,
  fix: `Answer every plain request with a permanent redirect to the same path over https, at the edge
(\`return 308 https://$host$request_uri\`), or close port 80.`,
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Transport_Layer_Security_Cheat_Sheet.html'],
  needs: ['transport'],
  *check({ transport }) {
    for (const { plain, secure } of transport) {
      const answer = plain?.final;
      // without https at all there is nothing to redirect to: transport/https-missing says so
      if (!secure || !answer || answer.url.scheme !== 'http') continue;
      const isPageOfErrors = answer.status >= 400 && answer.class === 'page' && answer.body.bytes > 1024;
      if (answer.status >= 300 && !isPageOfErrors) continue;
      yield {
        at: answer.line,
        message: `${answer.url.href} answers ${answer.status} over plain http instead of redirecting to https.`,
      };
    }
  },
  examples: [
    bad('The same page over both', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-http.http': `
GET http://app.example/ HTTP/1.1

«HTTP/1.1 200 OK»
Content-Type: text/html

<!doctype html>`,
    }),
    good('A redirect to https', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-http.http': `
GET http://app.example/ HTTP/1.1

HTTP/1.1 308 Permanent Redirect
Location: https://app.example/`,
    }),
    good('An API that refuses plain requests', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{"ok":true}`,
      'live/2-http.http': `
GET http://api.example/ HTTP/1.1

HTTP/1.1 426 Upgrade Required
Content-Length: 0`,
    }),
    good('Nothing listens on port 80', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{"ok":true}`,
      'live/2-http.http': `
GET http://api.example/ HTTP/1.1

NO ANSWER refused connect ECONNREFUSED`,
    }),
    good('A server on the own machine', {
      'live/1-home.http': `
GET http://127.0.0.1:3000/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
    }),
  ],
});
