import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'auth/session-cacheable',
  ensures: 'What a logged-in visitor sees stays out of caches.',
  severity: 'medium',
  roles: ['any'],
  cwe: 525,
  owasp: 'A01',
  why: `The page was fetched with your login. A shared cache may keep it and show it to the next visitor; the protection that
HTTP gives to \`Authorization\` does not cover cookies.`,
  fix: `\`Cache-Control: no-store\` (or at least \`private\`) on everything behind a login.`,
  references: ['https://www.rfc-editor.org/rfc/rfc9111#section-3.5'],
  needs: ['responses'],
  *check({ responses }) {
    for (const answer of responses.sites.flatMap(({ finals }) => finals)) {
      const hasCookie = answer.requestHeaders('cookie').length > 0;
      const hasToken = answer.requestHeaders('authorization').length > 0;
      if ((!hasCookie && !hasToken) || answer.status !== 200) continue;
      const [control] = answer.headers('cache-control');
      const value = control?.value ?? '';
      if (/\b(?:private|no-store|no-cache)\b/i.test(value)) continue;
      const isFresh = /\b(?:s-maxage|max-age)\s*=\s*"?[1-9]|\bpublic\b/i.test(value);
      const mayGuess = answer.headers('last-modified').length > 0 && !/max-age/i.test(value);
      const isStorable = hasCookie ? isFresh || mayGuess : /\bpublic\b|\bs-maxage\b|\bmust-revalidate\b/i.test(value);
      if (!isStorable) continue;
      yield {
        at: control?.line ?? answer.line,
        message: `Caches may keep ${answer.url.href} as you see it when logged in.`,
      };
    }
  },
  examples: [
    bad('Fresh for an hour, fetched with a cookie', {
      'live/1-home.http': `
GET https://app.example/me HTTP/1.1
Cookie: …(40 characters)

HTTP/1.1 200 OK
Content-Type: text/html
«Cache-Control: max-age=3600»

<!doctype html>`,
    }),
    bad('Explicitly public, fetched with a token', {
      'live/1-home.http': `
GET https://api.example/me HTTP/1.1
Authorization: …(40 characters)

HTTP/1.1 200 OK
Content-Type: application/json
«Cache-Control: public, max-age=60»

{"name":"Ada"}`,
    }),
    good('Not to be stored', {
      'live/1-home.http': `
GET https://app.example/me HTTP/1.1
Cookie: …(40 characters)

HTTP/1.1 200 OK
Content-Type: text/html
Cache-Control: no-store

<!doctype html>`,
    }),
    good('Nobody was logged in', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Cache-Control: max-age=3600

<!doctype html>`,
    }),
  ],
});
