import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/proxy-target-by-client',
  ensures: 'Clients do not decide which host the proxy asks.',
  severity: 'high',
  roles: ['any'],
  cwe: 918,
  owasp: 'A01',
  why: 'Whoever writes the host fetches through your proxy what only your network may reach: the metadata of the cloud with its credentials, databases, panels.',
  fix: 'Write the host, or choose it from a `map` of those that are allowed.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html',
  ],
  needs: ['proxies'],
  *check({ proxies }) {
    for (const { locations } of proxies.servers) {
      for (const { proxyPass, own, pattern, modifier } of locations) {
        const [target = ''] = proxyPass?.args ?? [];
        const host = /^(?:https?:\/\/)?([^/]*)/.exec(target)?.[1] ?? '';
        const variable = /\$\{?(arg_\w+|http_\w+|cookie_\w+|query_string|args)/.exec(host)?.[0];
        // `location ~ ^/proxy/(.*)$ { proxy_pass http://$1; }`
        const capture = modifier.startsWith('~') && /^\$\{?(\d|\w+)/.test(host) && opens(pattern, host);
        const at = proxyPass?.argsAt[0];
        if (!proxyPass || !at || (variable === undefined && !capture)) continue;
        if (own.some(({ name }) => name === 'internal' || name === 'auth_request')) continue;
        yield { at, message: `${variable ?? host} of the request decides which host is asked.` };
      }
    }
  },
  examples: [
    bad('A parameter', {
      'nginx/default.conf': 'server {\n  location /fetch { proxy_pass «http://$arg_host/»; }\n}\n',
    }),
    bad('A part of the path, and a header', {
      'nginx/default.conf':
        'server {\n  location ~ ^/proxy/(.*)$ { proxy_pass «http://$1»; }\n  location /b { proxy_pass «https://$http_x_target»; }\n}\n',
    }),
    good('A host that is written', {
      'nginx/default.conf':
        'server {\n  location ~ ^/v(\\d+)/(.*)$ { proxy_pass http://api:3000/$2?v=$1; }\n  location / { set $upstream api; proxy_pass http://$upstream:3000; }\n}\n',
    }),
    good('Not for clients', {
      'nginx/default.conf': 'server {\n  location ~ ^/internal/(.*)$ { internal; proxy_pass http://$1; }\n}\n',
    }),
  ],
});

/** Whether the group of a pattern a host is taken from takes anything. */
function opens(pattern: string, host: string): boolean {
  const number = Number(/^\$\{?(\d)/.exec(host)?.[1] ?? 0);
  const groups = pattern.match(/\((?!\?:)[^()]*\)/g) ?? [];
  return number > 0 && /^\((\?<\w+>)?(\.[*+]|\[\^)/.test(groups[number - 1] ?? '');
}
