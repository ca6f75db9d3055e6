import { and, GOOD, HOST, page, SAID } from './deployment.ts';
import type { Deployment } from './deployment.ts';

/** Cookies, and what an answer gives away. */
export const ANSWERS: readonly Deployment[] = [
  {
    title: 'a session in the clear',
    block: and('add_header Set-Cookie "sid=3f9ab6c1; HttpOnly; SameSite=Lax";'),
    finds: ['auth/cookie-not-secure-live'],
  },
  {
    title: 'a session that scripts read',
    block: and('add_header Set-Cookie "sid=3f9ab6c1; Secure; SameSite=Lax";'),
    finds: ['auth/cookie-readable-by-scripts-live'],
  },
  {
    title: 'a cookie browsers drop',
    block: and('add_header Set-Cookie "__Host-sid=3f9ab6c1; Path=/shop; Secure; HttpOnly; SameSite=Lax";'),
    finds: ['auth/cookie-rejected'],
  },
  {
    title: 'SameSite=None in the clear',
    block: and('add_header Set-Cookie "theme=dark; SameSite=None";'),
    finds: ['auth/cookie-not-secure-live', 'auth/cookie-same-site-broken-live'],
  },
  {
    title: 'a session that is cached for all',
    block: [
      ...GOOD,
      'add_header Set-Cookie "sid=3f9ab6c1; Secure; HttpOnly; SameSite=Lax";',
      'add_header Cache-Control "public, max-age=600";',
    ],
    finds: ['auth/cookie-cached'],
  },
  { title: 'the version told', block: [...GOOD, 'server_tokens on;'], finds: ['exposure/server-version-live'] },
  { title: 'the framework told', block: and('add_header X-Powered-By Express;'), finds: ['headers/powered-by-live'] },
  {
    title: 'the machine behind told',
    block: and('add_header X-Backend-Server 10.0.3.7:3000;'),
    finds: ['exposure/internal-headers-live'],
  },
  {
    title: 'the queries told',
    block: and(`add_header Server-Timing 'db;desc="SELECT * FROM users";dur=3';`),
    finds: ['exposure/debug-headers-live'],
  },
  {
    title: 'a trace where something failed',
    block: [
      ...GOOD,
      'error_page 404 /oops;',
      'location = /oops { internal; default_type text/plain; return 500 "Error: x\n    at load (/srv/shop/lib/db.js:12:9)"; }',
    ],
    finds: ['exposure/stack-trace-live'],
  },
  {
    title: 'the environment served',
    block: [...GOOD, `location = /.env { root FOLDER; }`],
    active: true,
    finds: ['exposure/files-served-live'],
  },
  {
    title: 'the repository served',
    block: [...GOOD, `location /.git/ { root FOLDER; }`],
    active: true,
    finds: ['exposure/files-served-live'],
  },
  {
    title: 'folders listed',
    block: [...GOOD, `location /static/ { root FOLDER; autoindex on; }`],
    active: true,
    finds: ['exposure/debug-ui-live'],
  },
  {
    title: 'its own status shown',
    block: [...GOOD, 'location = /nginx_status { stub_status; }'],
    active: true,
    finds: ['exposure/debug-ui-live'],
  },
  {
    title: 'the name the caller gives',
    block: [
      ...GOOD,
      `location = / { if ($http_x_forwarded_host) { return 302 https://$http_x_forwarded_host/; } default_type text/html; ${SAID} }`,
    ],
    active: true,
    finds: ['exposure/host-header-reflected-live'],
  },
  {
    title: 'a cookie for every site',
    block: and('add_header Set-Cookie "sid=3f9ab6c1; Domain=example; Secure; HttpOnly; SameSite=Lax";'),
    finds: ['auth/cookie-rejected'],
  },
  {
    title: 'a session for every service of the domain',
    block: and('add_header Set-Cookie "sid=3f9ab6c1; Domain=.seaworthy-test.example; Secure; HttpOnly; SameSite=Lax";'),
    finds: ['auth/cookie-scope-wide'],
  },
  {
    title: 'SameSite misspelt',
    block: and('add_header Set-Cookie "sid=3f9ab6c1; Secure; HttpOnly; SameSite=Yes";'),
    finds: ['auth/cookie-same-site-broken-live'],
  },
  {
    title: 'a token in a redirect',
    block: [...GOOD, 'location = / { return 302 /home?access_token=2YotnFZFEjr1zCsicMWpAA; }'],
    finds: ['auth/session-in-url'],
  },
  {
    title: 'a proxy on the way that says what it is',
    block: and('add_header Via "1.1 proxy (squid/3.5.20)" always;'),
    finds: ['exposure/server-version-live'],
  },
  {
    title: 'the pod told',
    block: and('add_header X-Served-By shop-api-7c9d8f6b5-x2x4z always;'),
    finds: ['exposure/internal-headers-live'],
  },
  {
    title: 'a way to the profiler',
    block: and(`add_header X-Debug-Token-Link "https://${HOST}/_profiler/abc" always;`),
    finds: ['exposure/debug-headers-live'],
  },
  {
    title: 'the development server built in',
    block: [
      ...GOOD,
      page(`return 200 '<!doctype html><title>Shop</title><script type="module" src="/@vite/client"></script>';`),
    ],
    finds: ['exposure/dev-server-live'],
  },
  {
    title: 'a pause of unknown length',
    block: [...GOOD, 'location = / { return 503; }'],
    finds: ['limits/retry-after-missing-live'],
  },
  {
    title: 'a contact that is out of date',
    block: [
      ...GOOD,
      'location = /.well-known/security.txt { default_type text/plain; return 200 "Contact: mailto:s@shop.example\nExpires: 2020-01-01T00:00:00Z\n"; }',
    ],
    finds: ['exposure/security-txt-invalid-live'],
  },
  {
    title: 'metrics for all, of an old Node.js',
    block: [
      ...GOOD,
      `location = /metrics { default_type text/plain; return 200 '# HELP nodejs_version_info x\n# TYPE nodejs_version_info gauge\nnodejs_version_info{version="v16.20.2"} 1\n'; }`,
    ],
    active: true,
    finds: ['dependencies/node-ended-live', 'exposure/debug-ui-live'],
  },
  {
    title: 'the inspector passed on',
    block: [
      ...GOOD,
      `location = /json/list { default_type application/json; return 200 '[{"type":"node","webSocketDebuggerUrl":"ws://127.0.0.1:9229/0f2c936f"}]'; }`,
    ],
    active: true,
    finds: ['exposure/debug-ui-live'],
  },
  {
    title: 'the program itself served',
    block: [
      ...GOOD,
      `location = /server.js { default_type text/javascript; return 200 "const express = require('express');\nexpress().listen(3000);\n"; }`,
    ],
    active: true,
    finds: ['exposure/files-served-live'],
  },
];
