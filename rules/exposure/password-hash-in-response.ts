import { bad, defineRule, good } from '../../src/rule/rule.ts';
import type { Location } from '../../src/rule/rule.ts';

const HIDDEN_FIELD =
  /^(password|passwd|(hashed|encrypted)_?password|password_?(hash|digest)|(otp|totp|mfa|two_?factor)_?secret)$/i;
const PRISMA =
  /(?:^|[./ ])_?(?:prisma|db)\w*(?:\(\))?\.(\w+)\.(find(?:Unique|First|Many)(?:OrThrow)?|create|createMany|update|upsert)$/i;
const HASHES = /^(bcrypt|bcryptjs|argon2|@node-rs\/(bcrypt|argon2))\.(hash|hashSync)\(\)$/;
const KNEX = /^knex(\.(knex|default))?\(\)$/;
/** What may be called on a query of Knex and leaves its columns alone. */
const WHOLE_ROWS = /^(first|insert|update|(and|or)?[wW]here\w*|orderBy|limit|offset|transacting)$/;
const WRITES = /^(create|createMany|update|upsert)$/;
const TYPEORM = /^(find|findOne|findBy|findOneBy|findOneOrFail|findOneByOrFail|findAndCount)$/;

export default defineRule({
  id: 'exposure/password-hash-in-response',
  ensures: 'Records of Prisma, TypeORM and Knex are sent without the hashes of passwords in them.',
  severity: 'medium',
  control: 'exposure/sensitive-data-in-response',
  roles: ['service', 'function'],
  cwe: 200,
  owasp: 'A01',
  why: 'A record sent as it is stored takes the hash of the password along, to be cracked elsewhere.',
  fix: 'Name what is sent, or leave it out of the query: `omit: { password: true }` of Prisma, `@Column({ select: false })` of TypeORM, `.select("id", "name")` of Knex.',
  references: ['https://owasp.org/API-Security/editions/2023/en/0xa3-broken-object-property-level-authorization/'],
  needs: ['program', 'code', 'handlers'],
  *check({ program, code, handlers }) {
    for (const { sent, at } of answers()) {
      const found = leavesOf(sent, 0).flatMap((leaf) => recordAt(leaf) ?? [])[0];
      if (found)
        yield {
          at,
          message: `The ${found.field} of ${found.model} is sent to the client with the rest of the record.`,
          trail: [{ at: found.at, note: 'The field is written here.' }],
          confidence: 'likely',
        };
    }

    function* answers(): Generator<{ readonly sent: number; readonly at: Location }> {
      for (const call of program.callsNamed('json', 'send')) {
        const value = program.valueOf(call);
        const given = code.argument(call, 0);
        if (value.kind !== 'call' || given.state !== 'given') continue;
        if (/^(res|response|reply|c|ctx)\b/.test(program.describe(program.child(call, value.callee))))
          yield { sent: given.value, at: given.at };
      }
      for (const { fn, framework } of handlers.all) {
        if (!/^(fastify|nest|hapi)$/.test(framework)) continue;
        for (const { value, at } of fn.fact.returns)
          yield { sent: fn.module.first + value, at: program.locationIn(fn.module, at) };
      }
    }

    /** A value, and what is in it where it is an object written here. */
    function leavesOf(node: number, depth: number): readonly number[] {
      const value = program.valueOf(node);
      if (value.kind !== 'object' || depth > 2) return [node];
      return value.properties.flatMap(({ kind, value: inner }) =>
        kind === 'value' ? leavesOf(program.child(node, inner), depth + 1) : [],
      );
    }

    /** `user.password = await bcrypt.hash(…)`, on what is sent afterwards. */
    function writtenInto(record: number) {
      const writes = program.writesTo(record);
      const found = writes.find(
        ({ write, module }) =>
          HIDDEN_FIELD.test(write.property ?? '') &&
          program
            .origins(module.first + write.value)
            .some((each) => program.apis(each).some((api) => HASHES.test(api))),
      );
      const isTakenOut = writes.some(({ write }) => write !== found?.write && write.property === found?.write.property);
      if (!found || isTakenOut || writesItself()) return undefined;
      const { write, module } = found;
      return { field: write.property ?? '', model: program.describe(record), at: program.locationIn(module, write.at) };
    }

    /** Some record says itself what is written of it. */
    function writesItself(): boolean {
      return [...program.modules.values()].some(
        ({ facts }) =>
          facts.values.some(
            (value) => value.kind === 'object' && value.properties.some(({ name }) => name === 'toJSON'),
          ) ||
          facts.writes.some(({ property }) => property === 'toJSON') ||
          facts.classes.some(({ members }) => members.some(({ name }) => name === 'toJSON')),
      );
    }

    function recordAt(leaf: number) {
      for (const origin of program.origins(leaf)) {
        const call = program.valueOf(origin);
        const written = writtenInto(origin);
        if (written) return written;
        if (call.kind !== 'call' || program.writesTo(origin).length > 0) continue;
        const callee = program.child(origin, call.callee);
        const member = program.valueOf(callee);
        if (member.kind !== 'member') continue;
        const found =
          ofKnex(origin) ??
          ofPrisma(origin, callee) ??
          ofTypeorm(origin, program.child(callee, member.object), member.property ?? '');
        if (found) return found;
      }
      return undefined;
    }

    function ofKnex(query: number) {
      const table = tableOf(query);
      // what writes answers with numbers, unless it is told to answer with rows
      if (table === undefined || /\.(insert|update)\(…\)$/.test(program.describe(query))) return undefined;
      for (const call of program.callsNamed('insert', 'update')) {
        const [object] = program.origins(program.argument(call, 0) ?? call);
        const fields = object === undefined ? undefined : program.valueOf(object);
        const field =
          fields?.kind === 'object' ? fields.properties.find(({ name }) => HIDDEN_FIELD.test(name ?? '')) : undefined;
        if (object !== undefined && field?.name !== undefined && tableOf(call) === table)
          return { field: field.name, model: table, at: program.locationIn(program.moduleOf(object), field.at) };
      }
      return undefined;
    }

    /** The table whose rows a query of Knex is about, where it takes all of their columns. */
    function tableOf(query: number): string | undefined {
      let table: string | undefined;
      let current: number | undefined = query;
      for (let count = 0; current !== undefined && count < 16; count += 1) {
        const value = program.valueOf(current);
        if (value.kind !== 'call') return undefined;
        const callee = program.child(current, value.callee);
        const member = program.valueOf(callee);
        const first = program.argument(current, 0);
        const [text] = first === undefined ? [] : (program.constants(first) ?? []);
        if (program.apis(callee).some((api) => KNEX.test(api)))
          return table ?? (text === undefined ? text : String(text));
        if (member.kind !== 'member' || member.property === undefined) return undefined;
        if (/^(from|table|into)$/.test(member.property)) table = String(text);
        else if (/^(select|returning|column|columns)$/.test(member.property)) {
          if (first !== undefined && (text !== '*' || value.args.length > 1)) return undefined;
        } else if (!WHOLE_ROWS.test(member.property)) return undefined;
        const object = program.child(callee, member.object);
        if (program.apis(object).some((api) => KNEX.test(api))) return table;
        current = program.definitions(object)[0];
      }
      return undefined;
    }

    function ofPrisma(query: number, callee: number) {
      const [, model, method] = PRISMA.exec(program.describe(callee)) ?? [];
      if (model === undefined || method === undefined || !usesPrisma()) return undefined;
      const options = code.argument(query, 0);
      if (options.state === 'unknown') return undefined;
      const isChosen =
        options.state === 'given' &&
        ['select', 'omit'].some((name) => code.property(options.value, name).state !== 'absent');
      const field = isChosen ? undefined : writtenField(model);
      return field && { ...field, model };
    }

    function usesPrisma(): boolean {
      const isClient = [...program.modules.values()].some(({ facts }) =>
        facts.imports.some(({ module }) => /prisma/.test(module ?? '')),
      );
      const hides = program
        .callsTo(/^@prisma\/client\.PrismaClient(\(\)\.\$extends)?$/)
        .some((call) => program.callsNamed('$extends').length > 0 || code.option(call, 0, 'omit').state !== 'absent');
      return isClient && !hides;
    }

    /** A field for the password that is given when records of the model are written. */
    function writtenField(model: string): { readonly field: string; readonly at: Location } | undefined {
      for (const call of program.callsNamed(WRITES)) {
        const value = program.valueOf(call);
        if (value.kind !== 'call') continue;
        if (PRISMA.exec(program.describe(program.child(call, value.callee)))?.[1] !== model) continue;
        for (const name of ['data', 'create', 'update']) {
          const data = code.option(call, 0, name);
          const [object] = data.state === 'given' ? program.origins(data.value) : [];
          const fields = object === undefined ? undefined : program.valueOf(object);
          const field =
            fields?.kind === 'object'
              ? fields.properties.find((each) => HIDDEN_FIELD.test(each.name ?? ''))
              : undefined;
          if (object !== undefined && field?.name !== undefined)
            return { field: field.name, at: program.locationIn(program.moduleOf(object), field.at) };
        }
      }
      return undefined;
    }

    function ofTypeorm(query: number, repository: number, method: string) {
      if (!TYPEORM.test(method) || code.option(query, 0, 'select').state !== 'absent') return undefined;
      for (const entity of entitiesOf(repository)) {
        const value = program.valueOf(entity);
        if (value.kind !== 'class') continue;
        const module = program.moduleOf(entity);
        const fact = module.facts.classes[value.class];
        for (const { name, at, decorators } of fact?.members ?? []) {
          const calls = decorators.map((decorator) => module.first + decorator);
          const isHidden = calls.some(
            (call) =>
              code.apiOf(call).some((api) => /\.(Exclude|HideField)$/.test(api)) ||
              code.option(call, 0, 'select').state !== 'absent',
          );
          const isColumn = calls.some((call) => code.apiOf(call).includes('typeorm.Column'));
          const isShaped = fact?.members.some(
            (each) =>
              each.name === 'toJSON' || (each.kind === 'method' && /^(toResponse|to\w*Dto)$/i.test(each.name ?? '')),
          );
          if (name !== undefined && HIDDEN_FIELD.test(name) && isColumn && !isHidden && !isShaped)
            return { field: name, model: fact?.name ?? 'the entity', at: program.locationIn(module, at) };
        }
      }
      return undefined;
    }

    /** The class of `Repository<User>`, of `getRepository(User)`. */
    function entitiesOf(repository: number): readonly number[] {
      return program.origins(repository).flatMap((origin) => {
        const value = program.valueOf(origin);
        if (value.kind === 'call' && code.apiOf(origin).some((api) => api.endsWith('getRepository'))) {
          const first = program.argument(origin, 0);
          return first === undefined ? [] : program.origins(first);
        }
        if (value.kind !== 'param') return [];
        const type = program.moduleOf(origin).facts.functions[value.function]?.params[value.index]?.type;
        const entity = type?.name === 'Repository' ? type.arguments?.[0]?.value : undefined;
        return entity === undefined ? [] : program.origins(program.child(origin, entity));
      });
    }
  },
  examples: [
    bad('Written just before', {
      'app.js': `const app = require('express')();\nconst bcrypt = require('bcrypt');\nconst { User } = require('./user');\napp.post('/users', async (req, res) => {\n  const user = new User(req.body);\n  user.password = await bcrypt.hash(req.body.password, 12);\n  await user.save();\n  res.json(«{ user }»);\n});\napp.post('/others', async (req, res) => {\n  const user = new User(req.body);\n  user.password = await bcrypt.hash(req.body.password, 12);\n  await user.save();\n  user.password = undefined;\n  res.json({ user });\n});\n`,
      'user.js': `const mongoose = require('mongoose');\nexports.User = mongoose.model('User', new mongoose.Schema({ email: String }));\n`,
    }),
    bad('Prisma, sent by Express', {
      'app.js': `const express = require('express');\nconst { PrismaClient } = require('@prisma/client');\nconst app = express();\nconst prisma = new PrismaClient();\napp.post('/users', async (req, res) => {\n  const user = await prisma.user.create({ data: { mail: req.body.mail, password: await hash(req.body.password) } });\n  res.status(201).json(«{ user }»);\n});\napp.get('/users/:id', async (req, res) => {\n  res.json(«await prisma.user.findUnique({ where: { id: req.params.id } })»);\n});\n`,
    }),
    bad('TypeORM, returned by NestJS through a service', {
      'user.entity.ts': `import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';\n@Entity()\nexport class User {\n  @PrimaryGeneratedColumn() id: number;\n  @Column() mail: string;\n  @Column() passwordHash: string;\n}\n`,
      'users.service.ts': `import { Injectable } from '@nestjs/common';\nimport { InjectRepository } from '@nestjs/typeorm';\nimport { Repository } from 'typeorm';\nimport { User } from './user.entity';\n@Injectable()\nexport class UsersService {\n  constructor(@InjectRepository(User) private readonly users: Repository<User>) {}\n  one(id: number) {\n    return this.users.findOneBy({ id });\n  }\n}\n`,
      'users.controller.ts': `import { Controller, Get, Param } from '@nestjs/common';\nimport { UsersService } from './users.service';\n@Controller('users')\nexport class UsersController {\n  constructor(private readonly users: UsersService) {}\n  @Get(':id') async one(@Param('id') id: string) {\n    return «await this.users.one(+id)»;\n  }\n}\n`,
    }),
    bad('Rows of Knex', {
      'app.js': `const express = require('express');\nconst knex = require('knex')({ client: 'pg' });\nconst app = express();\napp.post('/users', async (req, res) => {\n  await knex('users').insert({ name: req.body.name, password_hash: await hash(req.body.password) });\n  res.sendStatus(201);\n});\napp.get('/users/:id', async (req, res) => res.json(«await knex('users').where({ id: req.params.id }).first()»));\napp.get('/users', async (req, res) => {\n  const rows = await knex.select('*').from('users').orderBy('name');\n  res.json(«{ rows }»);\n});\napp.listen(3000);\n`,
    }),
    good('Columns of Knex that are named, and another table', {
      'app.ts': `import Fastify from 'fastify';\nimport knex from 'knex';\nconst db = knex({ client: 'pg' });\nconst app = Fastify();\napp.post('/users', async (request) => db('users').insert({ password_hash: await hash(request.body) }));\napp.get('/users', async () => db('users').select('id', 'name'));\napp.get('/posts', async () => db('posts').limit(10));\nawait app.listen({ port: 3000 });\n`,
    }),
    good('Fields that are named, left out, or no password in it', {
      'app.ts': `import Fastify from 'fastify';\nimport { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nconst app = Fastify();\nawait prisma.user.create({ data: { mail: 'a@example.com', password: 'hash' } });\napp.get('/a', async () => prisma.user.findMany({ select: { id: true, mail: true } }));\napp.get('/b', async () => prisma.user.findMany({ omit: { password: true } }));\napp.get('/c', async () => prisma.post.findMany());\napp.get('/d', async () => {\n  const { password, ...user } = await prisma.user.findFirstOrThrow();\n  return user;\n});\n`,
    }),
    good('A column that is never read, or written out', {
      'user.ts': `import { Exclude } from 'class-transformer';\nimport { Column, Entity } from 'typeorm';\n@Entity()\nexport class User {\n  @Column({ select: false }) password: string;\n  @Exclude() @Column() otpSecret: string;\n}\n`,
      'app.ts': `import express from 'express';\nimport { source } from './source';\nimport { User } from './user';\nconst app = express();\napp.get('/users', async (req, res) => res.json(await source.getRepository(User).find()));\n`,
      'source.ts': `import { DataSource } from 'typeorm';\nexport const source = new DataSource({ type: 'postgres' });\n`,
    }),
  ],
});
