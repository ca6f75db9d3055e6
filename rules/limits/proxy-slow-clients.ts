import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Seconds above which a server-wide value lets slow clients hold connections. */
const LIMITS: ReadonlyMap<string, number> = new Map([
  ['client_header_timeout', 60],
  ['client_body_timeout', 60],
  ['send_timeout', 120],
  ['keepalive_timeout', 300],
]);

/** `60`, `90s`, `5m`, `1h` */
function secondsOf(text: string): number | undefined {
  const found = /^(\d+)(ms|s|m|h)?$/.exec(text);
  if (!found) return undefined;
  return Number(found[1]) * ({ ms: 0.001, s: 1, m: 60, h: 3600 }[found[2] ?? 's'] ?? 1);
}

export default defineRule({
  id: 'limits/proxy-slow-clients',
  ensures: 'The proxy does not wait long for slow clients.',
  severity: 'medium',
  roles: ['any'],
  cwe: 400,
  owasp: 'A06',
  why: 'A client that sends one byte a minute keeps its connection; a few hundred of them keep everyone else out.',
  fix: 'Leave `client_header_timeout` and `client_body_timeout` at 10 to 60 seconds, and raise them only in the location that needs it.',
  references: ['https://nginx.org/en/docs/http/ngx_http_core_module.html#client_body_timeout'],
  needs: ['proxies'],
  *check({ proxies }) {
    const seen = new Set<string>();
    for (const { own, around } of proxies.servers) {
      for (const { name, args, at } of [...own, ...around]) {
        const limit = LIMITS.get(name);
        const seconds = secondsOf(args[0] ?? '');
        const slow = limit !== undefined && seconds !== undefined && seconds > limit;
        const unbuffered = name === 'proxy_request_buffering' && args[0] === 'off';
        if ((!slow && !unbuffered) || seen.has(`${at.path}:${at.start}`)) continue;
        seen.add(`${at.path}:${at.start}`);
        yield {
          at,
          message: unbuffered
            ? 'Slow uploads reach the service byte by byte, everywhere.'
            : `${name} of ${args[0]} lets slow clients hold their connection, everywhere.`,
        };
      }
    }
  },
  examples: [
    bad('Ten minutes for a header', {
      'nginx/default.conf':
        'server {\n  «client_header_timeout 10m;»\n  «client_body_timeout 300s;»\n  location / { proxy_pass http://app; }\n}\n',
    }),
    bad('No buffer for slow uploads', {
      'nginx.conf': 'http {\n  «proxy_request_buffering off;»\n  server { location / { proxy_pass http://app; } }\n}\n',
    }),
    good('Short, and long only where it must be', {
      'nginx/default.conf':
        'server {\n  client_body_timeout 30s;\n  keepalive_timeout 75;\n  location /upload { client_body_timeout 10m; proxy_request_buffering off; proxy_pass http://app; }\n}\n',
    }),
    good('How long the service may take is another matter', {
      'nginx/default.conf': 'server {\n  proxy_read_timeout 600s;\n  location / { proxy_pass http://app; }\n}\n',
    }),
  ],
});
