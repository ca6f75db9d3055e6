import { bad, defineRule, good } from '../../src/rule/rule.ts';

const SIGNING = /^(jwt|session|cookie|access_?token|refresh_?token|token|signing|auth)_?(secret|key|secret_?key)$/i;
/** Nothing but words everybody tries, however joined. */
const GUESSED =
  /^((my|your|super|top|very|dev|default|jwt|session|cookie|app|test|secret|password|key|token|shh+|change|me|please|keyboard|cat|in|production|12345?6?7?8?9?0?)[-_ ]?)+$/i;
const AUTH_OPTIONS = /^(Next)?Auth(Options|Config)$|^NextAuthConfig$/;
const plain = (text: string): string => text.replace(/[-_ ]/g, '').toLowerCase();

export default defineRule({
  id: 'secrets/hardcoded-credential',
  ensures: 'Keys and passwords come from the environment, never from the code.',
  severity: 'critical',
  roles: ['service', 'worker', 'function'],
  cwe: 798,
  owasp: 'A07',
  why: `Everyone who can read the code, a build log or an image can sign tokens, forge sessions or open the database with
it. It is the same in every environment, and changing it needs a release.`,
  fix: 'Read the value from `process.env`, stop at start-up where it is missing, and change the value that was in the code.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html',
    'https://cwe.mitre.org/data/definitions/798.html',
  ],
  needs: ['credentials', 'program'],
  *check({ credentials, program }) {
    for (const { what, at, use, into, isFallback } of credentials) {
      if (isFallback) continue;
      yield {
        at,
        secret: true,
        message: `A literal is ${what}.`,
        trail: [{ at: use, note: `It is given to ${into}.` }],
      };
    }
    // settings nothing is seen to read: their names say what signs with them
    const known = new Set(credentials.map(({ at }) => `${at.path}:${at.start}`));
    const imported = new Set([...program.modules.keys()].flatMap((path) => program.importsOf(path)));
    const options = new Set(
      program.nodesOf('typed').flatMap((node) => {
        const value = program.valueOf(node);
        return value.kind === 'typed' && AUTH_OPTIONS.test(value.type.name ?? '') ? program.origins(node) : [];
      }),
    );
    for (const node of program.nodesOf('object')) {
      const object = program.valueOf(node);
      if (object.kind !== 'object' || imported.has(program.moduleOf(node).path)) continue;
      for (const { name = '', value, at: range } of object.properties) {
        const given = program.child(node, value);
        const at = program.locationOf(given);
        if (!SIGNING.test(name) && !(name === 'secret' && options.has(node))) continue;
        if (known.has(`${at.path}:${at.start}`) || !isGuessed(given, name)) continue;
        yield {
          at: program.locationIn(program.moduleOf(node), range),
          secret: true,
          severity: 'high',
          confidence: 'likely',
          message: `${name} is a word that is guessed first.`,
        };
      }
    }

    function isGuessed(node: number, name: string): boolean {
      const value = program.valueOf(node);
      // hidden, and too short to be more than a word; as long as its name, it may be its name
      const length = value.kind === 'secret' ? Number(/\((\d+) characters\)/.exec(value.masked)?.[1]) : 0;
      if (length > 0) return length > 7 && length < 16 && Math.abs(length - name.length) > 1;
      const text = program.constants(node)?.[0];
      if (typeof text !== 'string' || text.length > 40 || !GUESSED.test(text)) return false;
      // `jwtSecret: 'jwt_secret'` names a field
      return plain(text) !== plain(name) || /^secret$/i.test(text);
    }
  },
  examples: [
    bad('The key of every session is a well-known phrase', {
      'app.js': `const session = require('express-session');\nconst app = require('express')();\napp.use(session({ secret: «'keyboard cat'», resave: false }));\n`,
    }),
    bad('The key comes from a settings module of the project', {
      'settings.js': `module.exports = { jwt: { key: «'sup3r-t0ken-k3y'» } };\n`,
      'login.js': `const jwt = require('jsonwebtoken');\nconst settings = require('./settings');\nexports.issue = (user) => jwt.sign({ id: user.id }, settings.jwt.key, { expiresIn: '15m' });\n`,
    }),
    bad('A class of a Nest module', {
      'auth.module.ts': `import { Module } from '@nestjs/common';\nimport { JwtModule } from '@nestjs/jwt';\n@Module({ imports: [JwtModule.register({ secret: «'nest-dev-1'» })] })\nexport class AuthModule {}\n`,
    }),
    bad('Koa signs its cookies with it, and jose its tokens', {
      'app.js': `import Koa from 'koa';\nimport { SignJWT } from 'jose';\nconst app = new Koa();\napp.keys = [«'one more key'»];\nconst key = new TextEncoder().encode(«'0123-4567-8901-2345'»);\nexport const issue = () => new SignJWT({}).sign(key);\n`,
    }),
    bad('The settings of production, by the package config', {
      'app.js': `const config = require('config');\nconst jwt = require('jsonwebtoken');\nexports.issue = (id) => jwt.sign({ id }, config.get('jwt.key'), { expiresIn: '5m' });\n`,
      'config/default.json': '{ "jwt": { "key": "only-here" } }\n',
      'config/production.json': '{ "jwt": { "key": «"kN3-live-8821"» } }\n',
    }),
    good('A setting of the package config that only the environment knows', {
      'app.js': `const config = require('config');\nconst jwt = require('jsonwebtoken');\nexports.issue = (id) => jwt.sign({ id }, config.get('jwt.key'), { expiresIn: '5m' });\n`,
      'config/default.json': '{ "jwt": { "key": "" }, "port": 3000 }\n',
      'config/custom-environment-variables.json': '{ "jwt": { "key": "JWT_KEY" } }\n',
    }),
    good('From the environment, checked at start', {
      'config.js': `const { JWT_KEY } = process.env;\nif (!JWT_KEY) throw new Error('JWT_KEY is missing');\nmodule.exports = { key: JWT_KEY };\n`,
      'login.js': `const jwt = require('jsonwebtoken');\nconst { key } = require('./config');\nexports.issue = (user) => jwt.sign({ id: user.id }, key);\n`,
    }),
    bad('A word in settings that nothing is seen to read', {
      'config.js': `module.exports = { «jwtSecret: 'secret'», port: 3000 };\n`,
      'auth.ts': `import type { NextAuthOptions } from 'next-auth';\nexport const authOptions: NextAuthOptions = { «secret: 'mysecret'», providers: [] };\n`,
    }),
    good('The name of a field, and a schema of it', {
      'names.js': `module.exports = { jwtSecret: 'jwt_secret', tokenKey: 'x-token', sessionKey: 'string', authKey: 'auth' };\n`,
    }),
    good('Only outside production', {
      'app.js': `const session = require('express-session');\nconst secret = process.env.NODE_ENV === 'production' ? process.env.SESSION_SECRET : 'development only';\nmodule.exports = session({ secret });\n`,
    }),
    good('A public key is no secret, and a hash has no key', {
      'verify.js': `const jwt = require('jsonwebtoken');\nconst crypto = require('crypto');\nconst KEY = \`-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAK\n-----END PUBLIC KEY-----\`;\nexports.verify = (token) => jwt.verify(token, KEY, { algorithms: ['RS256'] });\nexports.etag = (text) => crypto.createHash('sha256').update('v1').update(text).digest('hex');\n`,
    }),
  ],
});
