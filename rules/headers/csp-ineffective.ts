import { bad, defineRule, good } from '../../src/rule/rule.ts';

const HEADER_ONLY = new Set(['frame-ancestors', 'report-uri', 'sandbox']);

export default defineRule({
  id: 'headers/csp-ineffective',
  ensures: 'Policies in the page stand where browsers obey them.',
  severity: 'low',
  control: 'headers/csp',
  roles: ['any'],
  cwe: 693,
  owasp: 'A02',
  why: `Browsers ignore a policy outside \`<head>\`, apply it only to what follows it, and ignore some directives in a
\`<meta>\` element altogether: it looks protected and is not.`,
  fix: `Send the policy as a header: \`app.use(helmet())\`, or \`add_header\` at the edge.`,
  references: ['https://html.spec.whatwg.org/multipage/semantics.html#attr-meta-http-equiv-content-security-policy'],
  needs: ['pages'],
  *check({ pages }) {
    for (const { csp, url } of pages) {
      const inHeader = csp.enforced.filter(({ from }) => from === 'header');
      for (const policy of csp.all) {
        if (policy.from !== 'meta') continue;
        if (policy.ignored !== undefined) {
          if (inHeader.length > 0) continue;
          yield {
            at: policy.at,
            message: `The policy in ${url.href} does nothing: it is ${policy.ignored}.`,
            ...(csp.enforced.length === 0 && { severity: 'medium' as const }),
          };
          continue;
        }
        const lost = policy.directives.find(
          ({ name }) => HEADER_ONLY.has(name) && !inHeader.some((header) => header.directive(name)),
        );
        if (!lost) continue;
        yield {
          at: policy.at,
          message: `Browsers ignore ${lost.name} in a meta element, as in ${url.href}.`,
          ...(csp.enforced.length === 0 && { severity: 'medium' as const }),
        };
      }
    }
  },
  examples: [
    bad('In the body', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html><body><p>Hello</p>«<meta http-equiv="Content-Security-Policy" content="default-src 'self'">»`,
    }),
    bad('After the first script', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html><head><script src=/a.js></script>«<meta http-equiv="content-security-policy" content="script-src 'self'">»</head>`,
    }),
    bad('A directive that counts in a header alone', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<!doctype html><head>«<meta http-equiv="Content-Security-Policy" content="default-src 'self'; frame-ancestors 'none'">»</head>`,
    }),
    good('A header does what the element cannot', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html
Content-Security-Policy: frame-ancestors 'none'

<!doctype html><head><meta http-equiv="Content-Security-Policy" content="default-src 'self'; frame-ancestors 'none'"></head>`,
    }),
    good('In the head, before everything else', {
      'live/1-home.http': `
GET https://app.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: text/html

<html><head><title>Shop</title><noscript><img src=/p.gif></noscript><meta http-equiv="Content-Security-Policy" content="default-src 'self'"><script src=/a.js></script></head>`,
    }),
  ],
});
