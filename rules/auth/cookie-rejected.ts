import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'auth/cookie-rejected',
  ensures: 'Browsers keep every cookie that is set.',
  severity: 'medium',
  control: 'auth/cookie-flags',
  roles: ['any'],
  cwe: 614,
  owasp: 'A07',
  why: `Browsers drop a cookie that breaks the promise of its own name, belongs to somebody else's domain or is too large,
and say so in the console alone: logging in works for nobody, or the next one set by an attacker wins.`,
  fix: `\`__Host-\` needs \`Secure\`, \`Path=/\` and no \`Domain\`; \`__Secure-\` and \`Partitioned\` need \`Secure\`; a \`Domain\` must be
the host or a parent of it that is no public suffix.`,
  references: ['https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-4.1.3'],
  needs: ['cookies'],
  *check({ cookies }) {
    for (const { name, line, attribute, attributeAt, site, response, size, use } of cookies) {
      const domain = attribute('domain')?.replace(/^\./, '').toLowerCase();
      const isSecure = attribute('secure') !== undefined;
      // browsers compare the prefix without regard to case
      const prefix = /^__(?:host|secure)-/i.exec(name)?.[0].toLowerCase();
      if (prefix === '__host-' && (!isSecure || attribute('path') !== '/' || domain)) {
        const lacks = !isSecure ? 'lacks Secure' : domain ? 'names a Domain' : 'lacks Path=/';
        yield { at: line, message: `Browsers drop the cookie ${name}: it ${lacks}.` };
      } else if (prefix === '__secure-' && !isSecure) {
        yield { at: line, message: `Browsers drop the cookie ${name}: it lacks Secure.` };
      } else if (attribute('partitioned') !== undefined && !isSecure) {
        yield {
          at: attributeAt('partitioned'),
          message: `Browsers drop the cookie ${name}: Partitioned needs Secure.`,
        };
      }
      const isOwn =
        !domain || site.host === domain || (site.host.endsWith(`.${domain}`) && !response.isPublicSuffix(domain));
      if (!isOwn && use !== 'edge') {
        yield {
          at: attributeAt('domain'),
          message: `Browsers drop the cookie ${name}: ${site.host} cannot set it for ${domain}.`,
          severity: 'low',
        };
      }
      if (size > 4096) {
        yield { at: line, message: `Browsers drop the cookie ${name}: it has ${size} bytes.`, severity: 'low' };
      }
    }
  },
  examples: [
    bad('Promises not kept', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
«Set-Cookie: __Host-sid=abc; Secure; Path=/app; HttpOnly»
«Set-Cookie: __secure-a=1; Path=/»
Set-Cookie: b=1; «Partitioned»

<!doctype html>`,
    }),
    bad("Somebody else's domain, and everybody's", {
      'live/1-home.http': `
GET https://shop.app.co.uk/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Set-Cookie: a=1; Secure; «Domain=other.example»
Set-Cookie: b=1; Secure; «Domain=co.uk»
«Set-Cookie: c=…(5000 characters, opaque); Secure»

<!doctype html>`,
    }),
    good('Promises kept', {
      'live/1-home.http': `
GET https://shop.app.co.uk/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Set-Cookie: __Host-sid=abc; path=/; secure; HttpOnly; SameSite=Lax
Set-Cookie: __Secure-a=1; Secure; Domain=app.co.uk
Set-Cookie: b=1; Domain=.app.co.uk; Partitioned; Secure

<!doctype html>`,
    }),
  ],
});
