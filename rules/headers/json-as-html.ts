import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/json-as-html',
  ensures: 'JSON is declared as JSON.',
  severity: 'medium',
  roles: ['any'],
  cwe: 79,
  owasp: 'A05',
  why: `\`res.send(JSON.stringify(…))\` is served as \`text/html\`. Opened in a tab, any text of a user in it is markup, and its
scripts run as your site.`,
  fix: `\`res.json(value)\`, or \`res.type('json')\` before \`send\`.`,
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { responses: answers } of responses.sites) {
      const seen = new Set<string>();
      for (const answer of answers) {
        if (answer.type !== 'text/html' || answer.body.looksLike !== 'json' || seen.has(answer.url.href)) continue;
        seen.add(answer.url.href);
        const isTamed = answer.headers('x-content-type-options').length > 0 || answer.csp.controlsScripts;
        yield {
          at: answer.headers('content-type')[0]?.line ?? answer.line,
          message: `${answer.url.href} sends JSON as text/html.`,
          severity: isTamed ? 'medium' : 'high',
        };
      }
    }
  },
  examples: [
    bad('An API that stringifies by hand', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
«Content-Type: text/html; charset=utf-8»

{"name":"<b>me</b>"}`,
    }),
    good('Declared as what it is, and a page that is a number', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{"name":"<b>me</b>"}`,
      'live/2-home.http': `
GET https://api.example/count HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

42`,
    }),
  ],
});
