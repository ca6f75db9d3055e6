import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

/** Records that concern those they belong to; a post or a product is for everybody. */
const PRIVATE =
  /order|invoice|payment|transact|cart|basket|address|card|wallet|statement|notification|message|chat|mail|inbox|ticket|booking|reservation|appointment|prescription|medical|health|record|report|document|file|upload|note|todo|task|bill|receipt|subscription|credential|secret|token|session|key|device|loan|transfer|beneficiar|account|balance|salary|payslip|payroll|application|claim|contract|tax|draft|setting|preference|memo|journal|expense|budget|passw|vault|licen[cs]e|benefit|shipment|delivery|vehicle/;
/** Records everybody may read, though somebody wrote them. */
const MEANT_FOR_ALL =
  /post|article|blog|comment|product|book|movie|recipe|photo|video|event|page|tag|categor|review|story|question|answer|course|thread|topic|beer|game|song|album|playlist|channel/;
const OWNER =
  /^(user|userId|user_id|uid|owner|ownerId|owner_id|author|authorId|author_id|createdBy|created_by|account|accountId|tenant|tenantId|tenant_id|org|orgId|organization\w*|team|teamId|workspace\w*|principal|session|auth|ability|can|isOwner|isAdmin|role|roles|permissions?|currentUser|claims|customer|customerId|sub)$/;
const FROM_CLIENT = /^(params?|param\(\)|body|query|req\.(param|query|json)\(\)|request\.(body|query))$/;
const NAMES = /id$|^(e_?mail|user_?name)$/i;
/** `db.user` is a model, and nobody. */
const HOLDS_MODELS =
  /(^|\.)(db|prisma\w*|models?|database|sequelize|repos|repositories|orm|entities|tables?|collections?)$/i;
const LOGS_IN =
  /^(jsonwebtoken\.sign|@nestjs\/jwt\.JwtService\(\)\.sign(Async)?|express-session|passport\.authenticate|jose\.SignJWT)$/;
/** Addresses that are open, or for few, on purpose. */
const APART =
  /admin|manage|internal|public|catalog|share|log-?in|sign-?(in|up)|regist|forgot|reset|verif|confirm|activat|webhook|callback/i;

