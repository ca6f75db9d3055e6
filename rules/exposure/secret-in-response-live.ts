import { bad, defineRule, good } from '../../src/rule/rule.ts';

// in pieces, so that no scanner takes this file for a leak
const STRIPE_LIVE = ['sk', 'live', '51Hx8QzK2mNpR7tVwYb3Dc'].join('_');
const PUBLISHABLE = ['pk', 'live', '51Hx8QzK2mNpR7tVwYb3Dc'].join('_');

export default defineRule({
  id: 'exposure/secret-in-response-live',
  ensures: 'No response holds a secret of the service.',
  severity: 'critical',
  roles: ['any'],
  cwe: 200,
  owasp: 'A02',
  why: `Everybody who opened the page has it, and so do the caches and archives on the way.`,
  fix: `Change it at its provider first: it has been read. Then find what puts it there: a bundler's \`define\`, a variable with
a public prefix, state serialised into the page.`,
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { responses: answers } of responses.sites) {
      const seen = new Set<string>();
      for (const { secrets, url } of answers) {
        for (const { at, name, mode } of secrets) {
          if (seen.has(`${url.href} ${name}`)) continue;
          seen.add(`${url.href} ${name}`);
          yield {
            at,
            message: `${url.href} sends ${name} to everybody.`,
            ...(mode === 'test' && { severity: 'low' as const }),
          };
        }
      }
    }
  },
  examples: [
    bad('In a script', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>`,
      'live/2-script.http': `
GET https://app.example/app.js HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/javascript

const key="«${STRIPE_LIVE}»";`,
    }),
    bad('A database in a page', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html><script>window.__ENV={"DATABASE_URL":"postgres://shop:«kV7qLm2Xw9»@db.shop-prod.net/shop"}</script>`,
    }),
    good('A key that is meant to be seen', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html><script>Stripe('${PUBLISHABLE}')</script>`,
    }),
  ],
});
