import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'exposure/security-txt-invalid-live',
  ensures: 'Who finds a hole learns from security.txt whom to tell.',
  severity: 'low',
  roles: ['any'],
  cwe: 1059,
  owasp: 'A02',
  why: `Whoever found a hole and cannot tell you tells others. A file without a contact, or one that has expired, is one that
researchers are told not to use (RFC 9116).`,
  fix: `Serve \`/.well-known/security.txt\` with \`Contact: mailto:…\` and an \`Expires:\` that a job of yours moves on.`,
  references: ['https://www.rfc-editor.org/rfc/rfc9116'],
  needs: ['responses'],
  *check({ responses }) {
    for (const { responses: answers, today } of responses.sites) {
      const file = answers.find(
        ({ step, status, body }) => step === 'security-txt' && status === 200 && body.securityTxt,
      );
      const fields = file?.body.securityTxt;
      if (!file || !fields) continue;
      const until = fields.expires === undefined ? Number.NaN : Date.parse(fields.expires);
      const fault =
        fields.contacts === 0
          ? 'names no contact'
          : fields.expires === undefined
            ? 'does not say when it expires'
            : Number.isNaN(until)
              ? 'expires on a day that is none'
              : until < today.getTime()
                ? 'has expired'
                : undefined;
      if (fault !== undefined) yield { at: file.line, message: `${file.url.href} ${fault}.` };
    }
  },
  examples: [
    bad('Expired', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8

<!doctype html><title>Shop</title>`,
      'live/2-security-txt.http': `
GET https://app.example/.well-known/security.txt HTTP/1.1

«HTTP/1.1 200 OK»
Content-Type: text/plain

Contact: mailto:security@app.example
Expires: 2021-01-01T00:00:00Z`,
    }),
    bad('Nobody to tell', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8

<!doctype html><title>Shop</title>`,
      'live/2-security-txt.http': `
GET https://app.example/.well-known/security.txt HTTP/1.1

«HTTP/1.1 200 OK»
Content-Type: text/plain

Expires: 2098-01-01T00:00:00Z`,
    }),
    good('As it should be', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8

<!doctype html><title>Shop</title>`,
      'live/2-security-txt.http': `
GET https://app.example/.well-known/security.txt HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/plain

# ours
contact: mailto:security@app.example
expires: 2098-01-01T00:00:00Z`,
    }),
    good('The page that is served for everything is none', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8

<!doctype html><title>Shop</title>`,
      'live/2-security-txt.http': `
GET https://app.example/.well-known/security.txt HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html><pre>
Contact: us
</pre>`,
    }),
  ],
});
