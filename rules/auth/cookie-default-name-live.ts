import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** What session packages call their cookie unless told otherwise. */
const DEFAULTS: ReadonlyMap<string, string> = new Map([
  ['connect.sid', 'express-session'],
  ['koa.sess', 'koa-session'],
  ['koa.sid', 'koa-generic-session'],
]);

export default defineRule({
  id: 'auth/cookie-default-name-live',
  ensures: 'The session cookie has a name of the application.',
  severity: 'info',
  roles: ['any'],
  cwe: 200,
  owasp: 'A02',
  why: `The name tells which package keeps the sessions, two applications on one host overwrite each other's, and without the
\`__Host-\` prefix a neighbouring subdomain can plant one.`,
  fix: `Give it a name that browsers guard: \`session({ name: '__Host-sid', cookie: { secure: true, path: '/' }, … })\`.`,
  references: [
    'https://expressjs.com/en/advanced/best-practice-security.html#dont-use-the-default-session-cookie-name',
  ],
  needs: ['cookies'],
  *check({ cookies }) {
    const seen = new Set<string>();
    for (const { name, nameAt, site } of cookies) {
      const base = name.replace(/\.sig$/, '');
      const owner = DEFAULTS.get(base);
      if (owner === undefined || seen.has(`${site.host} ${base}`)) continue;
      seen.add(`${site.host} ${base}`);
      yield { at: nameAt, message: `${site.host} keeps sessions in ${base}, the name ${owner} comes with.` };
    }
  },
  examples: [
    bad('The default of Express, and of Koa with its signature', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Set-Cookie: «connect.sid»=s%3Aabc; Path=/; Secure; HttpOnly; SameSite=Lax

<!doctype html>`,
      'live/2-home.http': `
GET https://koa.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Set-Cookie: «koa.sess»=abc; path=/; secure; httponly
Set-Cookie: koa.sess.sig=def; path=/; secure; httponly

<!doctype html>`,
    }),
    good('A name of its own', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Set-Cookie: __Host-sid=s%3Aabc; Path=/; Secure; HttpOnly; SameSite=Lax
Set-Cookie: theme=connect.sid; Path=/; Secure

<!doctype html>`,
    }),
  ],
});
