import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'exposure/proxy-directory-listing',
  ensures: 'The proxy lists no folders and shows its status to nobody outside.',
  severity: 'medium',
  roles: ['any'],
  cwe: 548,
  owasp: 'A02',
  why: 'A list of files shows backups, uploads and old builds nobody meant to publish; the status page tells how busy you are.',
  fix: 'Remove `autoindex on`; put `allow 127.0.0.1; deny all;` beside `stub_status`.',
  references: ['https://nginx.org/en/docs/http/ngx_http_autoindex_module.html'],
  needs: ['proxies'],
  *check({ proxies }) {
    const seen = new Set<string>();
    for (const { own, around, locations } of proxies.servers) {
      const listens = own.filter(({ name }) => name === 'listen');
      const inside = listens.length > 0 && listens.every(({ args }) => LOOPBACK.test(args[0] ?? ''));
      for (const { name, args, at } of [...own, ...around, ...locations.flatMap((location) => location.own)]) {
        if (name !== 'autoindex' || args[0] !== 'on' || seen.has(`${at.path}:${at.start}`)) continue;
        seen.add(`${at.path}:${at.start}`);
        yield { at, message: 'Folders are listed for everyone.' };
      }
      for (const location of locations) {
        const status = location.own.find(({ name }) => name === 'stub_status');
        const guarded =
          ['deny', 'auth_basic', 'auth_request'].some((name) => location.effective(name).length > 0) ||
          location.own.some(({ name }) => name === 'internal' || name === 'return');
        if (status && !guarded && !inside && !location.includesUnknown)
          yield { at: status.at, message: 'The status of the proxy is shown to everyone.' };
      }
    }
  },
  examples: [
    bad('Listed', { 'nginx/default.conf': 'server {\n  root /srv/files;\n  location /files { «autoindex on;» }\n}\n' }),
    bad('The status page', { 'nginx/default.conf': 'server {\n  location /nginx_status { «stub_status;» }\n}\n' }),
    good('Guarded, or off', {
      'nginx/default.conf':
        'server {\n  autoindex off;\n  location /nginx_status { stub_status; allow 10.0.0.0/8; deny all; }\n}\n',
    }),
    good('Where only the machine itself listens, and for nobody', {
      'nginx/status.conf':
        'server {\n  listen 127.0.0.1:8081;\n  listen [::1]:8081;\n  location /nginx_status { stub_status; }\n}\n',
      'nginx/socket.conf': 'server {\n  listen unix:/run/status.sock;\n  location / { stub_status; }\n}\n',
      'nginx/internal.conf': 'server {\n  listen 80;\n  location /status { internal; stub_status; }\n}\n',
    }),
    good('An example of the documentation', { 'docs/nginx/example.conf': 'server {\n  autoindex on;\n}\n' }),
  ],
});

const LOOPBACK = /^(127\.|localhost(:|$)|\[::1\]|unix:)/;
