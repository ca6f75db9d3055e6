import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

const LOOKS_UP =
  /^(findBy\w+|findOne\w*|findUnique\w*|findFirst\w*|deleteOne|updateOne|update|delete|destroy|remove|findByIdAndUpdate|findByIdAndDelete)$/;
const LISTS = /^(find|findAll|findMany|findBy|findAndCountAll|updateMany|deleteMany|count)$/;
const WRITES = /update|delete|destroy|remove/i;
/** Columns that say whose a record is. */
const COLUMN = /^(user|owner|author|account|customer|member|createdBy|created_by|uid)(_?id)?$|^user_?name$/i;
/** Records of people: their id is who they are. */
const PEOPLE =
  /(^|[._])(users?|accounts?|members?|profiles?|customers?|admins?)(Model|Repository|Collection|Service|s)?$/i;
const FROM_CLIENT = /^(params?|param\(\)|body|query|req\.(param|query|json)\(\)|request\.(body|query))$/;
const OWNER =
  /^(user|userId|user_id|uid|owner|ownerId|owner_id|author|authorId|author_id|createdBy|created_by|account|accountId|tenant|tenantId|tenant_id|org|orgId|organization\w*|team|teamId|workspace\w*|principal|session|auth|ability|can|isOwner|isAdmin|role|roles|permissions?|currentUser|claims|customer|customerId|sub)$/;

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
  needs: ['apps', 'flows', 'program', 'code'],
  *check({ apps, flows, program, code }) {
    const seen = new Set<number>();
    for (const route of apps.routes) {
      // what stands behind a handler that answers is never met
      const own = route.handlers.findLast(({ node }) => program.functionAt(node) !== undefined);
      const fn = own === undefined ? undefined : program.functionAt(own.node);
      if (!own || !fn || seen.has(own.node) || route.app.serving === 'no') continue;
      // nobody is asked who they are, or only a few are let in: that is another matter
      const before = route.chain.slice(0, route.chain.indexOf(own));
      const asked = before.some(({ effects }) => effects.some(({ kind }) => kind === 'auth'));
      const few = before.some(({ effects }) => effects.some(({ kind }) => kind === 'role' || kind === 'unknown'));
      if (!asked || few || route.purpose !== 'other') continue;
      if (/admin|manage|internal|public|catalog/i.test(route.path ?? '')) continue;
      seen.add(own.node);
      const functions = [...code.runs(fn)];
      if (functions.some((each) => asksWhose(each))) continue;
      for (const call of functions.flatMap((each) => code.callsIn(each))) {
        const found = takenBy(call, /[:{]\w*/.test(route.path ?? ''));
        if (!found) continue;
        yield {
          at: program.locationOf(call),
          message: `${route.method} ${route.path ?? '?'} ${found.message}, and nothing asks whose record it is.`,
          ...(found.because === undefined
            ? { unsure: 'records that belong to nobody are meant for everybody who is logged in.' }
            : { confidence: 'likely' }),
          trail: [
            { at: route.pathAt, note: 'The route asks only whether somebody is logged in.' },
            ...(found.because ? [found.because] : []),
          ],
        };
        break;
      }
    }

    type Ref = NonNullable<ReturnType<typeof program.functionAt>>;

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
        const around = [...(logs ?? []), ...answers].filter((range) => isIn(value.at, range));
        const isUsed = (others ?? []).some(
          (call) => isIn(value.at, call) && around.every((range) => isIn(call, range)),
        );
        return (around.length === 0 || isUsed) && !isSent(module.first + id);
      });
    }

    function isSent(node: number): boolean {
      const path = flows.received(node)?.path;
      return path !== undefined && (path.length === 0 || path.some((part) => FROM_CLIENT.test(part)));
    }

    /** What a call asks for by an id, or by an owner, that the client names. */
    function takenBy(call: number, byAddress: boolean) {
      const value = program.valueOf(call);
      const callee = value.kind === 'call' ? program.child(call, value.callee) : call;
      const member = program.valueOf(callee);
      const method = member.kind === 'member' ? (member.property ?? '') : '';
      if (member.kind !== 'member' || !(LOOKS_UP.test(method) || LISTS.test(method))) return undefined;
      const model = program.child(callee, member.object);
      const isPeople = PEOPLE.test(program.describe(model));
      const whose = isPeople ? undefined : columnIn(call, true);
      if (whose && !(whose.isName && !WRITES.test(method)))
        return {
          message: `takes ${whose.name} from the client`,
          because: { at: whose.at, note: 'The client says whose it is.' },
        };
      if (!byAddress || !LOOKS_UP.test(method) || !idIn(program.argument(call, 0), 0)) return undefined;
      const message = 'takes the id from the address';
      if (isPeople) return { message };
      const column = WRITES.test(method) ? ownedBy(model) : undefined;
      return { message, because: column ?? askedElsewhere(call, model) };
    }

    /** The property of a filter that says whose a record is, given by the client or not. */
    function columnIn(call: number, byClient: boolean) {
      const [first, second] = [0, 1].map((index) => program.argument(call, index));
      const [inFirst, inSecond] = [first, second].map((argument) => {
        const where = argument === undefined ? undefined : code.property(argument, 'where');
        return where?.state === 'given' ? where.value : undefined;
      });
      // beside a condition the first argument is what is written
      const filter = inSecond ?? inFirst ?? first;
      for (const origin of filter === undefined ? [] : program.origins(filter)) {
        const object = program.valueOf(origin);
        if (object.kind !== 'object') continue;
        for (const { name = '', at, value } of object.properties)
          if (COLUMN.test(name) && isSent(program.child(origin, value)) === byClient)
            return { name, at: program.locationIn(program.moduleOf(origin), at), isName: /name$/i.test(name) };
      }
      return undefined;
    }

    /** The column of a model of Mongoose or Sequelize that says whose its records are. */
    function ownedBy(model: number) {
      for (const origin of program.origins(model)) {
        const made = program.argument(origin, 1);
        const call = program.valueOf(origin);
        if (call.kind !== 'call' || made === undefined || !/^(mongoose|sequelize)\b/.test(code.apiOf(origin)[0] ?? ''))
          continue;
        const fields = program.origins(made).flatMap((schema) => {
          const first = program.argument(schema, 0);
          return first === undefined ? [schema] : program.origins(first);
        });
        for (const object of fields) {
          const value = program.valueOf(object);
          const column =
            value.kind === 'object' ? value.properties.find(({ name }) => COLUMN.test(name ?? '')) : undefined;
          if (column)
            return {
              at: program.locationIn(program.moduleOf(object), column.at),
              note: `Its records have an owner: ${column.name}.`,
            };
        }
      }
      return undefined;
    }

    /** The same model is asked for the records of somebody at another place. */
    function askedElsewhere(call: number, model: number) {
      const origins = new Set(program.origins(model));
      for (const other of program.callsNamed(LOOKS_UP, LISTS)) {
        const value = program.valueOf(other);
        const callee = value.kind === 'call' ? program.child(other, value.callee) : other;
        const member = program.valueOf(callee);
        if (other === call || member.kind !== 'member') continue;
        const isSame = program.origins(program.child(callee, member.object)).some((each) => origins.has(each));
        const column = isSame ? columnIn(other, false) : undefined;
        if (column) return { at: column.at, note: `Elsewhere its records are asked for by ${column.name}.` };
      }
      return undefined;
    }

    /** `req.params.id`, `@Param('id') id`, or an object that holds it. */
    function idIn(node: number | undefined, depth: number): boolean {
      if (node === undefined || depth > 3) return false;
      const received = flows.received(node);
      if (received?.path.includes('params') || received?.path.includes('param')) return true;
      if (received?.path.length === 0 && isAddressed(received.node)) return true;
      return program.origins(node).some((origin) => {
        const value = program.valueOf(origin);
        return (
          value.kind === 'object' &&
          value.properties.some(({ value: inner }) => idIn(program.child(origin, inner), depth + 1))
        );
      });
    }

    function isAddressed(param: number): boolean {
      const value = program.valueOf(param);
      if (value.kind !== 'param') return false;
      const { facts, first } = program.moduleOf(param);
      const { decorators = [] } = facts.functions[value.function]?.params[value.index] ?? {};
      return decorators.some((each) => program.apis(first + each).includes('@nestjs/common.Param()'));
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
    unsure('An order of anybody', {
      'app.js': `const express = require('express');\nconst mongoose = require('mongoose');\nconst Order = mongoose.model('Order', new mongoose.Schema({ total: Number }));\nconst app = express();\nconst requireUser = (req, res, next) => (req.session.user ? next() : res.sendStatus(401));\napp.get('/orders/:id', requireUser, async (req, res) => res.json(await «Order.findById(req.params.id)»));\napp.listen(3000);\n`,
    }),
    unsure('Deleted by a service of another file', {
      'app.ts': `import express from 'express';\nimport { remove } from './orders.ts';\nconst app = express();\napp.use((req, res, next) => (req.headers.authorization ? next() : res.sendStatus(401)));\napp.delete('/orders/:id', async (req, res) => res.json(await remove(req.params.id)));\napp.listen(3000);\n`,
      'orders.ts': `import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nexport const remove = (id: string) => «prisma.order.delete({ where: { id } })»;\n`,
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
    good('Open to everybody', {
      'app.js': `import express from 'express';\nimport { Book } from './book.js';\nconst app = express();\napp.get('/books/:id', async (req, res) => res.json(await Book.findById(req.params.id)));\napp.listen(3000);\n`,
      'book.js': `import mongoose from 'mongoose';\nexport const Book = mongoose.model('Book', new mongoose.Schema({}));\n`,
    }),
  ],
});
