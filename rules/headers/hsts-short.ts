import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Seconds; what helmet 7 sends, and the least that outlasts the usual time between two visits. */
const HALF_A_YEAR = 15_552_000;

export default defineRule({
  id: 'headers/hsts-short',
  ensures: 'Browsers remember for half a year or longer to use https only.',
  severity: 'low',
  control: 'headers/hsts',
  roles: ['any'],
  cwe: 319,
  owasp: 'A02',
  why: `When the time is up the next visit may start over plain http again. \`max-age=0\` switches the protection off in every
browser that had it.`,
  fix: `\`helmet({ strictTransportSecurity: { maxAge: 31536000 } })\`, or the same value at the edge.`,
  references: ['https://www.rfc-editor.org/rfc/rfc6797#section-6.1.1'],
  needs: ['secured'],
  *check({ secured }) {
    for (const { response } of secured) {
      const [header] = response.headers('strict-transport-security');
      const seconds = header && /(?:^|;)\s*max-age\s*=\s*"?(\d{1,15})"?\s*(?:;|$)/i.exec(header.value)?.[1];
      if (!header || seconds === undefined || Number(seconds) >= HALF_A_YEAR) continue;
      yield Number(seconds) === 0
        ? { at: header.line, message: 'max-age=0 switches HSTS off in every browser that had it.', severity: 'medium' }
        : { at: header.line, message: `Browsers forget HSTS after ${spanOf(Number(seconds))}.` };
    }
  },
  examples: [
    bad('Five minutes', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
«Strict-Transport-Security: max-age=300»`,
    }),
    bad('Zero', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
«Strict-Transport-Security: max-age=0; includeSubDomains»`,
    }),
    good('Half a year is what helmet 7 sends', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Strict-Transport-Security: max-age=15552000; includeSubDomains`,
    }),
    good('Of two lines browsers take the first', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Strict-Transport-Security: max-age=31536000
Strict-Transport-Security: max-age=60`,
    }),
  ],
});

function spanOf(seconds: number): string {
  if (seconds < 7200) return `${Math.round(seconds / 60)} minutes`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} hours` : `${Math.round(seconds / 86_400)} days`;
}
