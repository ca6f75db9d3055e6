import { bad, defineRule, good } from '../../src/rule/rule.ts';

const SESSION = /[?&;#](?:jsessionid|phpsessid|session_?id|sid|access_token|auth_token|id_token)=[^&;#\s"'<>]{8,}/i;

export default defineRule({
  id: 'auth/session-in-url',
  ensures: 'Sessions and tokens never stand in a URL.',
  severity: 'medium',
  roles: ['any'],
  cwe: 598,
  owasp: 'A07',
  why: `URLs are kept in histories, logs of every proxy, bookmarks and the Referer of the next site: whoever reads one is
logged in.`,
  fix: `Keep the session in an HttpOnly cookie. Hand tokens over in the body, or as a code that works once.`,
  references: ['https://owasp.org/www-community/vulnerabilities/Information_exposure_through_query_strings_in_url'],
  needs: ['responses'],
  *check({ responses }) {
    for (const answer of responses.sites.flatMap((site) => site.responses)) {
      const [location] = answer.headers('location');
      if (location && SESSION.test(location.value)) {
        yield {
          at: location.line,
          message: `${answer.url.origin}${answer.url.path} redirects to a URL with a session in it.`,
        };
      }
      const link = answer.elements.find(
        (element) => element.tag === 'a' && SESSION.test(element.attribute('href') ?? ''),
      );
      if (link) yield { at: link.at, message: `A link of ${answer.url.origin}${answer.url.path} has a session in it.` };
    }
  },
  examples: [
    bad('In a redirect', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 302 Found
«Location: /start?sid=0a1b2c3d4e5f»`,
    }),
    bad('In a link', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html>«<a href="/cart;jsessionid=0A1B2C3D4E5F">»Cart</a>`,
    }),
    good('A CSRF token in a form, and a word that only looks alike', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html><form><input name=_csrf value=0a1b2c3d4e5f></form><a href="/docs?side=left&token_type=bearer">Docs</a>`,
    }),
  ],
});
