import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Bytes. nginx reads the head of a proxied answer into one buffer of a memory page: 4 or 8 KB. */
const BUFFER = 8192;

export default defineRule({
  id: 'limits/response-headers-large-live',
  ensures: 'The headers of a response fit the buffers on its way.',
  severity: 'low',
  roles: ['any'],
  cwe: 400,
  why: `nginx takes 8 KB of headers from a service unless told otherwise, and turns what is larger into a 502; browsers and
balancers have limits, too. A cookie or a policy that grows a little takes the page down.`,
  fix: `Keep data in the session store instead of in cookies, shorten the policy, and drop repeated \`Link\` fields.`,
  references: ['https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffer_size'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { responses: answers } of responses.sites) {
      const sized = answers.map((answer) => {
        const fields = answer.allHeaders.map(({ name, value }) => ({
          name,
          // the value of a cookie is not written down, its size is
          bytes: name.length + 4 + (name.toLowerCase() === 'set-cookie' ? 0 : value.length),
        }));
        const cookies = answer.cookies.reduce((sum, { size }) => sum + size, 0);
        const bytes = fields.reduce((sum, field) => sum + field.bytes, cookies);
        return { answer, bytes };
      });
      const [largest] = sized.toSorted((a, b) => b.bytes - a.bytes);
      if (!largest || largest.bytes <= BUFFER) continue;
      const { answer, bytes } = largest;
      yield {
        at: answer.line,
        message: `${answer.url.href} sends more than ${Math.floor(bytes / 1024)} KB of headers in ${answer.allHeaders.length} fields.`,
      };
    }
  },
  examples: [
    bad('A policy of nine kilobytes', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

«HTTP/1.1 200 OK»
Content-Type: text/html; charset=utf-8
Content-Security-Policy: default-src 'self'; img-src ${'https://img.app.example/a '.repeat(200)}
Link: ${'</a.css>; rel=preload; as=style, '.repeat(120)}

<!doctype html>`,
    }),
    good('Three kilobytes', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8
Content-Security-Policy: default-src 'self'; img-src ${'https://img.app.example/a '.repeat(100)}

<!doctype html>`,
    }),
  ],
});
