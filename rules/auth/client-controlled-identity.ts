import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

/** What clients may call their own rights: fields of a body or query, and cookies nobody signed. */
const RIGHT =
  /^(role|roles|is_?admin|admin|is_?staff|is_?super_?(user|admin)|is_?moderator|user_?(role|type)|permissions?|privileges?)$/i;
const HEADER_RIGHT = /^(x-)?((user|auth)-?)?(role|roles|is-?admin|admin|permissions?|privileges?|user-type)$/i;
const HEADER_WHO =
  /^x-(auth(enticated)?-|current-|remote-|forwarded-)?(user|account|uid)(-?(id|name|email))?$|^x-username$/i;
const WHO = /^(user|account)_?(id|name)?$|^uid$/i;
const WHO_ID = /^(user|account|owner|customer|author)_?id$/i;
const PRINCIPAL = /^(user|current_?user|auth|principal|account|user_?id)$/i;
const WORD = /^(admin\w*|administrator|root|super\w*|owner|staff|moderator|manager|editor|true|1|yes)$/i;
/** Something that finds out who asks, or whether what is claimed is true. */
const PROVES =
  /verif|compare|hmac|timingSafe|decode|decrypt|unsign|authenticat|isValid|signature|session\b|signedCookies|jwt|token/i;
const KNOWN =
  /^(_?req|request|ctx(\.state)?|context|c|this|res\.locals)\.(user|currentUser|auth|account|session|principal|jwt|claims)\b|\.isAuthenticated$/;

/** Methods a refusal is answered or thrown with. */
const REFUSES = /^(status|sendStatus|code|writeHead|json|text|throw|\w*(Forbidden|Unauthorized)\w*)$/;

