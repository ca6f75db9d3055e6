import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** What a frame of somebody else could do to the visitor. */
const POWERFUL = new Set(
  `bluetooth camera clipboard-read display-capture geolocation hid idle-detection local-fonts microphone midi payment
  publickey-credentials-get screen-wake-lock serial storage-access usb window-management`.split(/\s+/),
);

export default defineRule({
  id: 'headers/permissions-open-live',
  ensures: 'No page lets every site in its frames use camera, microphone and the like.',
  severity: 'low',
  roles: ['any'],
  cwe: 693,
  owasp: 'A02',
  why: `Without the header a frame of another site has none of these. With \`*\` every advertisement and every widget in the page
asks for them in the name of your site.`,
  fix: `Name who needs it, \`camera=(self "https://meet.example")\`, or nobody, \`camera=()\`.`,
  references: ['https://www.w3.org/TR/permissions-policy/'],
  needs: ['pages'],
  *check({ pages }) {
    for (const page of pages) {
      const [header] = page.headers('permissions-policy');
      const members = page.structured('permissions-policy')?.members ?? [];
      const open = members.filter(
        ({ name, values }) => POWERFUL.has(name) && values.some(({ text, isToken }) => isToken && text === '*'),
      );
      if (!header || open.length === 0) continue;
      yield {
        at: header.line,
        message: `Every site may use ${open.map(({ name }) => name).join(', ')} in ${page.url.href}.`,
      };
    }
  },
  examples: [
    bad('Camera for all', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
«Permissions-Policy: camera=*, microphone=(self), geolocation=(*)»

<!doctype html>`,
    }),
    good('Nobody, oneself, a partner, and what harms nobody', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Permissions-Policy: camera=(), microphone=(self "https://meet.example"), fullscreen=*, autoplay=*

<!doctype html>`,
    }),
    good('An API has no frames', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json
Permissions-Policy: camera=*

{}`,
    }),
  ],
});
