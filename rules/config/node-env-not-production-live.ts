import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'config/node-env-not-production-live',
  ensures: 'The deployment runs with NODE_ENV=production.',
  severity: 'high',
  control: 'config/node-env',
  roles: ['any'],
  cwe: 489,
  owasp: 'A02',
  why: `Express prints stack traces, compiles views anew for every request and keeps nothing cached; other packages turn their
debug modes on.`,
  fix: `Set it where the process starts: \`ENV NODE_ENV=production\` in the image, \`environment:\` in compose, \`env:\` in the
deployment. A shell or an orchestrator may be overriding what the image says.`,
  references: ['https://expressjs.com/en/advanced/best-practice-performance.html#set-node_env-to-production'],
  needs: ['errorPages'],
  *check({ errorPages }) {
    const told = new Set<string>();
    for (const { leaks, url } of errorPages) {
      // its stack outside production, the bare reason in it
      const frame = leaks.find(({ kind }) => kind === 'stack-frame');
      if (!frame || told.has(url.origin)) continue;
      told.add(url.origin);
      yield { at: frame.at, message: `${url.origin} runs outside production: Express shows its stack.` };
    }
  },
  examples: [
    bad('A body that is no JSON brings the stack out', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-bad-json.http': `
POST https://api.example/.well-known/audit-probe-1 HTTP/1.1
Content-Type: application/json

{"x":

HTTP/1.1 400 Bad Request
Content-Type: text/html; charset=utf-8

<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Error</title>
</head>
<body>
<pre>SyntaxError: Unexpected end of JSON input<br> &nbsp; &nbsp;at JSON.parse (&lt;anonymous&gt;)<br> &nbsp; &nbsp;«at parse (/srv/node_modules/body-parser/lib/types/json.js:92:19)»<br></pre>
</body>
</html>`,
    }),
    good('In production', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-bad-json.http': `
POST https://api.example/.well-known/audit-probe-1 HTTP/1.1

HTTP/1.1 400 Bad Request
Content-Type: text/html; charset=utf-8

<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Error</title>
</head>
<body>
<pre>Bad Request</pre>
</body>
</html>`,
    }),
    good('A handler of its own says nothing of the mode', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-bad-json.http': `
POST https://api.example/.well-known/audit-probe-1 HTTP/1.1

HTTP/1.1 400 Bad Request
Content-Type: application/json

{"error":"no JSON"}`,
    }),
  ],
});
