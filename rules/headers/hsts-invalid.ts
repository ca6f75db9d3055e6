import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** One directive of RFC 6797 §6.1: a token, optionally a value that is a token or a quoted string. */
const DIRECTIVE = /^[\t ]*([!#$%&'*+.^_`|~\w-]+)[\t ]*(?:=[\t ]*("[^"\\]*"|[!#$%&'*+.^_`|~\w-]+)[\t ]*)?$/;

/** What keeps a browser from understanding the value. */
function faultOf(value: string): string | undefined {
  const seen = new Set<string>();
  let maxAge: string | undefined;
  // a semicolon in a quoted string separates nothing
  for (const part of value.match(/(?:"[^"]*"|[^;"]|")+/g) ?? []) {
    if (part.trim() === '') continue;
    const directive = DIRECTIVE.exec(part);
    if (!directive) return `"${part.trim().slice(0, 40)}" is no directive`;
    const name = (directive[1] ?? '').toLowerCase();
    if (seen.has(name)) return `${name} is there twice`;
    seen.add(name);
    if (name === 'includesubdomains' && directive[2] !== undefined) return 'includeSubDomains takes no value';
    if (name === 'max-age') maxAge = (directive[2] ?? '').replaceAll('"', '');
  }
  if (maxAge === undefined) return 'max-age is missing';
  return /^\d+$/.test(maxAge) ? undefined : `max-age is not a number of seconds`;
}

export default defineRule({
  id: 'headers/hsts-invalid',
  ensures: 'Strict-Transport-Security is written so that browsers understand it.',
  severity: 'medium',
  control: 'headers/hsts',
  roles: ['any'],
  cwe: 319,
  owasp: 'A02',
  why: `Browsers ignore the whole header when it does not follow its grammar: it looks protected and is not.`,
  fix: `Send exactly \`Strict-Transport-Security: max-age=31536000\` (add \`; includeSubDomains\` once every subdomain has https).`,
  references: ['https://www.rfc-editor.org/rfc/rfc6797#section-6.1'],
  needs: ['secured'],
  *check({ secured }) {
    for (const { response } of secured) {
      // only the first field line counts (RFC 6797 §8.1)
      const [header] = response.headers('strict-transport-security');
      const fault = header && faultOf(header.value);
      if (!header || !fault) continue;
      yield { at: header.line, message: `Browsers ignore this Strict-Transport-Security: ${fault}.` };
    }
  },
  examples: [
    bad('Letters after the number', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
«Strict-Transport-Security: max-age=31536000abc»`,
    }),
    bad('No max-age', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
«Strict-Transport-Security: includeSubDomains; preload»`,
    }),
    bad('Two values in one line', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
«Strict-Transport-Security: max-age=31536000, max-age=600»`,
    }),
    bad('The directive twice', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
«Strict-Transport-Security: max-age=31536000; Max-Age=600»`,
    }),
    bad('A value where there can be none', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
«Strict-Transport-Security: max-age=31536000; includeSubDomains=1»

<!doctype html><title>Shop</title>`,
    }),
    good('A semicolon in quotes separates nothing', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Strict-Transport-Security: max-age=31536000; report-uri="https://app.example/?a;b"

<!doctype html><title>Shop</title>`,
    }),
    good('White space, quotes, case, a final semicolon and an unknown directive are all allowed', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Strict-Transport-Security: Max-Age = "31536000" ; INCLUDESUBDOMAINS; foo=bar;
Strict-Transport-Security: rubbish is ignored here`,
    }),
  ],
});
