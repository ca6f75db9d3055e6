import { bad, defineRule, good } from '../../src/rule/rule.ts';

const VERSIONS: ReadonlyMap<string, RegExp> = new Map([
  ['minVersion', /^(TLSv1|TLSv1\.1|SSLv\d)$/],
  ['minTlsVersion', /^(TLSv1|TLSv1\.1|1\.0|1\.1)$/],
  ['maxVersion', /^(TLSv1|TLSv1\.1)$/],
  ['secureProtocol', /^(TLSv1|TLSv1_1|SSLv2|SSLv3)_/],
  ['DEFAULT_MIN_VERSION', /^TLSv1(\.1)?$/],
]);
const BROKEN = /^(.*-)?(RC4|DES-CBC3?|3DES|DES|NULL|aNULL|eNULL|EXP\w*|EXPORT\w*|MD5|LOW|ADH|AECDH)(-.*)?$/;

export default defineRule({
  id: 'transport/tls-version-old',
  ensures: 'Connections are encrypted by TLS 1.2 or newer, with ciphers that hold.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  cwe: 326,
  owasp: 'A04',
  why: 'TLS 1.0 and 1.1 and the ciphers of their time can be broken by whoever stands in between: RC4 and 3DES give the plain text away, NULL has no secret at all.',
  fix: "Leave the options out, Node.js starts at TLS 1.2; or say `minVersion: 'TLSv1.2'`.",
  references: ['https://datatracker.ietf.org/doc/html/rfc8996', 'https://nodejs.org/api/tls.html#tlscreatesecurecontextoptions'], // prettier-ignore
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const node of program.nodesOf('object')) {
      const value = program.valueOf(node);
      if (value.kind !== 'object') continue;
      for (const property of value.properties) {
        const name = property.name ?? '';
        if (!VERSIONS.has(name) && name !== 'ciphers') continue;
        const given = program.constants(program.child(node, property.value)) ?? [];
        const what = name === 'ciphers' ? brokenIn(given) : weak(name, given);
        if (what && !code.isEnvironmentGuarded(node))
          yield { at: program.locationIn(program.moduleOf(node), property.at), message: `${name} allows ${what}.` };
      }
    }
    for (const module of program.modules.values()) {
      for (const { property, value, at } of module.facts.writes) {
        const what =
          property === 'DEFAULT_MIN_VERSION'
            ? weak(property, program.constants(module.first + value) ?? [])
            : undefined;
        if (what) yield { at: program.locationIn(module, at), message: `${property} allows ${what}.` };
      }
    }
  },
  examples: [
    bad('A server that speaks TLS 1.0', {
      'server.js': `const https = require('https');\nhttps.createServer({ key, cert, «minVersion: 'TLSv1'» }, require('express')()).listen(443);\n`,
    }),
    bad('A client, and ciphers of another file', {
      'client.ts': `import tls from 'node:tls';\nimport { CIPHERS } from './ciphers';\nexport const connect = () => tls.connect({ host: 'a.example.com', «secureProtocol: 'TLSv1_1_method'», «ciphers: CIPHERS» });\n`,
      'ciphers.ts': `export const CIPHERS = 'ECDHE-RSA-AES128-GCM-SHA256:RC4-SHA:!MD5';\n`,
    }),
    bad('For all connections', {
      'server.js': `const tls = require('tls');\n«tls.DEFAULT_MIN_VERSION» = 'TLSv1.1';\n`,
    }),
    good('New versions, and broken ciphers that are refused', {
      'server.js': `const https = require('https');\nhttps.createServer({ key, cert, minVersion: 'TLSv1.2', ciphers: 'ECDHE+AESGCM:HIGH:!aNULL:!MD5:!RC4:!3DES' }, require('express')()).listen(443);\n`,
    }),
    good('Options of something else', {
      'app.ts': `import Fastify from 'fastify';\nexport const app = Fastify();\nexport const client = { minVersion: '1.2.0', maxVersion: 'TLSv1.3', secureProtocol: 'TLS_method' };\n`,
    }),
  ],
});

const weak = (name: string, constants: readonly unknown[]): string | undefined => {
  const found = constants.find((each) => VERSIONS.get(name)?.test(String(each)));
  return found === undefined
    ? undefined
    : String(found).replace(/_.*$/, (rest) => (rest.startsWith('_1_') ? '.1' : ''));
};

const brokenIn = (constants: readonly unknown[]): string | undefined =>
  constants
    .flatMap((each) => String(each).split(/[:, ]+/))
    .find((cipher) => !/^[!-]/.test(cipher) && BROKEN.test(cipher));
