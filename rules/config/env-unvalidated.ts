import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Packages whose purpose is to check the environment, or that are given it to check. */
const VALIDATORS =
  /^(envalid|env-var|convict|@fastify\/env|env-schema|@t3-oss\/env-\w+|znv|joi-env|dotenv-safe|envsafe|@julr\/vite-plugin-validate-env|env-cmd-validator|nconf|config|rc)$/;
const OF_PLATFORM =
  /^(NODE_ENV|NODE_OPTIONS|PATH|HOME|USER|PWD|TZ|CI|DEBUG|TERM|SHELL|HOSTNAME|PORT|HOST|LOG_LEVEL|npm_\w+|AWS_\w+|VERCEL\w*|DYNO|K_\w+|OTEL_\w+|HEROKU_\w+|RENDER\w*|FLY_\w+|NEXT_\w+|GITHUB_\w+|(LOCAL)?APPDATA|PROGRAM\w+|USERPROFILE|SYSTEMROOT|WINDIR|XDG_\w+)$/;
/** Without these a service does not do its work; others may well be left out. */
const ESSENTIAL =
  /(^|_)(SECRET|PASSWORD|PASSWD|TOKEN|DSN|CONNECTION(_?STRING)?|CREDENTIALS)(_|$)|_(API|PRIVATE|SECRET|ACCESS|ENCRYPTION|SIGNING|STRIPE)?_?KEY$|(DATABASE|(^|_)DB|MONGO\w*|POSTGRES\w*|MYSQL|REDIS|RABBIT\w*|AMQP|KAFKA|ELASTIC\w*|SMTP|MAIL\w*|S3)\w*_?(URL|URI|HOST|NAME|USER(NAME)?|FROM|BUCKET)$/;
/** Schemas of objects. */
const CHECKS =
  /^(zod|joi|@hapi\/joi|yup|ajv|valibot|superstruct)\b.*\.(parse|safeParse|parseAsync|validate|validateSync|assert|create)$/;
const SHOWN = 5;

export default defineRule({
  id: 'config/env-unvalidated',
  ensures: 'A missing variable stops the start, with its name.',
  severity: 'medium',
  roles: ['service', 'worker'],
  cwe: 1173,
  why: `A forgotten variable is \`undefined\`, and JavaScript goes on with it: the URL becomes "undefined/api", the token is signed with nothing, the limit is NaN. It shows hours later, in front of a user, and not in the deployment that caused it.`,
  fix: `Check all variables once at the start (zod, envalid, @fastify/env) and exit with the names of those that are missing; read them from that object only.`,
  references: ['https://12factor.net/config', 'https://github.com/af/envalid'],
  needs: ['program', 'code', 'variableReads', 'roles'],
  *check({ program, code, variableReads, roles }) {
    const isValidated =
      [...program.modules.values()].some(({ facts }) =>
        facts.imports.some(({ module, kind }) => kind !== 'type' && VALIDATORS.test(module ?? '')),
      ) ||
      program.calls.some((call) => {
        const value = program.valueOf(call);
        if (value.kind !== 'call') return false;
        // the whole environment is given to something: a schema, a helper, Object.entries
        if (value.args.some((argument) => program.apis(program.child(call, argument.value)).includes('process.env')))
          return true;
        if (code.apiOf(call).some((api) => CHECKS.test(api)) && holdsVariables(program.argument(call, 0))) return true;
        return ['validationSchema', 'validate'].some(
          (name) =>
            code.apiOf(call).some((api) => api.endsWith('ConfigModule.forRoot')) &&
            code.option(call, 0, name).state !== 'absent',
        );
      });
    if (isValidated) return;

    function holdsVariables(argument: number | undefined): boolean {
      if (argument === undefined) return false;
      return program.origins(argument).some((origin) => {
        const { path, start, end } = program.locationOf(origin);
        return variableReads.some(({ at }) => at.path === path && at.start >= start && at.end <= end);
      });
    }
    const product = variableReads
      .filter(({ place }) => place === 'product')
      .filter(({ at }) => roles.at(at.path).size > 0);
    const checked = new Set(product.filter(({ optional }) => optional).map(({ name }) => name));
    const bare = product.filter(
      ({ name, optional, at }) =>
        !optional && !checked.has(name) && !OF_PLATFORM.test(name) && program.modules.has(at.path),
    );
    if (!bare.some(({ name }) => ESSENTIAL.test(name))) return;
    // those that matter most come first
    const ordered = bare.toSorted((a, b) => Number(ESSENTIAL.test(b.name)) - Number(ESSENTIAL.test(a.name)));
    const names = [...new Set(ordered.map(({ name }) => name))];
    const [first] = ordered;
    if (!first) return;
    const shown = names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '');
    yield {
      at: first.at,
      message: `Nothing checks that ${shown} ${names.length === 1 ? 'is' : 'are'} set before ${names.length === 1 ? 'it is' : 'they are'} used.`,
      trail: names.slice(1, SHOWN).flatMap((name) => {
        const read = ordered.find((each) => each.name === name);
        return read ? [{ at: read.at, note: `${name} is used here.` }] : [];
      }),
    };
  },
  examples: [
    bad('Used where it is needed', {
      'server.js': `
const { Pool } = require('pg');
const jwt = require('jsonwebtoken');
const pool = new Pool({ connectionString: «process.env.DATABASE_URL» });
const app = require('express')();
app.post('/login', (req, res) => res.json(jwt.sign({}, process.env.JWT_SECRET)));
app.listen(process.env.PORT);`,
    }),
    bad('Collected, but not checked', {
      'config.ts': `
export const config = { stripeKey: «process.env.STRIPE_KEY», mail: process.env.MAIL_FROM, port: Number(process.env.PORT) };`,
    }),
    good('A schema over the environment', {
      'config.ts': `
import { z } from 'zod';
const schema = z.object({ DATABASE_URL: z.string().url() });
export const env = schema.parse(process.env);
export const url = process.env.DATABASE_URL;`,
    }),
    good('A guard for each, or a loop over all', {
      'server.js': `
if (!process.env.DATABASE_URL) throw new Error('DATABASE_URL is missing');
const url = process.env.DATABASE_URL;
const level = process.env.LEVEL || 'info';`,
    }),
    good('An object of variables that a schema checks', {
      'config.ts': `
import { z } from 'zod';
const schema = z.object({ url: z.string().url(), secret: z.string() });
export const config = schema.safeParse({ url: process.env.DATABASE_URL, secret: process.env.SESSION_SECRET });`,
    }),
    good('What may well be left out', {
      'config.js': `exports.links = { favicon: process.env.FAVICON_URL, version: process.env.APP_VERSION };`,
    }),
    good('envalid', {
      'config.js': `
const { cleanEnv, str } = require('envalid');
module.exports = cleanEnv(process.env, { SMTP: str() });
const smtp = process.env.SMTP;`,
    }),
  ],
});
