import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/proxy-headers-dropped',
  ensures: 'A location that adds headers keeps those of its server.',
  severity: 'medium',
  roles: ['any'],
  cwe: 693,
  owasp: 'A02',
  why: 'nginx inherits `add_header` only where a block has none of its own. One header added in a location takes away every security header the server sets, in silence.',
  fix: 'Repeat them in the location, put all of them into a file both include, or set `add_header_inherit merge` (nginx 1.29.3).',
  references: ['https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header'],
  needs: ['proxies'],
  *check({ proxies }) {
    for (const { own, around, locations } of proxies.servers) {
      const outer = headersIn(own).length > 0 ? headersIn(own) : headersIn(around);
      const wanted = outer.filter(({ header }) => SECURITY.test(header));
      if (wanted.length === 0 || [...own, ...around].some(({ name }) => name === 'add_header_inherit')) continue;
      for (const { own: inner, includesUnknown } of locations) {
        const added = headersIn(inner);
        const [first] = added;
        if (
          !first ||
          includesUnknown ||
          inner.some(({ name }) => name === 'add_header_inherit' || name === 'deny' || name === 'internal')
        )
          continue;
        const lost = wanted.filter(({ header }) => !added.some((other) => other.header === header));
        if (lost.length === 0) continue;
        yield {
          at: first.at,
          message: `Adding ${first.name} takes away ${lost.map(({ name }) => name).join(', ')} in this location.`,
          trail: lost.slice(0, 3).map(({ at, name }) => ({ at, note: `${name} is set here.` })),
        };
      }
    }
  },
  examples: [
    bad('A header for caches', {
      'nginx/default.conf':
        'server {\n  add_header Content-Security-Policy "default-src self" always;\n  add_header X-Content-Type-Options nosniff always;\n  location /assets/ {\n    «add_header Cache-Control "public, max-age=31536000";»\n    proxy_pass http://api;\n  }\n}\n',
    }),
    bad('Those of http', {
      'nginx.conf':
        'http {\n  add_header Strict-Transport-Security "max-age=31536000" always;\n  server {\n    location / { «add_header X-Served-By edge;» proxy_pass http://api; }\n  }\n}\n',
    }),
    good('Repeated', {
      'nginx/default.conf':
        'server {\n  add_header X-Content-Type-Options nosniff always;\n  location / {\n    add_header X-Content-Type-Options nosniff always;\n    add_header Cache-Control no-store;\n    proxy_pass http://api;\n  }\n}\n',
    }),
    good('None added, or none to lose', {
      'nginx/default.conf':
        'server {\n  add_header X-Frame-Options DENY always;\n  location / { proxy_pass http://api; }\n}\nserver {\n  add_header X-Served-By edge;\n  location / { add_header Cache-Control no-store; proxy_pass http://api; }\n}\n',
    }),
    good('From a file that is not here', {
      'nginx/default.conf':
        'server {\n  add_header X-Frame-Options DENY always;\n  location / { include snippets/headers.conf; add_header Cache-Control no-store; proxy_pass http://api; }\n}\n',
    }),
  ],
});

const SECURITY =
  /^(strict-transport-security|content-security-policy|x-content-type-options|x-frame-options|referrer-policy|permissions-policy|cross-origin-(opener|embedder|resource)-policy)$/;

interface HeaderDirective {
  readonly name: string;
  readonly args: readonly string[];
  readonly at: { readonly path: string; readonly start: number; readonly end: number };
}

const headersIn = (
  directives: readonly HeaderDirective[],
): readonly { name: string; header: string; at: HeaderDirective['at'] }[] =>
  directives
    .filter(({ name }) => name === 'add_header')
    .map(({ args: [name = ''], at }) => ({ name, header: name.toLowerCase(), at }));
