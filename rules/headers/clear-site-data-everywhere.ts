import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/clear-site-data-everywhere',
  ensures: 'Only logging out clears what the browser keeps of the site.',
  severity: 'medium',
  roles: ['any'],
  owasp: 'A02',
  why: `Every view of the page deletes the visitor's cookies, storage or cache: nobody stays logged in, and nothing is cached.`,
  fix: `Send \`Clear-Site-Data\` from the logout route alone.`,
  references: ['https://www.w3.org/TR/clear-site-data/'],
  needs: ['pages'],
  *check({ pages }) {
    for (const page of pages) {
      const [header] = page.headers('clear-site-data');
      if (!header || /log-?out|sign-?out/i.test(page.url.path)) continue;
      yield { at: header.line, message: `${page.url.href} clears ${header.value} on every view.` };
    }
  },
  examples: [
    bad('On the home page', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
«Clear-Site-Data: "cache","cookies","storage"»

<!doctype html>`,
    }),
    good('On logout', {
      'live/1-home.http': `
GET https://app.example/logout HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Clear-Site-Data: "cookies"

<!doctype html>`,
    }),
  ],
});
