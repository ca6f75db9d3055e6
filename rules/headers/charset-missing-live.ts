import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/charset-missing-live',
  ensures: 'Every page says which characters it is written in.',
  severity: 'info',
  roles: ['any'],
  cwe: 172,
  owasp: 'A02',
  why: `A browser that has to guess can be made to guess wrong: in ISO-2022-JP a few harmless bytes of a user's text swallow a
quote or a tag, and what was escaped runs as a script. Names with accents break, too.`,
  fix: `Send \`Content-Type: text/html; charset=utf-8\` (\`res.type('html')\` does), or put \`<meta charset="utf-8">\` first in the
head.`,
  references: ['https://html.spec.whatwg.org/multipage/parsing.html#encoding-sniffing-algorithm'],
  needs: ['pages'],
  *check({ pages }) {
    for (const response of pages) {
      // a document in XML says it in its own first line, or is UTF-8
      const [type] = response.headers('content-type');
      if (!type || response.type !== 'text/html' || /charset\s*=/i.test(type.value)) continue;
      // what is wrong with that is its type
      if (response.body.looksLike === 'json') continue;
      const isDeclared = response.elements.some(
        ({ tag, attribute }) =>
          tag === 'meta' && (attribute('charset') !== undefined || /charset\s*=/i.test(attribute('content') ?? '')),
      );
      if (isDeclared) continue;
      yield { at: type.line, message: `Neither the header nor the page ${response.url.href} names its characters.` };
    }
  },
  examples: [
    bad('No word of it', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
«Content-Type: text/html»

<!doctype html><html><head><title>Shop</title></head><body>Hello</body></html>`,
    }),
    good('In the header', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html;Charset="UTF-8"

<!doctype html><title>Shop</title>`,
    }),
    good('In the page, in either form', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html><html><head><meta charset=utf-8><title>Shop</title></head></html>`,
      'live/2-home.http': `
GET https://old.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<html><head><meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"><title>Shop</title></head></html>`,
    }),
    good('JSON called HTML has another problem', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

{"user":"a"}`,
    }),
    good('JSON has no choice', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
    }),
  ],
});
