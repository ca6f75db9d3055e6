import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/xss-protection-on-live',
  ensures: 'The filter of old browsers is off.',
  severity: 'low',
  roles: ['any'],
  cwe: 693,
  owasp: 'A02',
  why: `The filter was taken out of browsers because it could be turned against the page: to switch off a script of yours, or to
read what is on it.`,
  fix: `Leave the header out or send \`0\`, as helmet does.`,
  references: ['https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/X-XSS-Protection'],
  needs: ['pages'],
  *check({ pages }) {
    for (const page of pages) {
      const [header] = page.headers('x-xss-protection');
      if (header?.value.trimStart().startsWith('1')) {
        yield { at: header.line, message: `${page.url.href} turns on a filter that does harm.` };
      }
    }
  },
  examples: [
    bad('On', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
«X-XSS-Protection: 1; mode=block»

<!doctype html>`,
    }),
    good('Off, as helmet has it', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
X-XSS-Protection: 0

<!doctype html>`,
    }),
  ],
});
