import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'limits/body-limit-live',
  ensures: 'Bodies far larger than any request needs are refused.',
  severity: 'medium',
  control: 'limits/body',
  roles: ['any'],
  cwe: 770,
  owasp: 'A06',
  why: `Every body is read and parsed in memory before a route sees it: a few clients that send megabytes at once stop the
process.`,
  fix: `\`express.json({ limit: '100kb' })\`, \`bodyLimit\` in Fastify, \`client_max_body_size\` at the edge; a larger limit on the
upload route alone.`,
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Nodejs_Security_Cheat_Sheet.html#set-request-size-limits',
  ],
  needs: ['strained'],
  *check({ strained }) {
    for (const { exchanges } of strained) {
      const ladder = exchanges.filter(({ step }) => step === 'body-limit');
      const last = ladder.at(-1);
      const bytes = Number(/^\d+/.exec(last?.note('request-body') ?? '')?.[0] ?? 0);
      if (!last?.response || last.response.status === 413 || bytes < 5_000_000) continue;
      // a server that hung up in between, or fails, has not taken it
      if (last.response.status >= 500 || last.response.status === 400) continue;
      yield {
        at: last.response.line,
        message: `${last.url.origin} reads a JSON body of ${Math.round(bytes / 1024 / 1024)} MB.`,
      };
    }
  },
  examples: [
    bad('Five megabytes are read', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-body-limit.http': `
# request-body: 5324800 bytes
POST https://api.example/.well-known/audit-probe-1 HTTP/1.1
Content-Type: application/json

«HTTP/1.1 404 Not Found»
Content-Type: application/json

{}`,
    }),
    good('128 KB are refused', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-body-limit.http': `
# request-body: 65536 bytes
POST https://api.example/.well-known/audit-probe-1 HTTP/1.1

HTTP/1.1 404 Not Found
Content-Length: 0`,
      'live/3-body-limit.http': `
# request-body: 131072 bytes
POST https://api.example/.well-known/audit-probe-1 HTTP/1.1

HTTP/1.1 413 Payload Too Large
Content-Length: 0`,
    }),
    good('The server hung up', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-body-limit.http': `
# request-body: 5324800 bytes
POST https://api.example/.well-known/audit-probe-1 HTTP/1.1

NO ANSWER reset ECONNRESET`,
    }),
  ],
});
