import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Who asks whether a password has leaked sends five letters of its hash. */
const ASKS = /pwned|hibp|breach|leak/i;
const PASSWORD = /(^|[._])(pass(word|wd|phrase)?|plain(Text)?Password|pwd)$/i;

export default defineRule({
  id: 'auth/password-fast-hash',
  ensures: 'Passwords are stored by a slow password hash.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  cwe: 916,
  owasp: 'A04',
  why: `MD5, SHA-1 and SHA-256 are made to be fast: a single graphics card tries tens of billions of passwords a second
against a stolen table of them, salt or not.`,
  fix: 'Use `bcrypt` with at least 10 rounds (12 is better), `argon2id`, or `crypto.scrypt`.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html'],
  needs: ['flows', 'program', 'code'],
  *check({ flows, program, code }) {
    const said = new Set<string>();
    for (const { source, into, evidence } of flows.into('fast-hash')) {
      said.add(`${evidence.at.path}:${evidence.at.start}`);
      yield { ...evidence, message: `${source} is hashed by ${into}, which is fast.` };
    }
    // by its name alone: what is called so is nothing else
    for (const call of program.callsTo(
      /^crypto\.createHash\(\)\.update$|^(md5|sha1|sha256|js-md5|js-sha1|js-sha256)$/,
    )) {
      const value = program.valueOf(call);
      const argument = value.kind === 'call' ? value.args[0] : undefined;
      if (argument === undefined) continue;
      const hashed = program.child(call, argument.value);
      const at = program.locationIn(program.moduleOf(call), argument.at);
      const { kind } = program.valueOf(hashed);
      if (said.has(`${at.path}:${at.start}`) || (kind !== 'param' && kind !== 'member' && kind !== 'global')) continue;
      const name = program.describe(hashed);
      if (!PASSWORD.test(name) || ASKS.test(`${code.ownerOf(call)?.fact.name ?? ''} ${at.path}`)) continue;
      yield { at, message: `${name} is hashed by ${program.describe(call)}, which is fast.`, confidence: 'likely' };
    }
  },
  examples: [
    bad('SHA-256', {
      'app.js': `const express = require('express');\nconst crypto = require('crypto');\nconst app = express();\napp.use(express.json());\napp.post('/register', (req, res) => {\n  const hash = crypto.createHash('sha256').update(«req.body.password»).digest('hex');\n  res.json({ hash });\n});\n`,
    }),
    bad('MD5 with salt, in a service of its own', {
      'app.ts': `import Fastify from 'fastify';\nimport { stored } from './passwords.ts';\nconst app = Fastify();\napp.post('/register', async (request) => {\n  const { password } = request.body as { password: string };\n  return stored(password);\n});\n`,
      'passwords.ts': `import { createHash } from 'node:crypto';\nexport const stored = (word: string) => createHash('md5').update(«'salt' + word»).digest('hex');\n`,
    }),
    bad('By its name, in a function nothing is seen to call', {
      'hash.ts': `import { createHash } from 'node:crypto';\nexport function hashed(password: string): string {\n  return createHash('md5').update(«password»).digest('hex');\n}\n`,
    }),
    good('To ask whether it has leaked', {
      'leaked.ts': `import { createHash } from 'node:crypto';\nexport async function isPwned(password: string) {\n  const sum = createHash('sha1').update(password).digest('hex').toUpperCase();\n  return (await fetch('https://api.pwnedpasswords.com/range/' + sum.slice(0, 5))).ok;\n}\n`,
    }),
    good('bcrypt', {
      'app.js': `const express = require('express');\nconst bcrypt = require('bcrypt');\nconst app = express();\napp.use(express.json());\napp.post('/register', async (req, res) => res.json({ hash: await bcrypt.hash(req.body.password, 12) }));\n`,
    }),
    good('A hash of something that is no password', {
      'app.ts': `import { createHash } from 'node:crypto';\nimport Koa from 'koa';\nnew Koa().use(async (ctx) => {\n  ctx.set('etag', createHash('sha1').update(JSON.stringify(ctx.request.body)).digest('hex'));\n  ctx.body = createHash('sha256').update(String(ctx.query.apiKey)).digest('hex');\n});\n`,
    }),
  ],
});
