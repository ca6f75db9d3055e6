import { bad, defineRule, good } from '../../src/rule/rule.ts';

const METHOD = /\.(log|trace|debug|verbose|silly|info|http|warn|error|notice)$/;
const LOGGER =
  /^(console|winston|pino|bunyan|log4js|loglevel|signale|consola|tslog|@nestjs\/common\.Logger)\b|\blog(ger)?\b[^.]*\.\w+$/i;
const BODY = /^(req|request|ctx\.request|c\.req|event)\.(body|payload)$/;
/** By its name alone: what nobody calls something harmless. */
const SECRET =
  /(^|\.)(password|passwd|passphrase|(current|new|old|plain)_?password|card_?number|credit_?card(_?number)?|cvv|ssn|(access|refresh|auth)_?token|(client|jwt|session)_?secret|(api|private|secret)_?key)$|^process\.env\.\w*(PASSWORD|SECRET|API_KEY|PRIVATE_KEY)$/i;
/** Loggers that write what they are given as it is. */
const PLAIN = /^(console|winston|bunyan|log4js)\b/;
const HEADERS = /^(req|request|ctx|ctx\.request)\.headers$/;

export default defineRule({
  id: 'exposure/secret-logged',
  ensures: 'Passwords, tokens and card numbers of a request are never written to a log.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  cwe: 532,
  owasp: 'A09',
  why: `Logs go where the database never would: to files, collectors, screens of support, backups. Whoever reads one of them
can log in as the person who typed the password.`,
  fix: 'Log that it happened and to whom (an id), not what was typed; let the logger redact the fields (`redact` of pino, a format of winston).',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Logging_Cheat_Sheet.html',
    'https://getpino.io/#/docs/redaction',
  ],
  needs: ['flows', 'apps', 'program', 'code', 'handlers'],
  *check({ flows, apps, program, code, handlers }) {
    const said = new Set<string>();
    for (const { source, into, evidence } of flows.into('log-secret')) {
      said.add(`${evidence.at.path}:${evidence.at.start}`);
      yield { ...evidence, message: `${source} is written to a log by ${into}.` };
    }
    // the whole body of a login holds the password
    for (const { purpose, app, method, path, pathAt, handlers: own } of apps.routes) {
      if (purpose !== 'credentials' || app.serving === 'no') continue;
      for (const fn of own.flatMap(({ node }) => code.functionsIn(node))) {
        for (const call of code.callsIn(fn)) {
          const value = program.valueOf(call);
          if (value.kind !== 'call' || code.isEnvironmentGuarded(call)) continue;
          const names = [...code.apiOf(call), program.describe(program.child(call, value.callee))];
          if (!names.some((name) => METHOD.test(name) && LOGGER.test(name))) continue;
          const body = value.args.find((argument) => BODY.test(program.describe(program.child(call, argument.value))));
          if (!body) continue;
          const at = program.locationIn(program.moduleOf(call), body.at);
          if (said.has(`${at.path}:${at.start}`)) continue;
          yield {
            at,
            message: `All of ${program.describe(program.child(call, body.value))} is written to a log, with the password in it.`,
            confidence: 'likely',
            trail: [{ at: pathAt, note: `${method} ${path ?? 'This route'} takes a password.` }],
          };
        }
      }
    }
    const redacting = new Set(
      program
        .callsTo(/^(pino|fastify|pino-http)(\.\w+)?$/)
        .filter((call) => code.option(call, 0, 'redact').state === 'given' || redactsIn(code.option(call, 0, 'logger')))
        .map((call) => program.moduleOf(call).path),
    );
    /** Its logger may take secrets out. */
    const isRedacted = (call: number): boolean => {
      const { path } = program.moduleOf(call);
      return redacting.has(path) || program.importsOf(path).some((each) => redacting.has(each));
    };
    for (const call of program.callsNamed(/^(log|trace|debug|verbose|silly|info|warn|error|notice)$/)) {
      const value = program.valueOf(call);
      if (value.kind !== 'call' || code.isEnvironmentGuarded(call)) continue;
      const names = [...code.apiOf(call), program.describe(program.child(call, value.callee))];
      if (!names.some((name) => METHOD.test(name) && LOGGER.test(name))) continue;
      const isConsole = names.some((name) => name.startsWith('console.'));
      for (const argument of value.args) {
        const given = program.child(call, argument.value);
        const at = program.locationIn(program.moduleOf(call), argument.at);
        const what =
          wholeOf(
            given,
            names.some((name) => PLAIN.test(name)),
          ) ?? (!isConsole && isRedacted(call) ? undefined : secretIn(given, 0));
        if (what === undefined || said.has(`${at.path}:${at.start}`)) continue;
        said.add(`${at.path}:${at.start}`);
        yield { at, message: `${what} is written to a log.`, confidence: 'likely' };
      }
    }

    function redactsIn(logger: ReturnType<typeof code.option>): boolean {
      return logger.state === 'given' && code.property(logger.value, 'redact').state === 'given';
    }

    /** What holds secrets beside other things. */
    function wholeOf(node: number, isPlain: boolean): string | undefined {
      const value = program.valueOf(node);
      if (value.kind === 'object') {
        const inner = value.properties.map((each) => wholeOf(program.child(node, each.value), isPlain));
        return inner.find((each) => each !== undefined);
      }
      const text = program.describe(node);
      if (value.kind !== 'member' && value.kind !== 'param') return undefined;
      if (text === 'process.env') return 'All of process.env';
      if (!isPlain || (!HEADERS.test(text) && !/^req(uest)?$/.test(text)) || !handlers.reach(node)) return undefined;
      return `All of ${text}, with its cookies and tokens,`;
    }

    /** `token: ${token}`: the text says what it is. */
    function announcedIn(node: number, parts: readonly number[]): string | undefined {
      const told = parts.findIndex((part, index) => {
        const [text] = index === 0 ? [] : (program.constants(program.child(node, parts[index - 1] ?? part)) ?? []);
        const name = program.describe(program.child(node, part));
        return (
          /\b(token|password|secret)\s*[:=]\s*$/i.test(String(text ?? '')) &&
          /(^|\.)(token|jwt|password|secret)$/i.test(name)
        );
      });
      return told < 0 ? undefined : program.describe(program.child(node, parts[told] ?? node));
    }

    /** A password in what is logged, by its name. */
    function secretIn(node: number, depth: number): string | undefined {
      const value = program.valueOf(node);
      if (depth > 3) return undefined;
      const inner =
        value.kind === 'object'
          ? value.properties.filter(({ kind }) => kind !== 'spread').map((each) => each.value)
          : value.kind === 'join'
            ? value.parts.map((part) => part.value)
            : [];
      const found = inner.map((each) => secretIn(program.child(node, each), depth + 1));
      if (value.kind === 'join') found.push(announcedIn(node, inner));
      if (value.kind !== 'member' && value.kind !== 'param' && value.kind !== 'global')
        return found.find((each) => each !== undefined);
      const text = program.describe(node);
      return SECRET.test(text) && program.constants(node) === undefined ? text : undefined;
    }
  },
  examples: [
    bad('All of the environment, and all of a request', {
      'app.js': `const app = require('express')();\nconsole.log('starting with', «process.env»);\napp.get('/me', (req, res) => {\n  try {\n    res.json(find(req.query.id));\n  } catch (err) {\n    console.log('failed', «req»);\n    console.error(«req.headers», err);\n  }\n});\n`,
    }),
    bad('A password by its name, wherever it comes from', {
      'users.ts': `import { logger } from './logger.ts';\nexport class Users {\n  async create(email: string, password: string) {\n    logger.info(«{ email, password }», 'new user');\n    console.log(«\`key \${process.env.API_KEY}\`»);\n  }\n  seen(token: string) {\n    logger.info(«\`token: \${token}\`»);\n    logger.info(\`read token \${token}\`);\n  }\n}\n`,
      'logger.ts': `import pino from 'pino';\nexport const logger = pino();\n`,
    }),
    good('What the logger takes out, and what only is named so', {
      'users.ts': `import pino from 'pino';\nconst logger = pino({ redact: ['password', '*.password'] });\nexport const created = (email: string, password: string, password_id: number) => {\n  logger.info({ email, password }, 'new user');\n  console.log('password', { password: password.length, password_id, token: '[redacted]' });\n};\n`,
    }),
    good('By a logger that knows requests', {
      'app.ts': `import Fastify from 'fastify';\nconst app = Fastify({ logger: true });\napp.get('/', async (request) => {\n  request.log.info({ req: request }, 'seen');\n  request.log.info(request.headers['user-agent']);\n  console.log(process.env.NODE_ENV);\n  return {};\n});\n`,
    }),
    bad('The password in a debug line', {
      'app.js': `const express = require('express');\nconst app = express();\napp.use(express.json());\napp.post('/login', (req, res) => {\n  console.log(«\`login of \${req.body.email} with \${req.body.password}\`»);\n  res.end();\n});\n`,
    }),
    bad('A token among other fields, by a logger of another file', {
      'app.ts': `import Fastify from 'fastify';\nimport { logger } from './logger.ts';\nconst app = Fastify();\napp.post('/refresh', async (request) => {\n  const { refreshToken } = request.body as { refreshToken: string };\n  logger.info(«{ refreshToken, at: Date.now() }», 'refreshing');\n  return {};\n});\n`,
      'logger.ts': `import pino from 'pino';\nexport const logger = pino();\n`,
    }),
    bad('The header that logs in', {
      'app.js': `const Koa = require('koa');\nconst winston = require('winston');\nconst log = winston.createLogger({});\nnew Koa().use(async (ctx) => {\n  log.debug(«ctx.request.headers.authorization»);\n});\n`,
    }),
    bad('The whole body of a login, by a logger out of a container', {
      'app.ts': `import express from 'express';\nimport { Container } from 'typedi';\nimport { Logger } from 'winston';\nconst app = express();\napp.post('/signin', async (req, res) => {\n  const logger: Logger = Container.get('logger');\n  logger.debug('signing in with %o', «req.body»);\n  res.json(await enter(req.body.email, req.body.password));\n});\napp.post('/signup', async (req, res) => {\n  const logger: Logger = Container.get('logger');\n  logger.debug(«req.body»);\n  const { email, password } = req.body;\n  res.json(await enter(email, password));\n});\napp.listen(3000);\n`,
    }),
    good('The body of something else, and a part of that of a login', {
      'app.js': `const app = require('express')();\napp.post('/orders', (req, res) => {\n  console.log('order', req.body);\n  res.end();\n});\napp.post('/login', (req, res) => {\n  console.log('login', req.body.email);\n  if (process.env.NODE_ENV === 'development') console.log(req.body);\n  res.end();\n});\napp.listen(3000);\n`,
    }),
    good('Who it was, and how long the password is', {
      'app.js': `const express = require('express');\nconst app = express();\napp.use(express.json());\napp.post('/login', (req, res) => {\n  console.log('login of', req.body.email, req.body.password.length, Boolean(req.body.token));\n  res.end();\n});\n`,
    }),
    good('A word in the text, a hash of the token', {
      'app.ts': `import Koa from 'koa';\nimport pino from 'pino';\nimport { createHash } from 'node:crypto';\nconst log = pino();\nnew Koa().use(async (ctx) => {\n  log.warn('wrong password for %s', ctx.query.user);\n  log.info(createHash('sha256').update(String(ctx.query.token)).digest('hex'));\n});\n`,
    }),
  ],
});
