import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

const VERIFIES =
  /(^|\.)(verify|verifyAsync|jwtVerify|compactVerify|verifyIdToken)$|(verify|validate|check|introspect)_?\w*(token|jwt|session|credential|api_?key|auth)/i;
const STRICT =
  /^(require|ensure|must|enforce|protect|guard|only|check|verify|validate|is)_?(be_?)?\w*(auth|login|logged|user|admin|session|token|jwt|signed|api_?key)|^(protect|guard)(route)?s?$/i;
const GUARD = /auth|protect|guard|jwt|token|session|api_?key/i;
const OPTIONAL =
  /optional|maybe|soft|attach|load|extract|parse|decode|current|populate|identif|context|anonymous|guest|public|mock|try|lenient|deserializ|csrf|xsrf|refresh|logout|redirect|rate|thrott|limit/i;
const CREDENTIAL = /authorization|token|cookie|api_?-?key|bearer|jwt/i;
/** What holds the caller, where nothing says it. */
const IDENTITY = ['user', 'userId', 'auth', 'currentUser'];

export default defineRule({
  id: 'auth/guard-fails-open',
  ensures: 'Who cannot be verified is refused.',
  severity: 'high',
  roles: ['service', 'function'],
  cwe: 636,
  owasp: 'A10',
  why: `The guard passes on exactly those it exists to stop: with no token, or with any text in its place, a request gets to the
routes behind it.`,
  fix: 'Answer 401 and return, in the `catch`, for an error of the callback, and where the credential is missing.',
  references: [
    'https://cwe.mitre.org/data/definitions/636.html',
    'https://owasp.org/Top10/2025/A10_2025-Mishandling_of_Exceptional_Conditions/',
  ],
  needs: ['apps', 'program', 'code'],
  *check({ apps, program, code }) {
    type Fn = NonNullable<ReturnType<typeof program.functionAt>>;
    type Module = Fn['module'];
    /** Something the value is made of passes a test. */
    const holds = (node: number, test: (node: number) => boolean, depth = 0): boolean => {
      if (test(node)) return true;
      if (depth > 6) return false;
      const value = program.valueOf(node);
      const parts =
        value.kind === 'operation'
          ? value.operands.map((each) => each.value)
          : value.kind === 'member'
            ? [value.object, ...(value.key === undefined ? [] : [value.key])]
            : value.kind === 'call'
              ? [value.callee, ...value.args.map((each) => each.value)]
              : value.kind === 'either' || value.kind === 'variable'
                ? value.options
                : value.kind === 'await' || value.kind === 'typed'
                  ? [value.value]
                  : [];
      return parts.some((part) => holds(program.child(node, part), test, depth + 1));
    };
    const within = ({ facts }: Module, block: number, outer: number): boolean => {
      for (let at: number | undefined = block; at !== undefined;) {
        if (at === outer) return true;
        const { parent, function: fn }: { parent?: number; function: number } = facts.blocks[at] ?? { function: 0 };
        at = parent ?? facts.functions[fn]?.within;
      }
      return false;
    };
    const isVerification = (call: number): boolean => {
      const value = program.valueOf(call);
      return (
        value.kind === 'call' &&
        (VERIFIES.test(program.describe(program.child(call, value.callee))) ||
          code.apiOf(call).some((api) => VERIFIES.test(api)))
      );
    };
    const callsBelow = (module: Module, block: number): readonly number[] =>
      module.facts.values.flatMap((value, id) =>
        value.kind === 'call' && within(module, value.block, block) ? [module.first + id] : [],
      );
    const nameOf = ({ fact, module }: Fn): string => {
      const parent =
        fact.parent === undefined || fact.parent === 0 ? undefined : module.facts.functions[fact.parent]?.name;
      const owner = fact.class === undefined ? undefined : module.facts.classes[fact.class]?.name;
      return owner ?? fact.name ?? parent ?? /([^/]*)\.\w+$/.exec(module.path)?.[1] ?? '';
    };
    /** 401 or 403 is sent, or something is thrown, in the guard but not in this block. */
    const refuses = ({ fact, module }: Fn, without: number | undefined): boolean => {
      const isIn = (block: number): boolean =>
        within(module, block, fact.block) && (without === undefined || !within(module, block, without));
      return (
        module.facts.throws.some(({ block }) => isIn(block)) ||
        module.facts.writes.some(
          ({ block, property, value }) =>
            isIn(block) &&
            property === 'status' &&
            [401, 403].includes(Number(program.constants(module.first + value)?.[0])),
        ) ||
        callsBelow(module, fact.block).some((call) => {
          const value = program.valueOf(call);
          return (
            value.kind === 'call' &&
            isIn(value.block) &&
            value.args.some((each) =>
              [401, 403].includes(Number(program.constants(program.child(call, each.value))?.[0])),
            )
          );
        })
      );
    };
    /** Elsewhere somebody asks whether there is a caller. */
    const isAskedLater = ({ fact, module, node }: Fn): boolean => {
      const names = new Set(IDENTITY);
      for (const { property, block } of module.facts.writes)
        if (property !== undefined && within(module, block, fact.block)) names.add(property);
      const asks = (each: number): boolean => {
        const value = program.valueOf(each);
        return value.kind === 'member' && names.has(value.property ?? '');
      };
      const isOutside = (other: Module, at: readonly [number, number]): boolean =>
        other.path !== module.path || at[0] < fact.at[0] || at[1] > fact.at[1];
      const inCode = [...program.modules.values()].some(
        (other) =>
          other.facts.blocks.some(
            ({ condition, at }) =>
              condition !== undefined && isOutside(other, at) && holds(other.first + condition, asks),
          ) ||
          other.facts.values.some((value, id) => {
            if (!isOutside(other, value.at)) return false;
            if (value.kind === 'member' && value.optional && asks(other.first + value.object)) return true;
            return (
              value.kind === 'either' &&
              value.test !== undefined &&
              holds(other.first + id, asks) &&
              holds(other.first + value.test, asks)
            );
          }),
      );
      return (
        inCode ||
        apps.routes.some(({ chain }) =>
          chain.some(
            (link) =>
              link.node !== node &&
              !link.forErrors &&
              link.effects.some(({ kind }) => kind === 'auth' || kind === 'role'),
          ),
        )
      );
    };
    /** `req.user = null`: it is meant. */
    const isAnonymous = ({ facts, first }: Module, block: number): boolean =>
      facts.writes.some(
        (write) =>
          write.block === block && /^(undefined|null|false)$|guest|anonym/i.test(program.describe(first + write.value)),
      );
    const tryOf = ({ facts }: Module, block: number): number | undefined => {
      const { parent, at } = facts.blocks[block] ?? {};
      const found = facts.blocks.flatMap((each, id) =>
        at && each.kind === 'try' && each.parent === parent && each.at[1] <= at[0] ? [id] : [],
      );
      return found.at(-1);
    };
    const isMissing = (module: Module, block: number, test: (node: number) => boolean): boolean => {
      const { kind, condition, holds: state } = module.facts.blocks[block] ?? {};
      if (condition === undefined || (kind !== 'then' && kind !== 'else')) return false;
      const value = module.facts.values[condition];
      const isNegated = value?.kind === 'operation' && value.operator === '!';
      return (
        isNegated === (state ?? kind === 'then') &&
        (value?.kind !== 'operation' || isNegated) &&
        holds(module.first + condition, test)
      );
    };
    const isCredential = (node: number): boolean => {
      const value = program.valueOf(node);
      if (value.kind === 'member')
        return CREDENTIAL.test(
          value.property ??
            String((value.key !== undefined && program.constants(program.child(node, value.key))?.[0]) || ''),
        );
      return (
        value.kind === 'call' &&
        value.args.length === 1 &&
        CREDENTIAL.test(String(program.constants(program.child(node, value.args[0]?.value ?? 0))?.[0] ?? ''))
      );
    };
    /** Why whoever gets to a block of the guard was not verified. */
    const reasonAt = (
      guard: Fn,
      start: number,
    ): { readonly reason: 'caught' | 'error' | 'missing'; readonly block: number } | undefined => {
      const { module, fact } = guard;
      const { blocks, functions } = module.facts;
      for (let at: number | undefined = start; at !== undefined && at !== fact.block;) {
        const block: (typeof blocks)[number] | undefined = blocks[at];
        if (!block) return undefined;
        const attempt = block.kind === 'catch' ? tryOf(module, at) : undefined;
        if (attempt !== undefined && callsBelow(module, attempt).some(isVerification))
          return isAnonymous(module, at) ? undefined : { reason: 'caught', block: at };
        if (isMissing(module, at, isCredential))
          return isAnonymous(module, at) ? undefined : { reason: 'missing', block: at };
        if (block.parent === undefined) {
          const callback = program.functionIn(module, block.function);
          for (const { call } of callback ? program.handedTo(callback.node) : []) {
            const callee = program.valueOf(call);
            const name = callee.kind === 'call' ? program.describe(program.child(call, callee.callee)) : '';
            const [error, user] = callback?.fact.params ?? [];
            if (name.endsWith('.catch') && callsBelow(module, fact.block).some(isVerification))
              return { reason: 'caught', block: at };
            const isPassport = /^passport\.authenticate$/.test(name);
            if (!isPassport && (!isVerification(call) || error === undefined)) continue;
            const asked = isPassport ? [user] : [error, user];
            const isOne = (node: number): boolean =>
              asked.some((param) => param !== undefined && module.first + param.value === node);
            const conditions = blocks.flatMap((each) =>
              each.function === block.function && each.condition !== undefined ? [module.first + each.condition] : [],
            );
            const isAsked =
              conditions.some((each) => holds(each, isOne)) ||
              module.facts.values.some(
                (value) => value.kind === 'either' && value.test !== undefined && isOne(module.first + value.test),
              );
            const isError = (node: number): boolean => error !== undefined && module.first + error.value === node;
            const { condition, kind } = blocks[start] ?? {};
            const isOnError =
              kind === 'then' &&
              condition !== undefined &&
              isError(module.first + condition) &&
              !isAnonymous(module, start);
            if (!isAsked || (isOnError && !isPassport)) return { reason: 'error', block: isAsked ? start : at };
          }
        }
        at = block.parent ?? functions[block.function]?.within;
      }
      return undefined;
    };
    const seen = new Set<number>();
    const judge = function* (guard: Fn, block: number, at: readonly [number, number], what: string) {
      const name = nameOf(guard);
      const found = reasonAt(guard, block);
      if (!found || OPTIONAL.test(name) || seen.has(found.block + guard.module.first)) return;
      const isMeant =
        found.reason !== 'missing' &&
        refuses(guard, found.reason === 'error' && found.block !== block ? undefined : found.block);
      if (!isMeant && (!(GUARD.test(name) || STRICT.test(name)) || isAskedLater(guard))) return;
      seen.add(found.block + guard.module.first);
      const why = found.reason === 'missing' ? 'brings no credential' : 'cannot be verified';
      yield {
        at: program.locationIn(guard.module, at),
        message: `${name === '' ? 'The guard' : name} ${what} whoever ${why}.`,
        ...(!isMeant && !STRICT.test(name) && { unsure: 'It may be meant for callers who need not sign in.' }),
      };
    };
    for (const module of program.modules.values()) {
      const { facts, first } = module;
      for (const value of facts.values) {
        if (value.kind !== 'call' || value.args.length > 0) continue;
        const callee = facts.values[value.callee];
        if (
          callee?.kind !== 'param' ||
          !/^(next|done)$/.test(facts.functions[callee.function]?.params[callee.index]?.name ?? '')
        )
          continue;
        const guard = program.functionIn(module, callee.function);
        if (guard && callee.index > 0) yield* judge(guard, value.block, value.at, 'lets through');
      }
      for (const { members } of facts.classes) {
        for (const { name, value } of members) {
          const guard = name === 'canActivate' && value !== undefined ? program.functionAt(first + value) : undefined;
          for (const each of guard?.fact.returns ?? [])
            if (guard && program.constants(first + each.value)?.[0] === true)
              yield* judge(guard, each.block, each.at, 'lets through');
        }
      }
    }
  },
  examples: [
    bad('The error of a token is caught, and the request goes on', {
      'auth.js': `const jwt = require('jsonwebtoken');\nexports.authenticate = (req, res, next) => {\n  const token = req.headers.authorization;\n  if (!token) return res.status(401).end();\n  try {\n    req.user = jwt.verify(token, process.env.KEY);\n    next();\n  } catch (error) {\n    console.error(error);\n    «next()»;\n  }\n};\n`,
    }),
    bad('The error of the callback is not looked at', {
      'auth.js': `const jwt = require('jsonwebtoken');\nmodule.exports = function authenticateToken(req, res, next) {\n  const token = req.headers['authorization']?.split(' ')[1];\n  if (token == null) return res.sendStatus(401);\n  jwt.verify(token, process.env.KEY, (err, user) => {\n    req.user = user;\n    «next()»;\n  });\n};\n`,
      'koa.ts': `import { jwtVerify } from 'jose';\nexport const requireAuth = async (ctx, next) => {\n  const token = ctx.cookies.get('token');\n  if (!token) ctx.throw(401);\n  try {\n    ctx.state.user = await jwtVerify(token, key);\n  } catch {\n    return «next()»;\n  }\n  await next();\n};\n`,
    }),
    bad('No token, no question', {
      'app.js': `import express from 'express';\nimport jwt from 'jsonwebtoken';\nconst app = express();\nfunction requireUser(req, res, next) {\n  const token = req.cookies.token;\n  if (!token) return «next()»;\n  req.user = jwt.verify(token, process.env.KEY);\n  next();\n}\napp.get('/orders', requireUser, (req, res) => res.json(list(req.user)));\napp.listen(3000);\n`,
    }),
    bad('A callback of passport, and a guard of NestJS', {
      'auth.js': `const passport = require('passport');\nexports.requireAuth = (req, res, next) => {\n  passport.authenticate('jwt', { session: false }, (err, user) => {\n    if (err) return next(err);\n    req.user = user;\n    «next()»;\n  })(req, res, next);\n};\n`,
      'auth.guard.ts': `import { CanActivate, ExecutionContext, UnauthorizedException } from '@nestjs/common';\nimport { JwtService } from '@nestjs/jwt';\nexport class AuthGuard implements CanActivate {\n  constructor(private readonly jwt: JwtService) {}\n  async canActivate(context: ExecutionContext) {\n    const request = context.switchToHttp().getRequest();\n    const token = request.headers.authorization;\n    if (!token) throw new UnauthorizedException();\n    try {\n      request.user = await this.jwt.verifyAsync(token);\n    } catch {\n      return «true»;\n    }\n    return true;\n  }\n}\n`,
    }),
    unsure('A name that does not say whether it must', {
      'app.js': `import express from 'express';\nimport jwt from 'jsonwebtoken';\nconst app = express();\nconst auth = (req, res, next) => {\n  const token = req.cookies.token;\n  if (!token) return «next()»;\n  req.user = jwt.verify(token, process.env.KEY);\n  next();\n};\napp.get('/orders', auth, (req, res) => res.json(list(req.user)));\napp.listen(3000);\n`,
    }),
    good('Refused every time', {
      'auth.js': `const jwt = require('jsonwebtoken');\nconst passport = require('passport');\nexports.requireAuth = (req, res, next) => {\n  const token = req.headers.authorization;\n  if (!token) return res.status(401).end();\n  try {\n    req.user = jwt.verify(token, process.env.KEY);\n    return next();\n  } catch (error) {\n    return res.status(401).end();\n  }\n};\nexports.requireToken = (req, res, next) => {\n  jwt.verify(req.cookies.token, process.env.KEY, (err, user) => {\n    if (err) return res.sendStatus(403);\n    req.user = user;\n    next();\n  });\n};\nexports.requirePassport = (req, res, next) =>\n  passport.authenticate('jwt', (err, user) => {\n    if (err || !user) return res.sendStatus(401);\n    req.user = user;\n    next();\n  })(req, res, next);\nexports.requireErrors = (req, res, next) => {\n  try {\n    req.user = jwt.verify(req.cookies.token, process.env.KEY);\n    next();\n  } catch (error) {\n    next(error);\n  }\n};\n`,
    }),
    good('Optional, and asked later', {
      'app.js': `import express from 'express';\nimport jwt from 'jsonwebtoken';\nconst app = express();\nconst authenticate = (req, res, next) => {\n  const token = req.cookies.token;\n  if (!token) return next();\n  try {\n    req.user = jwt.verify(token, process.env.KEY);\n  } catch {\n    return next();\n  }\n  next();\n};\napp.use(authenticate);\napp.get('/orders', (req, res) => {\n  if (!req.user) return res.sendStatus(401);\n  res.json([]);\n});\napp.listen(3000);\n`,
      'optional.js': `const jwt = require('jsonwebtoken');\nexports.optionalAuth = (req, res, next) => {\n  try {\n    req.person = jwt.verify(req.cookies.token, process.env.KEY);\n  } catch {\n    return next();\n  }\n  next();\n};\n`,
    }),
    good('A guard of NestJS for limits, and one for everybody', {
      'guards.ts': `import { CanActivate } from '@nestjs/common';\nexport class RateGuard implements CanActivate {\n  async canActivate() {\n    try {\n      return await this.store.checkSession();\n    } catch {\n      return true;\n    }\n  }\n}\nexport class OptionalJwtGuard implements CanActivate {\n  async canActivate(context) {\n    const request = context.switchToHttp().getRequest();\n    try {\n      request.user = await this.jwt.verifyAsync(request.headers.authorization);\n    } catch {\n      return true;\n    }\n    return true;\n  }\n}\n`,
    }),
  ],
});
