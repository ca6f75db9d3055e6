import { bad, defineRule, good } from '../../src/rule/rule.ts';

const MIB = 1024 * 1024;
const HUGE = 100 * MIB;

/** `10m`, `1g`, `0`; 0 switches the check off. */
function bytesOf(text: string): number | undefined {
  const found = /^(\d+)([kmg]?)$/i.exec(text);
  if (!found) return undefined;
  return Number(found[1]) * ({ k: 1024, m: MIB, g: 1024 * MIB }[(found[2] ?? '').toLowerCase()] ?? 1);
}

export default defineRule({
  id: 'limits/proxy-body-unlimited',
  ensures: 'The proxy refuses bodies that no request of the service needs.',
  severity: 'medium',
  roles: ['any'],
  cwe: 770,
  owasp: 'A06',
  why: 'Every request may fill the disk of the proxy and the memory of the service; a handful at once is enough.',
  fix: 'Keep the default of 1 MB, and raise `client_max_body_size` only in the location that takes uploads.',
  references: ['https://nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size'],
  needs: ['proxies'],
  *check({ proxies }) {
    const seen = new Set<string>();
    for (const { own, around } of proxies.servers) {
      for (const { name, args, at } of [...own, ...around]) {
        const bytes = name === 'client_max_body_size' ? bytesOf(args[0] ?? '') : undefined;
        if (bytes === undefined || (bytes !== 0 && bytes < HUGE) || seen.has(`${at.path}:${at.start}`)) continue;
        seen.add(`${at.path}:${at.start}`);
        yield {
          at,
          message:
            bytes === 0
              ? 'Bodies of any size are accepted, everywhere.'
              : `Bodies of ${args[0]} are accepted, everywhere.`,
        };
      }
    }
  },
  examples: [
    bad('Switched off', {
      'nginx/default.conf': 'server {\n  «client_max_body_size 0;»\n  location / { proxy_pass http://app; }\n}\n',
    }),
    bad('For all servers', {
      'nginx.conf':
        'http {\n  «client_max_body_size 1g;»\n  server { location / { proxy_pass http://app; } }\n  server { location / { proxy_pass http://api; } }\n}\n',
    }),
    good('Modest, or for uploads only', {
      'nginx/default.conf':
        'server {\n  client_max_body_size 10m;\n  location / { proxy_pass http://app; }\n  location /upload { client_max_body_size 500m; proxy_pass http://app; }\n}\n',
    }),
    good('A variable of a template', {
      'nginx/default.conf.template':
        'server {\n  client_max_body_size ${MAX_BODY};\n  location / { proxy_pass http://app; }\n}\n',
    }),
  ],
});