export default defineRule({
  id: 'auth/client-controlled-identity',
  ensures: 'Who asks, and what they may do, is not what the request says of itself.',
  severity: 'high',
  roles: ['service', 'function'],
  cwe: 290,
  owasp: 'A01',
  why: `A header, a field of the body and a cookie nobody signed are written by the client: whoever sends \`x-role: admin\` is an
administrator, whoever sends another id is that user.`,
  fix: "Read both from what was verified: the session, or the claims of a token whose signature was checked. Where a gateway sets the header, have it strip the client's, and refuse requests that do not come from it.",
  references: ['https://cwe.mitre.org/data/definitions/290.html', 'https://cwe.mitre.org/data/definitions/807.html'],
  needs: ['program', 'code', 'flows', 'apps'],
  about: { what: 'route', isIn: ({ apps }) => apps.routes.length > 0 },
  *check({ program, code, flows, apps }) {
    type Module = ReturnType<typeof program.moduleOf>;
    for (const module of program.modules.values()) {
      const seen = new Set<number>();
      for (const refusal of refusalsIn(module)) {
        const claim = claimBefore(module, refusal);
        if (!claim || seen.has(claim.node)) continue;
        seen.add(claim.node);
        const doubt = doubtAt(claim.node);
        yield {
          at: program.locationOf(claim.node),
          message: `${claim.name} decides who is let in, and the client writes it.`,
          confidence: 'likely',
          ...(doubt !== undefined && { unsure: doubt }),
        };
      }
      for (const { node, name, holder } of principalsIn(module)) {
        const doubt = doubtAt(node);
        yield {
          at: program.locationOf(node),
          message: `${holder} is whoever ${name} says, and the client writes it.`,
          confidence: 'likely',
          ...(doubt !== undefined && { unsure: doubt }),
        };
      }
    }

    for (const node of program.nodesOf('either')) {
      const claim = claimFirst(node);
      if (claim === undefined) continue;
      const route = apps.routes.find(({ handlers }) =>
        handlers.some((each) => program.functionAt(each.node)?.node === code.ownerOf(node)?.node),
      );
      yield {
        at: program.locationOf(claim),
        message: `${nameOf(flows.received(claim)?.node ?? claim)} is taken for who asks, and only without it the one who is logged in.`,
        confidence: 'likely',
        ...((!route || route.method === 'GET') && { unsure: 'it may only pick whose public records are shown.' }),
      };
    }

    /** `req.body.userId || req.user.id`, where nothing asks for a role. */
    function claimFirst(node: number): number | undefined {
      const value = program.valueOf(node);
      if (value.kind !== 'either' || !/^(or|nullish|conditional)$/.test(value.reason)) return undefined;
      const options = value.options.map((option) => program.child(node, option));
      const own = options.some((each) => /(^|\.)(user|session|auth|currentUser)\.\w*id$/i.test(program.describe(each)));
      const claim = own
        ? options.find((each) => {
            const path = flows.received(each)?.path ?? [];
            return path.some((part) => /^(body|query)$/.test(part)) && WHO_ID.test(path.at(-1) ?? '');
          })
        : undefined;
      const owner = claim === undefined ? undefined : code.ownerOf(node);
      if (!owner || asksForRole(owner)) return undefined;
      return claim;
    }

    function asksForRole(owner: NonNullable<ReturnType<typeof code.ownerOf>>): boolean {
      const { facts } = owner.module;
      const answers = owner.fact.returns.flatMap(({ value }) => {
        const answer = facts.values[value];
        return answer?.kind === 'object' ? [answer.at] : [];
      });
      return facts.values.some(
        ({ at, ...value }) =>
          value.kind === 'member' &&
          owner.fact.at[0] <= at[0] &&
          at[1] <= owner.fact.at[1] &&
          /^(roles?|is_?admin|permissions?|can|ability|is_?owner|hasRole|hasPermission|authorize)$/i.test(
            value.property ?? '',
          ) &&
          !answers.some(([start, end]) => start <= at[0] && at[1] <= end),
      );
    }

    /** Blocks in which a request is refused for who asks. */
    function refusalsIn({ facts, first }: Module): ReadonlySet<number> {
      const found = new Set<number>();
      const isRefused = (node: number | undefined): boolean => {
        const [status] = node === undefined ? [] : (program.constants(node) ?? []);
        return status === 401 || status === 403;
      };
      for (const [id, value] of facts.values.entries()) {
        const callee = value.kind === 'call' ? facts.values[value.callee] : undefined;
        if (value.kind !== 'call' || (callee?.kind === 'member' && !REFUSES.test(callee.property ?? ''))) continue;
        const name = program.describe(first + value.callee);
        const isSent =
          /(^|\.)(status|sendStatus|code|writeHead)$/.test(name) && isRefused(program.argument(first + id, 0));
        const isText =
          /^(c|ctx)\.(json|text|throw)$/.test(name) &&
          [0, 1].some((index) => isRefused(program.argument(first + id, index)));
        if (isSent || isText || (value.new && /(Forbidden|Unauthorized)/.test(name))) found.add(value.block);
      }
      for (const { property, value, block } of facts.writes)
        if (/^(status|statusCode)$/.test(property ?? '') && isRefused(first + value)) found.add(block);
      return found;
    }

    /** The claim of the client a refusal hangs on alone, where those with a right are let through. */
    function claimBefore({ facts, first }: Module, block: number): { node: number; name: string } | undefined {
      const { condition, holds = true } = facts.blocks[block] ?? {};
      if (condition === undefined) return undefined;
      const claim = lackIn(first + condition, holds);
      return claim === undefined || proves(claim) ? undefined : { node: claim, name: nameOf(claim) };
    }

    /** The claim whose lack a condition says: `!x`, `x !== 'admin'`; undefined where it says anything else as well. */
    function lackIn(node: number, holds: boolean): number | undefined {
      const value = program.valueOf(node);
      if (value.kind === 'operation') {
        const [left, right] = value.operands.map((operand) => program.child(node, operand.value));
        if (value.operator === '!' && left !== undefined) return lackIn(left, !holds);
        const isUnequal = /^!==?$/.test(value.operator);
        if (left === undefined || right === undefined || !/^[!=]==?$/.test(value.operator) || isUnequal !== holds)
          return undefined;
        const word = [left, right].flatMap((side) => program.constants(side) ?? []);
        const side = [left, right].find((each) => isClaim(each));
        return word.some((each) => WORD.test(String(each))) ? side : undefined;
      }
      if (value.kind === 'either' && value.reason === 'conditional' && value.test !== undefined) {
        const [yes, no] = value.options.map((option) => program.constants(program.child(node, option))?.[0]);
        return yes === true && no === false ? lackIn(program.child(node, value.test), holds) : undefined;
      }
      if (value.kind === 'either' && (value.reason === 'and' || value.reason === 'or')) {
        const options = value.options.map((option) => lackIn(program.child(node, option), holds));
        // with `&&` the claim is asked beside something else
        return options.every((option) => option !== undefined) ? options[0] : undefined;
      }
      return !holds && isClaim(node) ? node : undefined;
    }

    function isClaim(node: number): boolean {
      const received = flows.received(node);
      if (!received) return false;
      const [kind = '', ...rest] = received.path;
      const last = rest.at(-1) ?? '';
      if (kind === 'headers') return HEADER_RIGHT.test(last);
      if (kind === 'cookies') return RIGHT.test(nameOfCookie(received.node) ?? last) && !isSigned(received.shape);
      return /^(body|query|searchParams)$/.test(kind) && RIGHT.test(last);
    }

    function nameOf(node: number): string {
      const received = flows.received(node);
      const cookie = received?.path[0] === 'cookies' ? nameOfCookie(received.node) : undefined;
      return cookie === undefined ? program.describe(node) : `the cookie ${cookie}`;
    }

    function nameOfCookie(node: number): string | undefined {
      const value = program.valueOf(node);
      const [name] = value.kind === 'call' ? (program.constants(program.argument(node, 0) ?? node) ?? []) : [];
      return typeof name === 'string' ? name : undefined;
    }

    /** Koa verifies cookies once it has keys. */
    function isSigned(shape: string): boolean {
      return (
        shape.startsWith('koa') &&
        [...program.modules.values()].some(({ facts }) => facts.writes.some(({ property }) => property === 'keys'))
      );
    }

    /** `req.user = await find(req.headers['x-user-id'])` */
    function* principalsIn({ facts, first }: Module): Iterable<{ node: number; name: string; holder: string }> {
      for (const { object, property, value } of facts.writes) {
        const holder = `${program.describe(first + object)}.${property ?? ''}`;
        if (
          !PRINCIPAL.test(property ?? '') ||
          !/^(_?req|request|ctx(\.state)?|c|(_?req|request|ctx)\.session)\./.test(holder)
        )
          continue;
        for (const origin of program.definitions(first + value)) {
          const call = program.valueOf(origin);
          const places =
            call.kind === 'call' ? call.args.map((argument) => program.child(origin, argument.value)) : [origin];
          const claim = places.flatMap((place) => claimOfWho(place)).find((each) => !proves(each));
          const isSession = holder.includes('.session.');
          if (claim !== undefined && (!isSession || call.kind !== 'call'))
            yield { node: claim, name: nameOf(claim), holder };
        }
      }
    }

    function claimOfWho(node: number, depth = 0): readonly number[] {
      if (depth > 3) return [];
      const received = flows.received(node);
      if (!received) {
        const [object] = program.origins(node);
        const value = object === undefined ? undefined : program.valueOf(object);
        return value?.kind === 'object' && object !== undefined
          ? value.properties.flatMap((property) => claimOfWho(program.child(object, property.value), depth + 1))
          : [];
      }
      const [kind = '', ...rest] = received.path;
      const last = rest.at(-1) ?? '';
      if (kind === 'headers') return HEADER_WHO.test(last) ? [node] : [];
      if (kind === 'cookies')
        return WHO.test(nameOfCookie(received.node) ?? last) && !isSigned(received.shape) ? [node] : [];
      return /^(body|query)$/.test(kind) && WHO.test(last) && last !== 'user' && last !== 'username' ? [node] : [];
    }

    /** The function a claim is read in, or what it calls, finds out more than the client says. */
    function proves(node: number): boolean {
      const owner = code.ownerOf(node);
      if (!owner) return true;
      return [owner, ...code.runs(owner)].some(({ module, fact }) =>
        module.facts.values.some((value, id) => {
          if (value.at[0] < fact.at[0] || value.at[1] > fact.at[1]) return false;
          if (value.kind === 'call') return PROVES.test(program.describe(module.first + value.callee));
          return value.kind === 'member' && KNOWN.test(program.describe(module.first + id)) && !isWritten(module, id);
        }),
      );
    }

    /** It stands there because it was just given what the client said. */
    function isWritten({ facts, first }: Module, id: number): boolean {
      const name = program.describe(first + id);
      return facts.writes.some(({ object, property }) => {
        const target = `${program.describe(first + object)}.${property ?? ''}`;
        return name.startsWith(target) || target.startsWith(`${name}.`);
      });
    }

    function doubtAt(node: number): string | undefined {
      const owner = code.ownerOf(node);
      const before = apps.routes
        .filter(({ chain }) => chain.some((link) => program.functionAt(link.node)?.node === owner?.node))
        .flatMap(({ chain }) =>
          chain.slice(
            0,
            chain.findIndex((link) => program.functionAt(link.node)?.node === owner?.node),
          ),
        )
        .find(({ effects }) => effects.some(({ kind }) => /^(auth|role|unknown)$/.test(kind)));
      return before && `${before.name} stands before it, and may have set or checked it.`;
    }
  },
  examples: [
    bad('A role in a header', {
      'app.js': `const express = require('express');\nconst { remove } = require('./users');\nconst app = express();\napp.delete('/users/:id', async (req, res) => {\n  if («req.headers['x-role']» !== 'admin') return res.sendStatus(403);\n  await remove(req.params.id);\n  res.sendStatus(204);\n});\napp.listen(3000);\n`,
      'users.js': `exports.remove = async (id) => id;\n`,
    }),
    bad('A flag in the body; a user by a header', {
      'app.js': `import Fastify from 'fastify';\nimport { posts, users } from './data.js';\nconst app = Fastify();\napp.addHook('preHandler', async (request, reply) => {\n  request.user = await users.find(«request.headers['x-user-id']»);\n  if (!request.user) return reply.code(401).send({});\n});\napp.post('/posts/:id/delete', async (request, reply) => {\n  if (!«request.body.isAdmin») return reply.code(403).send({});\n  return posts.remove(request.params.id);\n});\nawait app.listen({ port: 3000 });\n`,
      'data.js': `export const posts = { remove: async (id) => id };\nexport const users = { find: async (id) => ({ id }) };\n`,
    }),
    bad('A cookie nobody signed, and a session by what the body says', {
      'app.js': `const express = require('express');\nconst app = express();\napp.get('/admin', (req, res) => {\n  if («req.cookies.role» === 'admin') res.json({ secret: 1 });\n  else res.status(403).end();\n});\napp.post('/become', (req, res) => {\n  req.session.userId = «req.body.userId»;\n  res.end();\n});\napp.listen(3000);\n`,
    }),
    bad('The id of the body goes before that of the session', {
      'app.js': `const express = require('express');\nconst { create } = require('./orders');\nconst app = express();\nconst requireUser = (req, res, next) => (req.session.user ? next() : res.sendStatus(401));\napp.post('/orders', requireUser, async (req, res) => {\n  const userId = «req.body.userId» || req.user.id;\n  res.json(await create(userId, req.body.items));\n});\napp.listen(3000);\n`,
      'orders.js': `exports.create = async (userId, items) => ({ userId, items });\n`,
    }),
    good('Admins may act for others; the session goes first', {
      'app.js': `const express = require('express');\nconst { create } = require('./orders');\nconst app = express();\nconst requireUser = (req, res, next) => (req.session.user ? next() : res.sendStatus(401));\napp.post('/orders', requireUser, async (req, res) => {\n  const userId = req.user.role === 'admin' ? req.body.userId : req.user.id;\n  res.json(await create(userId, req.body.items));\n});\napp.post('/notes', requireUser, async (req, res) => {\n  const title = req.body.title || req.user.id;\n  res.json(await create(req.user.id, title));\n});\napp.listen(3000);\n`,
      'orders.js': `exports.create = async (userId, items) => ({ userId, items });\n`,
    }),
    bad('A flag in the query of a controller of Nest', {
      'users.controller.ts': `import { Controller, Delete, Param, Query, UnauthorizedException } from '@nestjs/common';\nimport { UsersService } from './users.service';\n@Controller('users')\nexport class UsersController {\n  constructor(private readonly users: UsersService) {}\n  @Delete(':id/photo')\n  async remove(@Param('id') id: string, @Query('isAdmin') «flag: string») {\n    const isAdmin = flag === 'true' ? true : false;\n    if (!isAdmin) throw new UnauthorizedException();\n    return this.users.removePhoto(id);\n  }\n}\n`,
      'users.service.ts': `import { Injectable } from '@nestjs/common';\n@Injectable()\nexport class UsersService {\n  async removePhoto(id: string) {\n    return id;\n  }\n}\n`,
      'main.ts': `import { Module } from '@nestjs/common';\nimport { NestFactory } from '@nestjs/core';\nimport { UsersController } from './users.controller';\nimport { UsersService } from './users.service';\n@Module({ controllers: [UsersController], providers: [UsersService] })\nexport class AppModule {}\nasync function start() {\n  const app = await NestFactory.create(AppModule);\n  await app.listen(3000);\n}\nstart();\n`,
    }),
    unsure('A guard stands before it', {
      'app.js': `const express = require('express');\nconst { expressjwt } = require('express-jwt');\nconst app = express();\napp.use(expressjwt({ secret: process.env.KEY, algorithms: ['HS256'] }));\napp.get('/', (req, res) => {\n  if («req.get('x-user-role')» !== 'admin') return res.sendStatus(403);\n  res.json({});\n});\napp.listen(3000);\n`,
    }),
    good('Verified, or a role for somebody else', {
      'app.js': `const express = require('express');\nconst jwt = require('jsonwebtoken');\nconst app = express();\nconst auth = (req, res, next) => {\n  req.user = jwt.verify(req.headers.authorization, process.env.KEY, { algorithms: ['HS256'] });\n  if (req.user.role !== 'admin') return res.sendStatus(403);\n  next();\n};\napp.put('/users/:id', auth, (req, res) => {\n  if (req.body.role === 'admin' && !req.user.isOwner) return res.sendStatus(403);\n  if (req.body.role !== 'admin' && req.body.role !== 'user') return res.sendStatus(400);\n  res.json({});\n});\napp.post('/register', (req, res) => {\n  if (req.body.role === 'admin') return res.sendStatus(403);\n  res.json({});\n});\napp.listen(3000);\n`,
    }),
    good('Signed cookies, a filter, and a login', {
      'app.ts': `import express from 'express';\nimport { users } from './users.ts';\nconst app = express();\napp.get('/a', (req, res) => {\n  if (req.signedCookies.role !== 'admin') return res.sendStatus(403);\n  res.json({});\n});\napp.get('/people', (req, res) => res.json(req.query.role === 'admin' ? [] : ['a']));\napp.post('/login', async (req, res) => {\n  const user = await users.find(req.body.userId);\n  if (!(await user.comparePassword(req.body.password))) return res.sendStatus(401);\n  req.session.user = user;\n  res.json({});\n});\napp.listen(3000);\n`,
      'users.ts': `export const users = { find: async (id: string) => ({ id, comparePassword: async (text: string) => text === id }) };\n`,
    }),
  ],
});
