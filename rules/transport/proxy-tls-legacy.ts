import { bad, defineRule, good } from '../../src/rule/rule.ts';

const LEGACY = /^(SSLv2|SSLv3|TLSv1|TLSv1\.0|TLSv1\.1)$/;

export default defineRule({
  id: 'transport/proxy-tls-legacy',
  ensures: 'The proxy speaks TLS 1.2 and later only.',
  severity: 'medium',
  control: 'transport/tls-legacy',
  roles: ['any'],
  cwe: 326,
  owasp: 'A04',
  why: 'TLS 1.0 and 1.1 rest on broken hashes and ciphers; auditors, browsers and payment providers refuse them.',
  fix: 'Write `ssl_protocols TLSv1.2 TLSv1.3;`.',
  references: ['https://www.rfc-editor.org/rfc/rfc8996'],
  needs: ['proxies'],
  *check({ proxies }) {
    const seen = new Set<string>();
    for (const { own, around } of proxies.servers) {
      for (const { name, args, argsAt } of [...own, ...around]) {
        if (name !== 'ssl_protocols') continue;
        const old = args.filter((protocol) => LEGACY.test(protocol));
        const at = argsAt[args.findIndex((protocol) => LEGACY.test(protocol))];
        if (!at || seen.has(`${at.path}:${at.start}`)) continue;
        seen.add(`${at.path}:${at.start}`);
        yield { at, message: `${old.join(' and ')} ${old.length === 1 ? 'is' : 'are'} still spoken.` };
      }
    }
  },
  examples: [
    bad('Old protocols', {
      'nginx/default.conf': 'server {\n  listen 443 ssl;\n  ssl_protocols «TLSv1» TLSv1.1 TLSv1.2;\n}\n',
    }),
    bad('For all servers', {
      'nginx.conf': 'http {\n  ssl_protocols «SSLv3» TLSv1.2;\n  server { listen 443 ssl; }\n}\n',
    }),
    good('New ones', { 'nginx/default.conf': 'server {\n  listen 443 ssl;\n  ssl_protocols TLSv1.2 TLSv1.3;\n}\n' }),
    good('What nginx does by itself', { 'nginx/default.conf': 'server {\n  listen 443 ssl;\n}\n' }),
  ],
});
