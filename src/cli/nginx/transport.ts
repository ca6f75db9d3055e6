import { and, GOOD, HOST, SAID } from './deployment.ts';
import type { Deployment } from './deployment.ts';

/** The road to the service: certificates, versions of TLS, redirects, HSTS. */
export const TRANSPORT: readonly Deployment[] = [
  { title: 'as it should be', block: GOOD, finds: [] },
  { title: 'as it should be, and looked at closely', block: GOOD, active: true, finds: [] },
  {
    title: 'as it should be, with everything else that is good',
    block: [
      ...GOOD,
      'add_header Referrer-Policy no-referrer always;',
      'add_header X-Frame-Options DENY always;',
      'add_header Cross-Origin-Opener-Policy same-origin always;',
      'add_header Cross-Origin-Resource-Policy same-origin always;',
      'add_header Permissions-Policy "camera=(), geolocation=(self)" always;',
      'add_header Set-Cookie "__Host-sid=3f9ab6c1; Path=/; Secure; HttpOnly; SameSite=Lax";',
      'add_header Cache-Control "private, no-store";',
    ],
    finds: [],
  },
  { title: 'no HSTS', block: GOOD.slice(1), finds: ['headers/hsts-missing'] },
  {
    title: 'HSTS for five minutes',
    block: ['add_header Strict-Transport-Security "max-age=300";', ...GOOD.slice(1)],
    finds: ['headers/hsts-short'],
  },
  {
    title: 'HSTS switched off',
    block: ['add_header Strict-Transport-Security "max-age=0";', ...GOOD.slice(1)],
    finds: ['headers/hsts-short'],
  },
  {
    title: 'HSTS misspelt',
    block: ['add_header Strict-Transport-Security "maxage=31536000";', ...GOOD.slice(1)],
    finds: ['headers/hsts-invalid'],
  },
  {
    title: 'HSTS separated by a comma',
    block: ['add_header Strict-Transport-Security "max-age=31536000, includeSubDomains";', ...GOOD.slice(1)],
    finds: ['headers/hsts-invalid'],
  },
  {
    title: 'HSTS that asks to be preloaded and cannot be',
    block: ['add_header Strict-Transport-Security "max-age=31536000; preload";', ...GOOD.slice(1)],
    finds: ['headers/hsts-preload-claim'],
  },
  {
    title: 'HSTS of two layers',
    block: and('add_header Strict-Transport-Security "max-age=600";'),
    finds: ['headers/header-conflict-live'],
  },
  {
    title: 'TLS 1.0 as well',
    block: [...GOOD, 'ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;', 'ssl_ciphers DEFAULT@SECLEVEL=0;'],
    finds: ['transport/tls-legacy'],
  },
  {
    title: 'TLS 1.1 as well',
    block: [...GOOD, 'ssl_protocols TLSv1.1 TLSv1.2 TLSv1.3;', 'ssl_ciphers DEFAULT@SECLEVEL=0;'],
    finds: ['transport/tls-legacy'],
  },
  {
    title: 'no forward secrecy',
    block: [...GOOD, 'ssl_protocols TLSv1.2;', 'ssl_ciphers AES128-SHA256;'],
    finds: ['transport/tls-weak'],
  },
  {
    title: 'a certificate that has expired',
    block: GOOD,
    certificate: 'expired',
    finds: ['transport/certificate-invalid'],
  },
  {
    title: 'a certificate of the future',
    block: GOOD,
    certificate: 'not yet',
    finds: ['transport/certificate-invalid'],
  },
  {
    title: 'a certificate that ends in days',
    block: GOOD,
    certificate: 'soon',
    finds: ['transport/certificate-expiring'],
  },
  {
    title: 'a certificate for another name',
    block: GOOD,
    certificate: 'other name',
    finds: ['transport/certificate-invalid'],
  },
  {
    title: 'a certificate nobody vouches for',
    block: GOOD,
    certificate: 'self-signed',
    finds: ['transport/certificate-invalid'],
  },
  {
    title: 'a leaf without its chain',
    block: GOOD,
    certificate: 'leaf alone',
    finds: ['transport/certificate-chain-incomplete'],
  },
  {
    title: 'a key of 1024 bits',
    block: [...GOOD, 'ssl_ciphers DEFAULT@SECLEVEL=0;'],
    certificate: 'short key',
    finds: ['transport/tls-weak'],
  },
  {
    title: 'back to http',
    block: [...GOOD, `location = / { return 302 http://${HOST}/plain; }`],
    finds: ['transport/redirect-downgrade'],
  },
  { title: 'a circle', block: [...GOOD, 'location = / { return 301 /; }'], finds: ['transport/redirect-broken'] },
  {
    title: 'an address of the inside',
    block: [...GOOD, 'location = / { return 302 https://10.1.2.3/; }'],
    finds: ['transport/redirect-internal-name'],
  },
  {
    title: 'a port of the inside',
    block: [...GOOD, `location = / { return 302 https://${HOST}:8443/; }`],
    finds: ['transport/redirect-internal-name'],
  },
  {
    title: 'HSTS with a colon',
    block: ['add_header Strict-Transport-Security "max-age: 31536000" always;', ...GOOD.slice(1)],
    finds: ['headers/hsts-invalid'],
  },
  {
    title: 'HSTS on success alone, and a front page nobody may see',
    block: [
      'add_header Strict-Transport-Security "max-age=31536000";',
      ...GOOD.slice(1),
      'location = / { return 403; }',
    ],
    finds: ['headers/hsts-missing'],
  },
  {
    title: 'a certificate for another level of names',
    block: GOOD,
    certificate: 'other level',
    finds: ['transport/certificate-invalid'],
  },
  {
    title: 'a redirect to a placeholder',
    block: [...GOOD, 'location = / { return 301 https://_$request_uri; }'],
    finds: ['transport/redirect-internal-name'],
  },
  {
    title: 'twelve redirects',
    block: [
      ...GOOD,
      ...Array.from({ length: 12 }, (_, hop) => `location = /${hop} { return 302 /${hop + 1}; }`),
      'location = / { return 302 /0; }',
      `location = /12 { ${SAID} }`,
    ],
    finds: ['transport/redirect-broken'],
  },
  {
    title: 'a reload from the inside',
    block: and('add_header Refresh "0; url=https://10.0.0.9:8080/" always;'),
    finds: ['transport/redirect-internal-name'],
  },
  {
    title: 'a faster way through the inside',
    block: and(`add_header Alt-Svc 'h2="10.0.0.5:443"; ma=60' always;`),
    finds: ['transport/redirect-internal-name'],
  },
  {
    title: 'a style sheet of the inside',
    block: and('add_header Link "<http://backend:3000/app.css>; rel=preload; as=style" always;'),
    finds: ['transport/redirect-internal-name'],
  },
];
