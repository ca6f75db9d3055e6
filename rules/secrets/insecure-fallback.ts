import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'secrets/insecure-fallback',
  ensures: 'A service without its secrets does not start.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  cwe: 1188,
  owasp: 'A02',
  why: `Where the variable is missing, misspelled or empty, the service runs on a value that everybody can read in the code,
and nothing tells you. Whoever knows it signs tokens or sessions of any user.`,
  fix: `Drop the default and stop at start-up:

\`\`\`js
const { SESSION_SECRET } = process.env;
if (!SESSION_SECRET) throw new Error('SESSION_SECRET is missing');
\`\`\``,
  references: [
    'https://cwe.mitre.org/data/definitions/1188.html',
    'https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html',
  ],
  needs: ['credentials', 'secrets'],
  *check({ credentials, secrets }) {
    const told = new Set<string>();
    for (const { what, at, use, into, isFallback, insteadOf } of credentials) {
      // a stand-in shown to somebody else's service opens nothing
      if (!isFallback || what.endsWith(' provider')) continue;
      told.add(`${at.path}:${at.end}`);
      const without = insteadOf === undefined ? 'Without its setting' : `Without ${insteadOf}`;
      yield {
        at,
        secret: true,
        message: `${without}, a literal is ${what}.`,
        trail: [{ at: use, note: `It is given to ${into}.` }],
      };
    }
    for (const { at, fallback, kind, key, strength, severity, place, language } of secrets.found) {
      const isTold = [at.end, at.end + 1].some((end) => told.has(`${at.path}:${end}`));
      if (!fallback || kind !== 'named' || strength !== 'guessed' || severity === 'info' || isTold) continue;
      if (place !== 'product' || language !== 'javascript') continue;
      yield {
        at,
        secret: true,
        confidence: 'likely',
        message: `Without its setting, a literal is ${key ?? 'the secret'}.`,
      };
    }
  },
  examples: [
    bad('A default for the key of sessions', {
      'app.js': `const session = require('express-session');\nconst app = require('express')();\napp.use(session({ secret: process.env.SESSION_SECRET || «'change me'» }));\n`,
    }),
    bad('A default in another file, for tokens', {
      'config.ts': `export const config = { tokenKey: process.env.TOKEN_KEY ?? «'dev-token-key'» };\n`,
      'tokens.ts': `import { sign } from 'jsonwebtoken';\nimport { config } from './config';\nexport const issue = (id: string) => sign({ id }, config.tokenKey);\n`,
    }),
    bad('A default while taking the environment apart', {
      'db.js': `const { Pool } = require('pg');\nconst { DB_PASSWORD = «'postgres'» } = process.env;\nmodule.exports = new Pool({ password: DB_PASSWORD });\n`,
    }),
    bad('A default in the settings files of the package config', {
      'app.js': `const Koa = require('koa');\nconst config = require('config');\nconst jwt = require('koa-jwt');\nnew Koa().use(jwt({ secret: config.get('auth.secret') })).listen(3000);\n`,
      'config/default.yml': 'port: 3000\nauth:\n  secret: «secret»\n',
      'config/custom-environment-variables.yml': 'auth:\n  secret: AUTH_SECRET\n',
    }),
    bad('A default for what nobody knows the use of', {
      'app.js': `const sign = require('./sign');\nconst secret = process.env.LINK_SECRET || '«s3cr3t-links-of-2019x»';\nrequire('http').createServer((req, res) => res.end(sign(secret, req.url))).listen(3000);\n`,
    }),
    good('No default: it stops', {
      'app.js': `const session = require('express-session');\nif (!process.env.SESSION_SECRET) throw new Error('SESSION_SECRET is missing');\nmodule.exports = session({ secret: process.env.SESSION_SECRET });\n`,
    }),
    good('A stand-in for the key of somebody else', {
      'pay.ts': `import Stripe from 'stripe';\nexport const stripe = new Stripe(process.env.STRIPE_SECRET_KEY || 'sk_nothing');\n`,
    }),
    good('An empty default, and a default of what is no secret', {
      'db.ts': `import { Pool } from 'pg';\nexport const pool = new Pool({ host: process.env.DB_HOST ?? 'localhost', password: process.env.DB_PASSWORD || '' });\n`,
    }),
  ],
});