export default defineRule({
  id: 'auth/ownership-unchecked',
  ensures: 'A record is handed out only to those it belongs to.',
  severity: 'medium',
  roles: ['service', 'function'],
  cwe: 639,
  owasp: 'A01',
  why: 'Whoever is logged in changes the id in the address and has the record of somebody else: orders, invoices, messages, one after another.',
  fix: 'Ask for both: `Order.findOne({ _id: req.params.id, owner: req.user.id })`, and answer 404 when there is none.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Insecure_Direct_Object_Reference_Prevention_Cheat_Sheet.html',
  ],
  needs: ['apps', 'flows', 'program', 'code', 'records'],
  *check({ apps, flows, program, code, records }) {
    type Ref = NonNullable<ReturnType<typeof program.functionAt>>;
    type Taking = ReturnType<typeof records.takenIn>[number];
    type Route = (typeof apps.routes)[number];
    const seen = new Set<number>();
    const isOf = ({ effects }: Route['chain'][number], kinds: RegExp): boolean =>
      effects.some(({ kind }) => kinds.test(kind));
    const knowsPeople =
      program.callsTo(LOGS_IN).length > 0 ||
      apps.routes.some(({ chain, handlers }) =>
        chain.some((link) => link !== handlers.at(-1) && isOf(link, /^(auth|role)$/)),
      );
    for (const route of apps.routes) {
      // what stands behind a handler that answers is never met
      const own = route.handlers.findLast(({ node }) => program.functionAt(node) !== undefined);
      const fn = own === undefined ? undefined : program.functionAt(own.node);
      if (!own || !fn || seen.has(own.node) || route.app.serving === 'no' || route.purpose !== 'other') continue;
      const before = route.chain.slice(0, route.chain.indexOf(own));
      const asked = before.some((link) => isOf(link, /^auth$/));
      // only a few are let in, or it may be so: that is another matter
      if (before.some((link) => isOf(link, /^(role|unknown)$/)) || APART.test(route.path ?? '')) continue;
      if (!asked && (!knowsPeople || isOf(own, /^(auth|role|unknown)$/))) continue;
      seen.add(own.node);
      const told = takenBy(fn, asked);
      if (!told) continue;
      const name = `${route.method} ${route.path ?? '?'}`;
      const note = asked ? 'The route asks only whether somebody is logged in.' : 'The route asks nobody who they are.';
      yield findingOf(told, name, [{ at: route.pathAt, note }]);
    }
    for (const { fn, field } of knowsPeople ? records.resolvers : []) {
      const told = seen.has(fn.node) || /login|register|signup/i.test(field ?? '') ? undefined : takenBy(fn, false);
      seen.add(fn.node);
      if (told) yield findingOf(told, field ?? fn.fact.name ?? 'a resolver', []);
    }

    function findingOf(
      { taking, call, because, doubt }: Told,
      name: string,
      trail: readonly { at: Taking['at']; note: string }[],
    ) {
      const what =
        taking.by === 'owner'
          ? `takes ${taking.column ?? 'the owner'} from the client`
          : `takes the id the client names`;
      return {
        at: program.locationOf(call),
        message: `${name} ${what}, and nothing asks whose record it is.`,
        ...(doubt === undefined ? { confidence: 'likely' as const } : { unsure: doubt }),
        trail: [...trail, ...(because ? [because] : [])],
      };
    }

    type Told = {
      taking: Taking;
      call: number;
      because: ReturnType<typeof records.ownerOf>;
      doubt: string | undefined;
    };

    /** What a handler hands out or changes of somebody it does not ask for. */
    function takenBy(fn: Ref, asked: boolean): Told | undefined {
      const functions = [...code.runs(fn)];
      const isWithin = ({ module, fact }: Ref): boolean =>
        module === fn.module && fn.fact.at[0] <= fact.at[0] && fact.at[1] <= fn.fact.at[1];
      const own = functions.filter(isWithin).flatMap((each) => code.callsIn(each));
      for (const each of functions) {
        for (const taking of records.takenIn(each)) {
          const told = judged(taking, asked);
          const call = told && (isWithin(each) ? taking.call : own.find((outer) => leadsTo(outer, each, taking)));
          if (told && call !== undefined) return functions.some(asksWhose) ? undefined : { ...told, call };
        }
      }
      return undefined;
    }

    /** A handler hands what the client names on to a function that takes it. */
    function leadsTo(call: number, to: Ref, { from, isPeople }: Taking): boolean {
      const value = program.valueOf(call);
      const isHanded = (value.kind === 'call' ? value.args : []).some((use) => {
        const path = flows.received(program.child(call, use.value))?.path;
        const name = path?.at(-1) ?? '';
        return (
          path?.some((part) => FROM_CLIENT.test(part)) &&
          (name === from.path.at(-1) || (isPeople ? NAMES.test(name) : /id$/i.test(name)))
        );
      });
      return (
        isHanded &&
        program
          .callees(call)
          .some((each) => each.node === to.node || code.runs(each).some(({ node }) => node === to.node))
      );
    }

    function judged(taking: Taking, asked: boolean): Told | undefined {
      const { table, by, writes, isPeople, from } = taking;
      const because = by === 'owner' ? { at: taking.at, note: 'The client says whose it is.' } : records.ownerOf(table);
      const told = (doubt?: string): Told => ({ taking, call: taking.call, because, doubt });
      const isOpen = MEANT_FOR_ALL.test(table);
      if (asked) {
        if (by === 'owner') return told();
        if (because && !isPeople && (writes || !isOpen)) return told();
        const byAddress = from.path.some((part) => /^(params?|pathParameters)$/.test(part));
        return byAddress ? told('records that belong to nobody are meant for everybody who is logged in.') : undefined;
      }
      if (isPeople) return writes || taking.lists ? undefined : told('profiles may be meant for everybody.');
      if (!because || isOpen) return undefined;
      return told(PRIVATE.test(table) && by === 'record' ? undefined : 'its records may be meant for everybody.');
    }

    /** A function reads something of whoever asks, not only to log it or to answer with it. */
    function asksWhose({ module, fact }: Ref): boolean {
      const { values } = module.facts;
      const isIn = (inner: readonly [number, number], [start, end]: readonly [number, number]): boolean =>
        start <= inner[0] && inner[1] <= end;
      const calls = values.filter((value) => value.kind === 'call' && isIn(value.at, fact.at));
      const isLog = (id: number): boolean => /^console\.|log(ger)?\.\w+$/i.test(program.describe(module.first + id));
      const [logs, others] = [true, false].map((wanted) =>
        calls.filter((call) => call.kind === 'call' && isLog(call.callee) === wanted).map(({ at }) => at),
      );
      const answers = fact.returns
        .map(({ value }) => values[value])
        .flatMap((value) => (value?.kind === 'object' ? [value.at] : []));
      return values.some((value, id) => {
        if (value.kind !== 'member' || !OWNER.test(value.property ?? '') || !isIn(value.at, fact.at)) return false;
        if (HOLDS_MODELS.test(program.describe(module.first + value.object))) return false;
        const around = [...(logs ?? []), ...answers].filter((range) => isIn(value.at, range));
        const isUsed = (others ?? []).some(
          (call) => isIn(value.at, call) && around.every((range) => isIn(call, range)),
        );
        return (around.length === 0 || isUsed) && !isSent(module.first + id);
      });
    }

    function isSent(node: number): boolean {
      const path = flows.received(node)?.path;
      return path?.some((part) => FROM_CLIENT.test(part)) === true;
    }
  },
  examples: [
    bad('Whose notes it are, the client says', {
      'app.js': `const express = require('express');\nconst { Note } = require('./note');\nconst app = express();\nconst requireUser = (req, res, next) => (req.session.user ? next() : res.sendStatus(401));\napp.get('/notes/of/:userid', requireUser, (req, res) => {\n  const userid = req.params.userid;\n  «Note.findAll({ where: { userid } })».then((notes) => res.send(notes));\n});\napp.listen(3000);\n`,
      'note.js': `const { Sequelize, DataTypes } = require('sequelize');\nconst sequelize = new Sequelize(process.env.DATABASE_URL);\nexports.Note = sequelize.define('note', { userid: DataTypes.INTEGER, text: DataTypes.STRING });\n`,
    }),
    bad('A model with an owner, and one whose records are asked for by owner elsewhere', {
      'app.js': `import express from 'express';\nimport mongoose from 'mongoose';\nconst Order = mongoose.model('Order', new mongoose.Schema({ owner: String, total: Number }));\nconst Note = mongoose.model('Note', new mongoose.Schema({}, { strict: false }));\nconst app = express();\nconst requireUser = (req, res, next) => (req.session.user ? next() : res.sendStatus(401));\napp.delete('/orders/:id', requireUser, async (req, res) => {\n  console.log(req.session.user);\n  res.json(await «Order.findByIdAndDelete(req.params.id)»);\n});\napp.get('/notes', requireUser, async (req, res) => res.json(await Note.find({ owner: req.session.user })));\napp.get('/notes/:id', requireUser, async (req, res) => res.json(await «Note.findById(req.params.id)»));\napp.listen(3000);\n`,
    }),
    bad('The status of an order is changed', {
      'app.js': `const express = require('express');\nconst mongoose = require('mongoose');\nconst Order = mongoose.model('Order', new mongoose.Schema({ userId: String, status: String }));\nconst app = express();\nconst requireUser = (req, res, next) => (req.session.user ? next() : res.sendStatus(401));\napp.post('/orders/:id/status', requireUser, async (req, res) => {\n  await «Order.updateOne({ _id: req.params.id }, { status: String(req.body.status) })»;\n  res.json({});\n});\napp.listen(3000);\n`,
    }),
    unsure('An order of anybody', {
      'app.js': `const express = require('express');\nconst mongoose = require('mongoose');\nconst Order = mongoose.model('Order', new mongoose.Schema({ total: Number }));\nconst app = express();\nconst requireUser = (req, res, next) => (req.session.user ? next() : res.sendStatus(401));\napp.get('/orders/:id', requireUser, async (req, res) => res.json(await «Order.findById(req.params.id)»));\napp.listen(3000);\n`,
    }),
    unsure('Deleted by a service of another file', {
      'app.ts': `import express from 'express';\nimport { remove } from './orders.ts';\nconst app = express();\napp.use((req, res, next) => (req.headers.authorization ? next() : res.sendStatus(401)));\napp.delete('/orders/:id', async (req, res) => res.json(await «remove(req.params.id)»));\napp.listen(3000);\n`,
      'orders.ts': `import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nexport const remove = (id: string) => prisma.order.delete({ where: { id } });\n`,
    }),
    good('With its owner, compared after, or for admins', {
      'app.js': `const express = require('express');\nconst { Order } = require('./order');\nconst app = express();\nconst requireUser = (req, res, next) => (req.session.user ? next() : res.sendStatus(401));\nconst requireAdmin = (req, res, next) => (req.user.isAdmin ? next() : res.sendStatus(403));\napp.get('/orders/:id', requireUser, async (req, res) => res.json(await Order.findOne({ _id: req.params.id, owner: req.user.id })));\napp.put('/orders/:id', requireUser, async (req, res) => {\n  const order = await Order.findById(req.params.id);\n  if (order.userId !== res.locals.id) return res.sendStatus(404);\n  res.json(order);\n});\napp.delete('/orders/:id', requireUser, requireAdmin, async (req, res) => res.json(await Order.deleteOne({ _id: req.params.id })));\napp.listen(3000);\n`,
      'order.js': `const mongoose = require('mongoose');\nexports.Order = mongoose.model('Order', new mongoose.Schema({}));\n`,
    }),
    bad('A parameter of Nest, though it is logged who asked', {
      'notes.controller.ts': `import { Controller, Delete, Get, Param, Req, UseGuards } from '@nestjs/common';\nimport { InjectModel } from '@nestjs/mongoose';\nimport { Model } from 'mongoose';\nimport { AuthGuard } from './auth.guard';\n@Controller('notes')\n@UseGuards(AuthGuard)\nexport class NotesController {\n  constructor(@InjectModel('Note') private readonly notes: Model<Note>) {}\n  @Get()\n  mine(@Req() req) {\n    return this.notes.find({ owner: req.user.id });\n  }\n  @Delete(':id')\n  async remove(@Param('id') id: string, @Req() req) {\n    await «this.notes.deleteOne({ _id: id })»;\n    console.log(req.user.id);\n    return { id, by: req.user.name };\n  }\n}\n`,
      'auth.guard.ts': `import { CanActivate, ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';\n@Injectable()\nexport class AuthGuard implements CanActivate {\n  canActivate(context: ExecutionContext) {\n    if (!context.switchToHttp().getRequest().headers.authorization) throw new UnauthorizedException();\n    return true;\n  }\n}\n`,
      'main.ts': `import { Module } from '@nestjs/common';\nimport { NestFactory } from '@nestjs/core';\nimport { NotesController } from './notes.controller';\n@Module({ controllers: [NotesController] })\nexport class AppModule {}\nasync function start() {\n  const app = await NestFactory.create(AppModule);\n  await app.listen(3000);\n}\nstart();\n`,
    }),
    good('Profiles by name, and a list that is nobody’s', {
      'app.js': `import express from 'express';\nimport { Place, User } from './models.js';\nconst app = express();\nconst requireUser = (req, res, next) => (req.session.user ? next() : res.sendStatus(401));\napp.get('/profiles', requireUser, async (req, res) => res.json(await User.find({ username: req.query.name })));\napp.get('/places', requireUser, async (req, res) => res.json(await Place.find({ city: req.query.city })));\napp.listen(3000);\n`,
      'models.js': `import mongoose from 'mongoose';\nexport const User = mongoose.model('User', new mongoose.Schema({ username: String }));\nexport const Place = mongoose.model('Place', new mongoose.Schema({ city: String }));\n`,
    }),
    bad('SQL by an id, where others are asked for by their user; nobody asks who it is', {
      'app.js': `const express = require('express');\nconst jwt = require('jsonwebtoken');\nconst { find, mine } = require('./invoices');\nconst app = express();\nconst requireUser = (req, res, next) => {\n  req.user = jwt.verify(req.headers.authorization, process.env.KEY, { algorithms: ['HS256'] });\n  next();\n};\napp.get('/invoices', requireUser, async (req, res) => res.json(await mine(req.user.id)));\napp.get('/invoices/:id', async (req, res) => {\n  const invoice = await «find(Number(req.params.id))»;\n  res.json(invoice);\n});\napp.listen(3000);\n`,
      'invoices.js': `const { Pool } = require('pg');\nconst pool = new Pool();\nexports.mine = (user) => pool.query('SELECT * FROM invoices WHERE user_id = $1', [user]);\nexports.find = (id) => pool.query('SELECT * FROM invoices WHERE id = $1', [id]);\n`,
    }),
    unsure('A resolver that looks at nobody', {
      'schema.js': `const { ApolloServer } = require('@apollo/server');\nconst jwt = require('jsonwebtoken');\nconst mongoose = require('mongoose');\nconst User = mongoose.model('User', new mongoose.Schema({ email: String }));\nconst resolvers = {\n  Query: {\n    user: (parent, args) => «User.findById(args.id)»,\n    me: (parent, args, context) => User.findById(context.user.id),\n  },\n  Mutation: { login: (parent, args) => jwt.sign({ id: args.name }, process.env.KEY) },\n};\nmodule.exports = new ApolloServer({ typeDefs: '', resolvers });\n`,
    }),
    good('Posts have authors and readers; a service that is given the id of the session', {
      'app.js': `import express from 'express';\nimport session from 'express-session';\nimport { invoicesOf, one } from './data.js';\nconst app = express();\napp.use(session({ secret: process.env.KEY }));\nconst requireUser = (req, res, next) => (req.session.userId ? next() : res.sendStatus(401));\napp.get('/posts/:id', async (req, res) => res.json(await one(req.params.id)));\napp.get('/invoices', requireUser, async (req, res) => res.json(await invoicesOf(req.session.userId)));\napp.listen(3000);\n`,
      'data.js': `import mongoose from 'mongoose';\nconst Post = mongoose.model('Post', new mongoose.Schema({ author: String }));\nconst Invoice = mongoose.model('Invoice', new mongoose.Schema({ user: String }));\nexport const one = (id) => Post.findById(id);\nexport const invoicesOf = (user) => Invoice.find({ user });\n`,
    }),
    good('SQL that asks for both', {
      'app.js': `import Koa from 'koa';\nimport Router from '@koa/router';\nimport pg from 'pg';\nconst pool = new pg.Pool();\nconst app = new Koa();\nconst router = new Router();\nrouter.use(async (ctx, next) => {\n  if (!ctx.headers.authorization) ctx.throw(401);\n  await next();\n});\nrouter.delete('/notes/:id', async (ctx) => {\n  await pool.query('DELETE FROM notes WHERE id = $1 AND member_id = $2', [ctx.params.id, ctx.state.member.id]);\n  ctx.status = 204;\n});\napp.use(router.routes());\napp.listen(3000);\n`,
    }),
    good('Open to everybody', {
      'app.js': `import express from 'express';\nimport { Book } from './book.js';\nconst app = express();\napp.get('/books/:id', async (req, res) => res.json(await Book.findById(req.params.id)));\napp.listen(3000);\n`,
      'book.js': `import mongoose from 'mongoose';\nexport const Book = mongoose.model('Book', new mongoose.Schema({}));\n`,
    }),
  ],
});
