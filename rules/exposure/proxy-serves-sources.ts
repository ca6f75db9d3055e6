import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'exposure/proxy-serves-sources',
  ensures: 'The proxy serves a folder of files for the public, and nothing around it.',
  severity: 'high',
  roles: ['any'],
  cwe: 538,
  owasp: 'A01',
  why: 'Everything below the root can be fetched by its name: `/.env`, `/.git/config`, `/package.json`, the sources. Scanners ask for these names all day.',
  fix: 'Point `root` at the folder that is built for the public (`/app/public`, `/app/dist`), and add `location ~ /\\. { deny all; }`.',
  references: ['https://nginx.org/en/docs/http/ngx_http_core_module.html#root'],
  needs: ['proxies'],
  *check({ proxies }) {
    const seen = new Set<string>();
    for (const { own, around, locations } of proxies.servers) {
      const hidden = locations.some(
        ({ pattern, own: inner }) =>
          /\\\.|\.\(\?!|\.env|\.git/.test(pattern) &&
          inner.some(({ name, args }) => name === 'deny' || (name === 'return' && (args[0] ?? '').startsWith('4'))),
      );
      const roots = [
        ...[...own, ...around].map((directive) => ({ ...directive, below: '' })),
        ...locations.flatMap(({ pattern, own: inner }) =>
          // the path of the request is put behind a root
          inner.map((directive) => ({ ...directive, below: directive.name === 'root' ? pattern : '' })),
        ),
      ].filter(({ name }) => name === 'root' || name === 'alias');
      for (const {
        args: [path = ''],
        at,
        name,
        below,
      } of roots) {
        const folder = /^\/\w/.test(below) ? `${path.replace(/\/$/, '')}${below}` : path;
        const system = SYSTEM.test(folder);
        const isProject = PROJECT.test(folder) && !PUBLIC.test(folder);
        if ((!system && (hidden || !isProject)) || seen.has(`${at.path}:${at.start}`)) continue;
        seen.add(`${at.path}:${at.start}`);
        yield {
          at,
          ...(!system && { confidence: 'likely' as const }),
          message: system
            ? `${name} ${path} serves the files of the machine.`
            : `${name} ${path} serves the folder of the project, its .env and .git included.`,
        };
      }
    }
  },
  examples: [
    bad('The folder of the application', {
      'nginx/default.conf':
        'server {\n  «root /usr/src/app;»\n  location / { try_files $uri @api; }\n  location @api { proxy_pass http://api:3000; }\n}\n',
    }),
    bad('The whole machine', {
      'nginx/default.conf': 'server {\n  location /files/ { «alias /;» }\n}\nserver {\n  «root /etc/nginx;»\n}\n',
    }),
    good('A folder for the public', {
      'nginx/a.conf':
        'server { root /usr/src/app/public; }\nserver { root /usr/share/nginx/html; }\nserver { root /app/dist; }\n',
    }),
    good('Folders for the public below the usual ones', {
      'nginx/default.conf':
        'server {\n  location /files/ { root /srv; }\n  location /static/ { alias /srv/static/; }\n  }\nserver { root /srv/www; }\n',
    }),
    good('Hidden files are refused', {
      'nginx/default.conf': 'server {\n  root /srv/app;\n  location ~ /\\.(?!well-known) { deny all; }\n}\n',
    }),
  ],
});

const PROJECT = /^\/(usr\/src\/\w+|app|srv\/\w+|srv|home\/\w+\/\w+|opt\/\w+|code|workspace)\/?$/;
const PUBLIC = /\/(public\w*|static|www|html?|web|media|files|assets|uploads?|images|dist|build|out)\/?$/;
const SYSTEM = /^\/(etc(\/\w+)?|root|home|var|usr|proc)?\/?$/;
