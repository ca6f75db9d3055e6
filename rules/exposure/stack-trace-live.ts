import { bad, defineRule, good } from '../../src/rule/rule.ts';

const LEAKS = {
  'stack-frame': 'a stack trace',
  'source-path': 'paths of the server',
  'database-error': 'an error of the database driver',
  'resolver-trace': 'a stack trace of a resolver',
} as const;

export default defineRule({
  id: 'exposure/stack-trace-live',
  ensures: 'Errors tell visitors nothing of the code behind them.',
  severity: 'high',
  control: 'exposure/stack-trace',
  roles: ['any'],
  cwe: 209,
  owasp: 'A10',
  why: `A stack trace names the framework, its version, the folders and the failing query: the map an attacker would otherwise
have to draw by trial.`,
  fix: `Run with \`NODE_ENV=production\`, and end the chain with an error handler of your own that logs the error and answers
with a status and nothing else.`,
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Error_Handling_Cheat_Sheet.html',
    'https://expressjs.com/en/guide/error-handling.html',
  ],
  needs: ['responses'],
  *check({ responses }) {
    for (const { responses: answers, local } of responses.sites) {
      for (const answer of answers) {
        // a page of documentation may quote a trace; an error answer has no reason to
        if (answer.status < 400 && answer.step !== 'graphql-error') continue;
        const leak = answer.leaks.find(({ kind }) => kind !== 'private-address');
        if (!leak || leak.kind === 'private-address') continue;
        yield {
          at: leak.at,
          message: `${answer.method} ${answer.url.href} answers ${answer.status} with ${LEAKS[leak.kind]}.`,
          ...(local && { severity: 'medium' as const }),
        };
      }
    }
  },
  examples: [
    bad('Express outside production, in HTML', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 500 Internal Server Error
Content-Type: text/html

<pre>Error: boom<br> &nbsp; &nbsp;«at /usr/src/app/routes/cart.js:12:9»<br></pre>`,
    }),
    bad('A handler that sends the error as JSON', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 404 Not Found
Content-Type: application/json

{"message":"no","stack":"Error: no\\n    «at find (/srv/shop/dist/find.js:3:11)»\\n"}`,
    }),
    bad('The words of the database driver', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-missing.http': `
GET https://app.example/5b1e HTTP/1.1

HTTP/1.1 500 Internal Server Error
Content-Type: application/json

{"name":"«SequelizeDatabaseError»","message":"relation does not exist"}`,
    }),
    good('A page about stack traces', {
      'live/1-home.http': `
GET https://docs.example/errors HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html><pre>Error: boom
    at run (/home/me/demo/app.js:3:7)</pre>`,
    }),
    good('An error that says nothing more', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 500 Internal Server Error
Content-Type: application/json

{"error":"Something went wrong","id":"b7c1"}`,
    }),
  ],
});
