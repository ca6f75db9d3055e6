import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'exposure/private-address-live',
  ensures: 'Errors name no address of the network behind.',
  severity: 'low',
  roles: ['any'],
  cwe: 200,
  owasp: 'A02',
  why: `An attacker who can make the server ask for a URL now knows which ones to try.`,
  fix: `Answer errors with a text of your own, and keep what failed in the log.`,
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Error_Handling_Cheat_Sheet.html'],
  needs: ['transport'],
  *check({ transport }) {
    for (const { responses } of transport) {
      for (const { leaks, status, method, url } of responses) {
        // a page may speak of such addresses; an error has no reason to
        const leak = status >= 400 ? leaks.find(({ kind }) => kind === 'private-address') : undefined;
        if (!leak) continue;
        yield { at: leak.at, message: `${method} ${url.href} answers ${status} with an address of the inside.` };
        break;
      }
    }
  },
  examples: [
    bad('A database that does not answer', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 502 Bad Gateway
Content-Type: application/json

{"error":"connect ECONNREFUSED «10.2.0.14»:5432"}`,
    }),
    good('A page about networks', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html><p>Set the address to 192.168.1.1.`,
    }),
    good('A version with four numbers', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 500 Internal Server Error
Content-Type: text/plain

Build 10.2.0.14.7 of 1.10.2.0.14`,
    }),
  ],
});
