import { bad, defineRule, good } from '../../src/rule/rule.ts';

const SIGNING = /^crypto\.(createSign|createVerify|sign|verify)$/;
const WEAK = /(^|[-_])(md4|md5|sha1|rmd160|ripemd160)$/i;
const SECRET = /(secret|private_?key|signing_?key|api_?key|hmac_?key|pepper)$/i;

export default defineRule({
  id: 'secrets/weak-signature',
  ensures: 'Signatures are made with SHA-256 or better, and keyed ones by HMAC.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  cwe: 328,
  owasp: 'A04',
  why: `For MD5 and SHA-1 two texts with one hash can be made, so that a signature for one is good for the other. A hash of a secret
and a text is no signature at all: whoever has one can go on writing behind the text and sign that.`,
  fix: "Sign with `'sha256'`; with a shared secret use `crypto.createHmac('sha256', secret)`.",
  references: ['https://shattered.io/', 'https://datatracker.ietf.org/doc/html/rfc2104'],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const call of program.callsTo(SIGNING)) {
      const name = code.argument(call, 0);
      const weak = name.state === 'given' && program.constants(name.value)?.find((each) => WEAK.test(String(each)));
      if (name.state === 'given' && weak)
        yield { at: name.at, message: `${program.describe(calleeOf(call))} uses ${String(weak)}, which is broken.` };
    }
    for (const call of program.callsTo('crypto.createHash().update')) {
      const text = program.argument(call, 0);
      const hash = hashOf(call);
      const secret = text === undefined ? undefined : secretIn(text);
      if (hash === undefined || secret === undefined) continue;
      yield { at: program.locationOf(call), message: `${hash} of ${secret} and a text is taken for a signature.` };
    }

    function calleeOf(call: number): number {
      const value = program.valueOf(call);
      return value.kind === 'call' ? program.child(call, value.callee) : call;
    }

    /** MD5, SHA-1 or SHA-2, where that is what the text is hashed by. */
    function hashOf(update: number): string | undefined {
      const callee = calleeOf(update);
      const member = program.valueOf(callee);
      if (member.kind !== 'member') return undefined;
      for (const origin of program.origins(program.child(callee, member.object))) {
        const name = program.valueOf(origin).kind === 'call' ? program.argument(origin, 0) : undefined;
        const [constant] = (name === undefined ? undefined : program.constants(name)) ?? [];
        if (/^(md5|sha-?1|sha-?256|sha-?512)$/i.test(String(constant))) return String(constant);
      }
      return undefined;
    }

    /** The secret a text begins with, where something else follows. */
    function secretIn(text: number): string | undefined {
      for (const origin of program.origins(text)) {
        const value = program.valueOf(origin);
        if (value.kind !== 'join') continue;
        const parts = value.parts
          .map((part) => program.child(origin, part.value))
          .filter((part) => program.constants(part)?.[0] !== '');
        const [first, ...others] = parts;
        if (first === undefined || !others.some((part) => !program.constants(part))) continue;
        const named = [first, ...program.origins(first)]
          .map((each) => program.describe(each))
          .find((each) => SECRET.test(each));
        if (named !== undefined) return named;
      }
      return undefined;
    }
  },
  examples: [
    bad('A signature with SHA-1', {
      'sign.js': `const crypto = require('crypto');\nexports.sign = (text, key) => crypto.createSign(«'RSA-SHA1'»).update(text).sign(key, 'base64');\n`,
      'app.js': `const app = require('express')();\nconst { sign } = require('./sign');\napp.get('/', (req, res) => res.send(sign('a', key)));\n`,
    }),
    bad('A secret in front of the text', {
      'sign.ts': `import { createHash } from 'node:crypto';\nexport function signed(path: string) {\n  return «createHash('md5').update(\`\${process.env.LINK_SECRET}\${path}\`)».digest('hex');\n}\n`,
      'app.ts': `import Fastify from 'fastify';\nimport { signed } from './sign.ts';\nFastify().get('/link', async (request) => ({ signature: signed(request.url) }));\n`,
    }),
    good('HMAC, and SHA-256', {
      'app.js': `const crypto = require('crypto');\nconst app = require('express')();\napp.get('/', (req, res) => {\n  const mac = crypto.createHmac('sha256', process.env.LINK_SECRET).update('/file').digest('hex');\n  res.send(mac + crypto.createSign('RSA-SHA256').update(mac).sign(key, 'hex'));\n});\n`,
    }),
    good('Hashes that sign nothing', {
      'app.ts': `import Koa from 'koa';\nimport { createHash } from 'node:crypto';\nnew Koa().use(async (ctx) => {\n  ctx.set('ETag', createHash('sha1').update(\`\${ctx.path}\${ctx.url}\`).digest('hex'));\n  ctx.body = createHash('md5').update('avatar' + ctx.state.mail).digest('hex');\n});\n`,
    }),
  ],
});
