import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'exposure/source-map-served-live',
  ensures: 'Source maps stay with those who debug.',
  severity: 'medium',
  control: 'exposure/source-maps',
  roles: ['any'],
  cwe: 540,
  owasp: 'A02',
  why: `The map holds the source with its comments and names, often of code that only the server should know.`,
  fix: `Upload maps to the error tracker and do not deploy them: \`hidden-source-map\`, or leave \`*.map\` out of the image.`,
  references: [
    'https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/01-Information_Gathering/05-Review_Web_Page_Content_for_Information_Leakage',
  ],
  needs: ['active'],
  *check({ active }) {
    for (const { responses } of active) {
      for (const { step, status, marks, line, url } of responses) {
        const has = (name: string): boolean => marks.some((mark) => mark.name === name);
        if (step !== 'source-map' || status !== 200 || !has('source-map') || !has('source-map-content')) continue;
        yield { at: line, message: `${url.href} hands out the source of the scripts.` };
      }
    }
  },
  examples: [
    bad('With the source in it', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8

<!doctype html><title>Shop</title>`,
      'live/2-source-map.http': `
GET https://app.example/app.js.map HTTP/1.1

«HTTP/1.1 200 OK»
Content-Type: application/json

{"version":3,"file":"app.js","sources":["../src/app.ts"],"sourcesContent":["export const a = 1;"],"mappings":"AAAA"}`,
    }),
    good('Without the source, and not there at all', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8

<!doctype html><title>Shop</title>`,
      'live/2-source-map.http': `
GET https://app.example/app.js.map HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{"version":3,"file":"app.js","sources":["../src/app.ts"],"mappings":"AAAA"}`,
      'live/3-source-map.http': `
GET https://app.example/b.js.map HTTP/1.1

HTTP/1.1 404 Not Found
Content-Type: text/plain

no`,
    }),
  ],
});
