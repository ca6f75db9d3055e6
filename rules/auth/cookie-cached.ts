import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** True where caches that many people share may keep the response (RFC 9111 §3). */
const isShared = (control: string): boolean =>
  !/\b(?:private|no-store)\b|\bno-cache\b/i.test(control) &&
  /\bpublic\b|\bs-maxage\s*=\s*"?[1-9]|\bmax-age\s*=\s*"?[1-9]/i.test(control);

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
    for (const { use, name, response } of cookies) {
      if (use === 'edge' || seen.has(response)) continue;
      const [control] = response.headers('cache-control');
      const isStored =
        Number(response.headers('age')[0]?.value ?? 0) > 0 ||
        response.allHeaders.some(
          (header) => /(?:^|-)cache(?:-status)?$/i.test(header.name) && /\bhit\b/i.test(header.value),
        );
      // the cache in front may have been told to mind no header; a cookie of the edge's own is no session
      const isHandedOut = isStored && use === 'session';
      if (!isHandedOut && !isShared(control?.value ?? '')) continue;
      seen.add(response);
      yield {
        at: control?.line ?? response.line,
        message: isHandedOut
          ? `A shared cache hands out ${response.url.href} together with the cookie ${name}.`
          : `Shared caches may keep ${response.url.href} together with the cookie ${name}.`,
        ...(isStored && { severity: 'high' as const }),
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
