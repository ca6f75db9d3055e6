import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'exposure/server-version-live',
  ensures: 'Responses do not say which version of the server made them.',
  severity: 'low',
  roles: ['any'],
  cwe: 200,
  owasp: 'A02',
  why: `The version says which published holes are still open, to everybody who asks.`,
  fix: `\`server_tokens off;\` in nginx; take \`X-Generator\` and the like out at the edge.`,
  references: ['https://nginx.org/en/docs/http/ngx_http_core_module.html#server_tokens'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { responses: answers } of responses.sites) {
      for (const name of ['server', 'via', 'x-generator', 'x-aspnet-version', 'x-runtime-version']) {
        // Via starts with the version of the protocol
        const version = name === 'via' ? /[(\s][a-z][\w-]{1,40}\/\d+\.\d+/i : /\d+\.\d+/;
        const header = answers.flatMap((answer) => answer.headers(name)).find(({ value }) => version.test(value));
        if (header) yield { at: header.line, message: `${header.name} names the version: ${header.value}.` };
      }
    }
  },
  examples: [
    bad('nginx as it comes', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
«Server: nginx/1.22.1»
Content-Type: text/html

<!doctype html>`,
    }),
    bad('A proxy on the way', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
«Via: 1.1 proxy.app.example (squid/3.5.20)»
Content-Type: text/html

<!doctype html>`,
    }),
    good('The name alone', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Server: cloudflare
Via: HTTP/1.1 varnish (Varnish/trunk), 2.0 edge
Content-Type: text/html

<!doctype html>`,
    }),
  ],
});
