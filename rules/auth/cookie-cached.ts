import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** True where caches that many people share may keep the response (RFC 9111 §3). */
const isShared = (control: string): boolean =>
  !/\b(?:private|no-store)\b|\bno-cache\b/i.test(control) &&
  /\bpublic\b|\bs-maxage\s*=\s*"?[1-9]|\bmax-age\s*=\s*"?[1-9]/i.test(control);

/** True for a response that came out of a cache. */
const isStored = (fields: readonly { name: string; value: string }[]): boolean =>
  fields.some(({ name, value }) =>
    /^age$/i.test(name) ? Number(value) > 0 : /(?:^|-)cache(?:-status)?$/i.test(name) && /\bhit\b/i.test(value),
  );

export default defineRule({
  id: 'auth/cookie-cached',
  ensures: 'No shared cache keeps a response that sets a cookie.',
  severity: 'medium',
  roles: ['any'],
  cwe: 524,
  owasp: 'A01',
  why: `A CDN or proxy stores the response and hands the same session cookie to the next visitor, who is then somebody else.`,
  fix: `\`Cache-Control: private, no-store\` on whatever sets a cookie; set none on what is meant to be cached.`,
  references: ['https://www.rfc-editor.org/rfc/rfc9111#section-7.3'],
  needs: ['cookies'],
  *check({ cookies }) {
    const seen = new Set<unknown>();
    for (const { use, name, response, site } of cookies) {
      // a cache in front may have been told to mind no header; a cookie that the edge itself adds is no session
      const handedOut = site.responses.find(
        (answer) =>
          use === 'session' && isStored(answer.allHeaders) && answer.cookies.some((cookie) => cookie.name === name),
      );
      const told = handedOut ?? response;
      const [control] = told.headers('cache-control');
      if (use === 'edge' || seen.has(told) || (!handedOut && !isShared(control?.value ?? ''))) continue;
      seen.add(told);
      yield {
        at: control?.line ?? told.line,
        message: handedOut
          ? `A shared cache hands out ${told.url.href} together with the cookie ${name}.`
          : `Shared caches may keep ${told.url.href} together with the cookie ${name}.`,
        ...(handedOut && { severity: 'high' as const }),
      };
    }
  },
  examples: [
    bad('Public, with a session', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
«Cache-Control: public, max-age=600»
Set-Cookie: sid=abc; Secure; HttpOnly; SameSite=Lax

<!doctype html>`,
    }),
    bad('It already came out of a cache', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
«Cache-Control: s-maxage=60»
X-Cache: HIT
Set-Cookie: sid=abc; Secure; HttpOnly; SameSite=Lax

<!doctype html>`,
    }),
    bad('The cache was told to mind no header', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
«Cache-Control: private, no-store»
X-Cache-Status: HIT
Set-Cookie: sid=abc; Secure; HttpOnly; SameSite=Lax

<!doctype html>`,
    }),
    good('Out of a cache, with a cookie the edge adds', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Cache-Control: no-cache
CF-Cache-Status: HIT
Set-Cookie: variant=b; Secure; SameSite=Lax

<!doctype html>`,
    }),
    good('Private, or a cookie of the edge', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Cache-Control: private, max-age=600
Set-Cookie: sid=abc; Secure; HttpOnly; SameSite=Lax

<!doctype html>`,
      'live/2-home.http': `
GET https://app.example/public HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Cache-Control: public, max-age=600
Set-Cookie: AWSALB=abc; Path=/

<!doctype html>`,
    }),
  ],
});
