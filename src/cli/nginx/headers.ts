import { and, csp, CSP, GOOD, HOST, HSTS, NOSNIFF, page, SAID } from './deployment.ts';
import type { Deployment } from './deployment.ts';

/** What tells browsers how to treat a page. */
export const HEADERS: readonly Deployment[] = [
  {
    title: 'headers lost, because a location adds its own',
    block: [...GOOD, `location = / { add_header X-Own 1; default_type text/html; ${SAID} }`],
    finds: [
      'headers/csp-missing-live',
      'headers/framing-allowed-live',
      'headers/hsts-missing',
      'headers/nosniff-missing-live',
    ],
  },
  {
    title: 'headers on success alone, because always is missing',
    block: GOOD.map((line) => line.replace(' always', '')),
    finds: ['headers/error-page-bare-live'],
  },
  {
    title: 'no policy',
    block: [HSTS, NOSNIFF, 'add_header X-Frame-Options DENY always;'],
    finds: ['headers/csp-missing-live'],
  },
  {
    title: 'a policy that allows inline scripts',
    block: csp("default-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
    finds: ['headers/csp-unsafe-live'],
  },
  {
    title: 'a policy that allows every host',
    block: csp("default-src 'self'; script-src https:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
    finds: ['headers/csp-unsafe-live'],
  },
  {
    title: 'a policy without its semicolons',
    block: csp("default-src 'self' script-src 'none'; object-src 'none'; frame-ancestors 'none'"),
    finds: ['headers/csp-syntax'],
  },
  {
    title: 'a policy about everything but scripts',
    block: csp("frame-ancestors 'none'; upgrade-insecure-requests"),
    finds: ['headers/csp-no-script-control'],
  },
  {
    title: 'a policy that only reports',
    block: [HSTS, NOSNIFF, 'add_header X-Frame-Options DENY always;', CSP.replace('Policy', 'Policy-Report-Only')],
    finds: ['headers/csp-report-only'],
  },
  {
    title: 'frames for all',
    block: csp("default-src 'self'; object-src 'none'; base-uri 'none'"),
    finds: ['headers/framing-allowed-live'],
  },
  {
    title: 'frames for all, and a word no browser obeys',
    block: [
      ...csp("default-src 'self'; object-src 'none'; base-uri 'none'"),
      'add_header X-Frame-Options "ALLOW-FROM https://a.example" always;',
    ],
    finds: ['headers/framing-allowed-live'],
  },
  {
    title: 'a wildcard that overrules the old header',
    block: [
      ...csp("default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors *"),
      'add_header X-Frame-Options DENY always;',
    ],
    finds: ['headers/framing-allowed-live'],
  },
  { title: 'no nosniff', block: [HSTS, CSP], finds: ['headers/nosniff-missing-live'] },
  {
    title: 'nosniff misspelt',
    block: [HSTS, CSP, 'add_header X-Content-Type-Options "no-sniff" always;'],
    finds: ['headers/nosniff-missing-live'],
  },
  {
    title: 'the full address for everybody',
    block: and('add_header Referrer-Policy unsafe-url always;'),
    finds: ['headers/referrer-policy-unsafe-live'],
  },
  {
    title: 'a filter of old browsers',
    block: and('add_header X-XSS-Protection "1; mode=block" always;'),
    finds: ['headers/xss-protection-on-live'],
  },
  {
    title: 'an isolation no browser knows',
    block: and('add_header Cross-Origin-Resource-Policy SAME-ORIGIN always;'),
    finds: ['headers/policy-syntax-live'],
  },
  {
    title: 'permissions in the words of the past',
    block: and(`add_header Permissions-Policy "camera 'none'; microphone 'none'" always;`),
    finds: ['headers/policy-syntax-live'],
  },
  {
    title: 'permissions for everybody',
    block: and('add_header Permissions-Policy "camera=*" always;'),
    finds: ['headers/permissions-open-live'],
  },
  {
    title: 'everything cleared on every view',
    block: and(`add_header Clear-Site-Data '"cookies", "storage"';`),
    finds: ['headers/clear-site-data-everywhere'],
  },
  {
    title: 'any origin repeated, with credentials',
    block: [
      ...GOOD,
      'add_header Access-Control-Allow-Origin $http_origin always;',
      'add_header Access-Control-Allow-Credentials true always;',
    ],
    finds: ['headers/cors-reflected-live'],
  },
  {
    title: 'every origin, and credentials',
    block: [...GOOD, 'add_header Access-Control-Allow-Origin *;', 'add_header Access-Control-Allow-Credentials true;'],
    finds: ['headers/cors-broken-live'],
  },
  {
    title: 'a list of origins',
    block: and('add_header Access-Control-Allow-Origin "https://a.example, https://b.example";'),
    finds: ['headers/cors-broken-live'],
  },
  {
    title: 'a script over plain http',
    block: [
      ...GOOD,
      page('return 200 "<!doctype html><title>Shop</title><script src=http://cdn.example.net/a.js></script>";'),
    ],
    finds: ['headers/integrity-missing-live', 'headers/mixed-content'],
  },
  {
    title: 'JSON called HTML',
    block: [...GOOD, `location = / { default_type text/html; return 200 '{"user":"<b>"}'; }`],
    finds: ['headers/json-as-html'],
  },
  {
    title: 'a policy in typographic quotes',
    block: csp("default-src ‘self’; frame-ancestors 'none'; object-src 'none'; base-uri 'none'"),
    finds: ['headers/csp-no-script-control', 'headers/csp-syntax'],
  },
  {
    title: 'a policy without quotes',
    block: csp("default-src self; frame-ancestors none; object-src 'none'; base-uri 'none'"),
    finds: ['headers/csp-syntax'],
  },
  {
    title: 'a policy whose name ends in a colon',
    block: [HSTS, NOSNIFF, CSP.replace('Policy ', 'Policy: ')],
    finds: ['headers/csp-no-script-control', 'headers/csp-syntax'],
  },
  {
    title: 'frames for every https host',
    block: csp("default-src 'self'; frame-ancestors 'self' https://*; object-src 'none'; base-uri 'none'"),
    finds: ['headers/framing-allowed-live'],
  },
  {
    title: 'a nonce in the configuration',
    block: csp("script-src 'nonce-4AEemGb0xJptoIGFP3Nd'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
    finds: ['headers/csp-nonce-static'],
  },
  {
    title: 'a nonce of the request',
    block: csp("script-src 'nonce-$request_id'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
    finds: [],
  },
  {
    title: 'nosniff with a semicolon',
    block: [HSTS, CSP, 'add_header X-Content-Type-Options "nosniff;" always;'],
    finds: ['headers/nosniff-missing-live'],
  },
  {
    title: 'a list of referrer policies whose last word is unsafe',
    block: and('add_header Referrer-Policy "no-referrer, unsafe-url" always;'),
    finds: ['headers/referrer-policy-unsafe-live'],
  },
  {
    title: 'an origin with a slash',
    block: and('add_header Access-Control-Allow-Origin "https://a.example/" always;'),
    finds: ['headers/cors-broken-live'],
  },
  {
    title: 'a pattern of origins without an end',
    block: [
      ...GOOD,
      'set $origin ""; if ($http_origin ~* "seaworthy-test\\.example") { set $origin $http_origin; }',
      'add_header Access-Control-Allow-Origin $origin always;',
      'add_header Access-Control-Allow-Credentials true always;',
      'add_header Vary Origin always;',
    ],
    active: true,
    finds: ['headers/cors-reflected-live'],
  },
  {
    title: 'the origin of a sandbox let in',
    block: [
      ...GOOD,
      'set $origin ""; if ($http_origin = "null") { set $origin null; }',
      'add_header Access-Control-Allow-Origin $origin always;',
      'add_header Access-Control-Allow-Credentials true always;',
    ],
    active: true,
    finds: ['headers/cors-reflected-live'],
  },
  {
    title: 'a form to plain http',
    block: [
      ...GOOD,
      page(`return 200 '<!doctype html><title>Shop</title><form action="http://${HOST}/login" method="post"></form>';`),
    ],
    finds: ['headers/mixed-content'],
  },
];
