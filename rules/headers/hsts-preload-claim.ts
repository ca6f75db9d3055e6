import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Seconds; what the preload list asks for. */
const A_YEAR = 31_536_000;

export default defineRule({
  id: 'headers/hsts-preload-claim',
  ensures: 'A wish to be preloaded is one that can be granted.',
  severity: 'low',
  control: 'headers/hsts-preload',
  roles: ['any'],
  owasp: 'A02',
  why: `The list takes only domains that cover a year and all subdomains. Anybody may submit a domain that says \`preload\`, and
getting off the list takes months.`,
  fix: `\`max-age=31536000; includeSubDomains; preload\` on the registrable domain, or leave \`preload\` out.`,
  references: ['https://hstspreload.org/#submission-requirements'],
  needs: ['secured'],
  *check({ secured }) {
    for (const { response, site } of secured) {
      const [header] = response.headers('strict-transport-security');
      const words =
        header?.value
          .toLowerCase()
          .split(';')
          .map((word) => word.trim()) ?? [];
      if (!header || !words.includes('preload')) continue;
      const seconds = Number(/max-age\s*=\s*"?(\d{1,15})/i.exec(header.value)?.[1] ?? 0);
      const lacks =
        seconds < A_YEAR
          ? 'max-age is less than a year'
          : !words.includes('includesubdomains')
            ? 'includeSubDomains is missing'
            : response.siteOf(site.host) !== site.host
              ? `${site.host} is no registrable domain`
              : undefined;
      if (lacks) yield { at: header.line, message: `preload cannot be granted: ${lacks}.` };
    }
  },
  examples: [
    bad('Too short', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
«Strict-Transport-Security: max-age=15768000; includeSubDomains; preload»`,
    }),
    bad('A subdomain', {
      'live/1-home.http': `
GET https://www.app.example/ HTTP/1.1

HTTP/1.1 200 OK
«Strict-Transport-Security: max-age=31536000; includeSubDomains; preload»`,
    }),
    good('All that is asked for, or no wish at all', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Strict-Transport-Security: max-age=63072000; includeSubDomains; preload`,
      'live/2-home.http': `
GET https://other.example/ HTTP/1.1

HTTP/1.1 200 OK
Strict-Transport-Security: max-age=300`,
    }),
  ],
});
