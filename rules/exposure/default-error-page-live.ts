import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'exposure/default-error-page-live',
  ensures: 'Errors are answered by the application, not by its framework.',
  severity: 'info',
  roles: ['any'],
  cwe: 200,
  owasp: 'A02',
  why: `The page names the framework to every scanner, and what it shows of an error depends on an environment variable.`,
  fix: `Add a last middleware for what no route takes, and an error handler behind it.`,
  references: ['https://expressjs.com/en/guide/error-handling.html'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { responses: answers } of responses.sites) {
      const shown = answers.find(({ step, defaultErrorOf }) => step === 'missing' && defaultErrorOf !== undefined);
      if (shown)
        yield { at: shown.line, message: `What is not there is answered by the page of ${shown.defaultErrorOf}.` };
    }
  },
  examples: [
    bad('Express', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8

<!doctype html><title>Shop</title>`,
      'live/2-missing.http': `
GET https://app.example/audit-probe-1 HTTP/1.1

«HTTP/1.1 404 Not Found»
Content-Type: text/html; charset=utf-8

<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Error</title>
</head>
<body>
<pre>Cannot GET /audit-probe-1</pre>
</body>
</html>`,
    }),
    good('One of its own', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8

<!doctype html><title>Shop</title>`,
      'live/2-missing.http': `
GET https://app.example/audit-probe-1 HTTP/1.1

HTTP/1.1 404 Not Found
Content-Type: text/html; charset=utf-8

<!doctype html><title>Not here</title>`,
    }),
  ],
});
