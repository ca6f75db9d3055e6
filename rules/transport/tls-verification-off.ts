import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Options that switch off the check of the other side's certificate, and the value that does. */
const SWITCHES: ReadonlyMap<string, boolean> = new Map([
  ['rejectUnauthorized', false],
  ['strictSSL', false],
  ['sslValidate', false],
  ['tlsInsecure', true],
  ['tlsAllowInvalidCertificates', true],
  ['tlsAllowInvalidHostnames', true],
  ['insecureSkipVerify', true],
]);

const WISH = /reject_?unauthorized|self_?signed|insecure|(skip|ignore|disable)_?(tls|ssl|cert|verif)|allow_?invalid/i;

export default defineRule({
  id: 'transport/tls-verification-off',
  control: 'transport/tls-verification-off',
  ensures: 'Certificates of other servers are checked.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  cwe: 295,
  owasp: 'A04',
  why: `Without the check any machine on the way can answer instead of the server, read what you send (passwords and tokens
included) and change what you receive. The connection still looks encrypted.`,
  fix: 'Remove the option. For a private authority give its certificate: `ca: readFileSync(…)` or `NODE_EXTRA_CA_CERTS`.',
  references: [
    'https://nodejs.org/api/tls.html#tlsconnectoptions-callback',
    'https://cwe.mitre.org/data/definitions/295.html',
  ],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const node of program.nodesOf('object')) {
      const value = program.valueOf(node);
      if (value.kind !== 'object') continue;
      const module = program.moduleOf(node);
      const isServer = value.properties.some(({ name }) => name === 'requestCert');
      for (const property of value.properties) {
        if (property.name === 'checkServerIdentity' && accepts(program.child(node, property.value))) {
          if (!code.isEnvironmentGuarded(node))
            yield {
              at: program.locationIn(module, property.at),
              message: 'checkServerIdentity agrees to every name: a certificate of any other server will do.',
            };
          continue;
        }
        const off = SWITCHES.get(property.name ?? '');
        const given = module.first + property.value;
        if (off === undefined || isServer || !program.constants(given)?.every((constant) => constant === off)) continue;
        if (code.isEnvironmentGuarded(node)) continue;
        yield {
          at: program.locationIn(module, property.at),
          message: `${property.name} is ${off}: certificates are not checked.`,
          ...(isWished(node) && { severity: 'low' as const }),
        };
      }
    }
    for (const module of program.modules.values()) {
      for (const write of module.facts.writes) {
        const off = write.property === undefined ? undefined : SWITCHES.get(write.property);
        const isVariable =
          write.property === 'NODE_TLS_REJECT_UNAUTHORIZED' &&
          program.apis(module.first + write.object).includes('process.env');
        if (off === undefined && !isVariable) continue;
        const constants = program.constants(module.first + write.value);
        const isOff = constants?.every((constant) => (isVariable ? String(constant) === '0' : constant === off));
        if (!isOff || code.isEnvironmentGuarded(module.first + write.value)) continue;
        const [start] = write.at;
        const [, end] = module.facts.values[write.value]?.at ?? write.at;
        yield {
          at: program.locationIn(module, [start, Math.max(end, write.at[1])]),
          message: `${write.property} is switched off: certificates are not checked.`,
        };
      }
    }

    /** A setting decides whose name says what it does: `allowSelfSigned ? { rejectUnauthorized: false } : {}`. */
    function isWished(node: number): boolean {
      const module = program.moduleOf(node);
      const chosen = module.facts.values.flatMap((value) =>
        value.kind === 'either' && value.test !== undefined && value.options.includes(node - module.first)
          ? [value.test]
          : [],
      );
      const around = code.blocksAround(node).flatMap(({ condition }) => condition ?? []);
      return [...chosen, ...around].some((test) => namesIn(module.first + test, 0).some((name) => WISH.test(name)));
    }

    function namesIn(node: number, depth: number): readonly string[] {
      const value = program.valueOf(node);
      if (depth > 3) return [];
      const below = (id: number): readonly string[] => namesIn(program.child(node, id), depth + 1);
      if (value.kind === 'member') return [value.property ?? ''];
      if (value.kind === 'param' || value.kind === 'global') return [program.describe(node)];
      if (value.kind === 'operation') return value.operands.flatMap((operand) => below(operand.value));
      if (value.kind === 'either' || value.kind === 'variable') return value.options.flatMap(below);
      if (value.kind === 'call')
        return value.args
          .flatMap((argument) => program.constants(program.child(node, argument.value)) ?? [])
          .map(String);
      return [];
    }

    /** A function that looks at nothing and answers nothing: no error. */
    function accepts(node: number): boolean {
      const fn = program.functionAt(node);
      return (
        fn !== undefined &&
        code.callsIn(fn).length + code.throwsIn(fn).length === 0 &&
        fn.fact.returns.every(({ value }) => fn.module.facts.values[value]?.kind === 'undefined')
      );
    }
  },
  examples: [
    bad('An agent of https', {
      'client.js': `const https = require('https');\nconst agent = new https.Agent({ keepAlive: true, «rejectUnauthorized: false» });\nexports.read = (url) => https.get(url, { agent });\n`,
    }),
    bad('A database in another framework', {
      'db.ts': `import { Pool } from 'pg';\nexport const pool = new Pool({ connectionString: process.env.DATABASE_URL, ssl: { «rejectUnauthorized: false» } });\n`,
    }),
    bad('A name that is not compared', {
      'client.ts': `import https from 'node:https';\nimport tls from 'node:tls';\nexport const any = new https.Agent({ «checkServerIdentity: () => undefined» });\nexport const one = new https.Agent({ checkServerIdentity: (host, cert) => tls.checkServerIdentity('db.example.com', cert) });\n`,
    }),
    bad('For the whole process', {
      'server.js': `«process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'»;\nrequire('express')().listen(3000);\n`,
    }),
    bad('Only where the operator asks for it', {
      'mail.ts': `import nodemailer from 'nodemailer';\nexport const transport = (options: { host: string; allowSelfSigned?: boolean }) =>\n  nodemailer.createTransport({ host: options.host, tls: options.allowSelfSigned ? { «rejectUnauthorized: false» } : undefined });\n`,
    }),
    good('Only in development', {
      'client.js': `const https = require('https');\nif (process.env.NODE_ENV !== 'production') {\n  https.globalAgent.options.rejectUnauthorized = false;\n}\nexports.agent = new https.Agent({ rejectUnauthorized: process.env.NODE_ENV === 'production' });\n`,
    }),
    good('A server that asks clients for a certificate and decides itself', {
      'server.js': `const https = require('https');\nhttps.createServer({ key, cert, requestCert: true, rejectUnauthorized: false }, handler).listen(443);\n`,
    }),
    good('The authority is given', {
      'db.ts': `import { readFileSync } from 'node:fs';\nimport { Pool } from 'pg';\nexport const pool = new Pool({ ssl: { ca: readFileSync('ca.pem'), rejectUnauthorized: true } });\n`,
    }),
  ],
});
