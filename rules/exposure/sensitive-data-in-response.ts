import { bad, defineRule, good } from '../../src/rule/rule.ts';
import type { Location } from '../../src/rule/rule.ts';

const ANSWERING = /^(json|send|jsonp|end)$/;
/** Settings nobody means to publish, by the name of the variable. */
const SECRET_SETTING = /(^|_)(PASSWORD|PASSWD|PRIVATE_KEY|SECRET|SECRET_KEY|JWT_KEY|DATABASE_URL|MONGO(DB)?_UR[IL])$/;
const HIDDEN_FIELD =
  /^(password|passwd|(hashed|encrypted)_?password|password_?(hash|digest)|(otp|totp|mfa|two_?factor)_?secret)$/i;
const MODELS = /^(mongoose(\.\w+\(\))?\.model|sequelize(\.Sequelize)?\(\)\.define|sequelize\.Model\.init)\(\)$/;
const FINDS = /^(find|findOne|findById|findAll|findByPk|findOrFail|findOneAndUpdate|findByIdAndUpdate|create)$/;
/** Leaves a query what it is; anything else called on it may choose fields. */
const NEUTRAL = /^(exec|lean|sort|limit|skip|populate|where|equals|orFail)$/;

export default defineRule({
  id: 'exposure/sensitive-data-in-response',
  ensures: 'Answers hold neither settings of the server nor the hashes of passwords.',
  severity: 'medium',
  roles: ['service', 'function'],
  cwe: 200,
  owasp: 'A01',
  why: `The environment of a server holds its keys and the password of its database: whoever calls the route has them all. A record
sent as it is stored takes the hash of the password along, to be cracked elsewhere.`,
  fix: "Name what is sent: `res.json({ id: user.id, name: user.name })`, or leave it out of the query: `.select('-password')`.",
  references: ['https://owasp.org/API-Security/editions/2023/en/0xa3-broken-object-property-level-authorization/'],
  needs: ['program', 'code', 'handlers'],
  *check({ program, code, handlers }) {
    for (const { call, sent, at } of answers()) {
      if (isWhileDeveloping(call)) continue;
      for (const node of leavesOf(sent, 0)) {
        const found = settingIn(node, 0);
        if (found !== undefined) {
          yield { at, severity: 'high', message: `${found} is sent to the client.` };
          break;
        }
        const record = recordIn(node);
        if (!record) continue;
        yield {
          at,
          message: `The ${record.field} of ${record.name} is sent to the client with the rest of the record.`,
          trail: [{ at: record.at, note: 'The field is declared here.' }],
          confidence: 'likely',
        };
        break;
      }
    }

    /** What is sent, by whom. */
    function* answers(): Generator<{ readonly call: number; readonly sent: number; readonly at: Location }> {
      for (const call of program.callsNamed(ANSWERING)) {
        const value = program.valueOf(call);
        const given = code.argument(call, 0);
        if (value.kind !== 'call' || given.state !== 'given') continue;
        const callee = program.child(call, value.callee);
        if (/^(res|response|reply|ctx|c)\b/.test(program.describe(callee)))
          yield { call, sent: given.value, at: given.at };
      }
      for (const { fn, framework } of handlers.all)
        if (/^(fastify|nest|hapi)$/.test(framework))
          for (const { value, at } of fn.fact.returns)
            yield {
              call: fn.module.first + value,
              sent: fn.module.first + value,
              at: program.locationIn(fn.module, at),
            };
      for (const module of program.modules.values())
        for (const { object, property, value, operator, at } of module.facts.writes) {
          if (property !== 'body' || operator !== '=') continue;
          const sent = module.first + value;
          if (/^(ctx|context)(\.response)?$/.test(program.describe(module.first + object)))
            yield { call: sent, sent, at: program.locationIn(module, at) };
        }
    }

    function isWhileDeveloping(call: number): boolean {
      const owner = code.ownerOf(call);
      const routes = owner ? program.handedTo(owner.node) : [];
      return code.isEnvironmentGuarded(call) || routes.some((route) => code.isEnvironmentGuarded(route.call));
    }

    /** A value, and what is in it where it is an object written here. */
    function* leavesOf(node: number, depth: number): Generator<number> {
      yield node;
      const value = program.valueOf(node);
      if (value.kind === 'object' && depth < 3)
        for (const property of value.properties) yield* leavesOf(program.child(node, property.value), depth + 1);
      for (const origin of depth === 0 ? program.origins(node) : [])
        if (program.valueOf(origin).kind === 'object')
          for (const { module, write } of program.writesTo(origin)) yield module.first + write.value;
      if (value.kind === 'call' && code.apiOf(node).includes('JSON.stringify')) {
        const inner = program.argument(node, 0);
        if (inner !== undefined && program.argument(node, 1) === undefined) yield* leavesOf(inner, depth + 1);
      }
    }

    /** The environment, a setting that is secret, or an object with one in it. */
    function settingIn(node: number, depth: number): string | undefined {
      for (const origin of program.origins(node)) {
        const value = program.valueOf(origin);
        const name = program.describe(origin);
        if (value.kind === 'member') {
          if (name === 'process.env') return 'The whole environment';
          if (name.startsWith('process.env.') && SECRET_SETTING.test(value.property ?? '')) return name;
        }
        if (value.kind !== 'object' || depth > 3) continue;
        for (const property of value.properties) {
          if (property.kind === 'method' || property.kind === 'get') continue;
          const found = settingIn(program.child(origin, property.value), depth + 1);
          if (found !== undefined) return found;
        }
      }
      return undefined;
    }

    /** The field of a declared model that comes along where its records are sent. */
    function recordIn(node: number) {
      for (const origin of program.origins(node).flatMap((each) => queriesOf(each))) {
        const model = modelOf(origin);
        const field = model === undefined ? undefined : hiddenField(model.model);
        if (!model || !field || program.writesTo(origin).some(({ write }) => write.property === field.name)) continue;
        return { field: field.name, name: model.name, at: field.at };
      }
      return undefined;
    }

    /** The query whose records a value is: itself, or what it was handed to by `then` or as a callback. */
    function queriesOf(node: number): readonly number[] {
      const value = program.valueOf(node);
      if (value.kind !== 'param') return [node];
      const fn = program.functionIn(program.moduleOf(node), value.function);
      if (!fn || value.rest || program.writesTo(node).some(({ write }) => HIDDEN_FIELD.test(write.property ?? '')))
        return [];
      return program.handedTo(fn.node).flatMap(({ call }) => {
        const given = program.valueOf(call);
        const callee = given.kind === 'call' ? program.child(call, given.callee) : call;
        const member = program.valueOf(callee);
        if (member.kind !== 'member') return [];
        if (member.property === 'then' && value.index === 0)
          return program.origins(program.child(callee, member.object));
        return value.index === 1 && FINDS.test(member.property ?? '') ? [call] : [];
      });
    }

    /** The model a query asks for whole records. */
    function modelOf(query: number, depth = 0): { readonly model: number; readonly name: string } | undefined {
      const value = program.valueOf(query);
      const callee = value.kind === 'call' && !value.new ? program.child(query, value.callee) : query;
      const member = program.valueOf(callee);
      if (value.kind !== 'call' || member.kind !== 'member' || member.property === undefined || depth > 8)
        return undefined;
      const object = program.child(callee, member.object);
      if (!FINDS.test(member.property)) return NEUTRAL.test(member.property) ? modelOf(object, depth + 1) : undefined;
      const model = program
        .origins(object)
        .map((origin) => initOf(origin) ?? origin)
        .find((origin) => program.apis(origin).some((api) => MODELS.test(api)));
      if (model === undefined) return undefined;
      const isOfMongoose = program.apis(model).some((api) => api.startsWith('mongoose'));
      const [last] = value.args.slice(-1).map((argument) => program.child(query, argument.value));
      const isCalledBack = last !== undefined && program.functionAt(last) !== undefined;
      if (isOfMongoose && !/^find\w+Update$/.test(member.property) && value.args.length > (isCalledBack ? 2 : 1))
        return undefined;
      const options = code.argument(query, member.property === 'findByPk' ? 1 : 0);
      const chosen =
        isOfMongoose || options.state !== 'given' ? options.state : code.property(options.value, 'attributes').state;
      return isOfMongoose || chosen === 'absent' ? { model, name: program.describe(object) } : undefined;
    }

    /** `User.init({ … })` of `class User extends Model`, which says what its records are. */
    function initOf(model: number): number | undefined {
      const value = program.valueOf(model);
      if (value.kind !== 'class' || !program.apis(model).includes('sequelize.Model')) return undefined;
      const fact = program.moduleOf(model).facts.classes[value.class];
      if (fact?.members.some(({ name }) => name === 'toJSON')) return undefined;
      return program.callsTo('sequelize.Model.init').find((call) => {
        const init = program.valueOf(call);
        const callee = init.kind === 'call' ? program.child(call, init.callee) : call;
        const member = program.valueOf(callee);
        return member.kind === 'member' && program.origins(program.child(callee, member.object)).includes(model);
      });
    }

    function hiddenField(model: number) {
      const isOfMongoose = program.apis(model).some((api) => api.startsWith('mongoose'));
      const isInit = program.apis(model).includes('sequelize.Model.init()');
      const declared = program.argument(model, isInit ? 0 : 1);
      const [schema, ...others] = declared === undefined ? [] : program.origins(declared);
      if (schema === undefined || others.length > 0) return undefined;
      const holder = isOfMongoose && program.valueOf(schema).kind === 'call' ? schema : undefined;
      if (isOfMongoose && holder === undefined) return undefined;
      if (isShaped(holder ?? model, holder === undefined && !isInit ? 2 : 1)) return undefined;
      const [object] = holder === undefined ? [schema] : program.origins(program.argument(holder, 0) ?? holder);
      const fields = object === undefined ? undefined : program.valueOf(object);
      if (object === undefined || fields?.kind !== 'object') return undefined;
      for (const { name, value, at } of fields.properties) {
        if (name === undefined || !HIDDEN_FIELD.test(name)) continue;
        const own = ['select', 'get'].some((option) => !isAbsent(program.child(object, value), option));
        if (!own) return { name, at: program.locationIn(program.moduleOf(object), at) };
      }
      return undefined;
    }

    /** What a schema or model is told may change how its records are written out. */
    function isShaped(node: number, index: number): boolean {
      const options = code.argument(node, index);
      const told =
        options.state === 'given' &&
        ['toJSON', 'defaultScope', 'transform'].some(
          (option) => code.property(options.value, option).state !== 'absent',
        );
      return (
        told ||
        options.state === 'unknown' ||
        code
          .callsOn(node, 'set', 'method', 'plugin', 'loadClass', 'addScope', 'post', 'pre')
          .some(
            ({ name, call }) =>
              name !== 'pre' || /find/.test(String(program.constants(program.argument(call, 0) ?? call))),
          ) ||
        ['methods', 'prototype', 'toJSON', 'options'].some((name) =>
          program
            .fields(node, name)
            .some((field) => name === 'toJSON' || program.fields(field.node, 'toJSON').length > 0),
        ) ||
        [...program.modules.values()].some(({ facts }) => facts.writes.some(({ property }) => property === 'toJSON'))
      );
    }

    /** `{ type: String, select: false }` has more to it than `String`. */
    function isAbsent(node: number, option: string): boolean {
      return program
        .origins(node)
        .every(
          (origin) => program.valueOf(origin).kind !== 'object' || code.property(origin, option).state === 'absent',
        );
    }
  },
  examples: [
    bad('By then and by a callback, in an object', {
      'app.js': `const express = require('express');\nconst { User } = require('./user');\nconst app = express();\napp.get('/users/:id', (req, res) => User.findOne({ _id: req.params.id }).then((user) => res.json(«user»)));\napp.get('/users', async (req, res) => {\n  const result = {};\n  result.users = await User.find({});\n  res.send(«result»);\n});\napp.post('/lookup', (req, res) => {\n  User.find({ name: String(req.body.name) }, (error, users) => {\n    if (error) return res.sendStatus(500);\n    res.json(«{ users }»);\n  });\n});\napp.get('/names', (req, res) => User.find({}, 'name').then((users) => res.json(users)));\napp.listen(3000);\n`,
      'user.js': `const mongoose = require('mongoose');\nexports.User = mongoose.model('User', new mongoose.Schema({ name: String, password: String }));\n`,
    }),
    bad('The environment, whole or in part', {
      'app.js': `
const express = require('express');
const config = require('./config');
const app = express();
app.get('/debug', (req, res) => res.json(«process.env»));
app.get('/status', (req, res) => res.send(«{ ok: true, env: process.env }»));
app.get('/config', (req, res) => res.json(«config»));
app.listen(3000);
`,
      'config.js': `module.exports = { port: process.env.PORT, jwt: { secret: process.env.JWT_SECRET } };\n`,
    }),
    bad('Returned, in another file', {
      'user.ts': `import mongoose from 'mongoose';\nexport const User = mongoose.model('User', new mongoose.Schema({ mail: String, password: String }));\n`,
      'app.ts': `import Fastify from 'fastify';\nimport { User } from './user.ts';\nconst app = Fastify();\napp.get('/users', async () => «User.find()»);\napp.get('/env', async () => {\n  return «process.env»;\n});\napp.get('/mails', async () => User.find().select('mail'));\n`,
    }),
    bad('Written out, and in Koa', {
      'app.ts': `
import http from 'node:http';
import Koa from 'koa';
const app = new Koa();
app.use(async (ctx) => {
  «ctx.body» = { env: process.env };
});
app.listen(3000);
http.createServer((req, res) => res.end(«JSON.stringify(process.env)»)).listen(3001);
`,
    }),
    bad('Records with the hash of the password', {
      'app.js': `
const express = require('express');
const User = require('./user');
const Account = require('./account');
const app = express();
app.get('/users', async (req, res) => {
  const users = await User.find({}).sort('name').lean();
  res.json(«{ users }»);
});
app.get('/accounts/:id', async (req, res) => res.send(«await Account.findByPk(req.params.id)»));
app.listen(3000);
`,
      'user.js': `
const mongoose = require('mongoose');
const schema = new mongoose.Schema({ name: String, password: { type: String, required: true } }, { timestamps: true });
schema.pre('save', async function () { this.password = await hash(this.password); });
module.exports = mongoose.model('User', schema);
`,
      'account.js': `
const { Sequelize, DataTypes } = require('sequelize');
const sequelize = new Sequelize(process.env.DATABASE_URL);
module.exports = sequelize.define('Account', { name: DataTypes.STRING, passwordHash: DataTypes.STRING });
`,
    }),
    bad('A class of Sequelize', {
      'app.ts': `import Fastify from 'fastify';\nimport { User, Quiet } from './models.ts';\nconst app = Fastify();\napp.get('/users', async () => «User.findAll()»);\napp.get('/names', async () => User.findAll({ attributes: ['name'] }));\napp.get('/quiet', async () => Quiet.findAll());\n`,
      'models.ts': `import { DataTypes, Model, Sequelize } from 'sequelize';\nconst sequelize = new Sequelize('sqlite::memory:');\nexport class User extends Model {}\nUser.init({ name: DataTypes.STRING, password: DataTypes.STRING }, { sequelize });\nexport class Quiet extends Model {}\nQuiet.init({ password: DataTypes.STRING }, { sequelize, defaultScope: { attributes: { exclude: ['password'] } } });\n`,
    }),
    good('Settings that are public, or only whether there are any', {
      'app.js': `
const express = require('express');
const config = require('./config');
const app = express();
app.get('/status', (req, res) => res.json({ env: process.env.NODE_ENV, hasSecret: Boolean(process.env.JWT_SECRET) }));
app.get('/config', (req, res) => res.json({ mapToken: process.env.MAP_TOKEN, url: config.url }));
if (process.env.NODE_ENV === 'development') app.get('/debug', (req, res) => res.json(process.env));
app.listen(3000);
`,
      'config.js': `module.exports = { url: process.env.URL, jwt: { secret: process.env.JWT_SECRET } };\n`,
    }),
    good('Records without it', {
      'app.js': `
const express = require('express');
const { User, Hidden, Post } = require('./models');
const app = express();
app.get('/users', async (req, res) => res.json(await User.find().select('-password')));
app.get('/names', async (req, res) => res.json(await User.find({}, 'name')));
app.get('/users/:id', async (req, res) => {
  const user = await User.findById(req.params.id).lean();
  const { password, ...rest } = user;
  res.json(rest);
});
app.get('/me', async (req, res) => {
  const user = await User.findOne({ name: req.user });
  user.password = undefined;
  res.json(user);
});
app.get('/one', async (req, res) => {
  const user = await User.findById(req.query.id);
  res.json({ id: user.id, name: user.name });
});
app.get('/hidden', async (req, res) => res.json(await Hidden.find()));
app.get('/posts', async (req, res) => res.json(await Post.find()));
app.listen(3000);
`,
      'models.js': `
const mongoose = require('mongoose');
exports.User = mongoose.model('User', new mongoose.Schema({ name: String, password: String }));
exports.Hidden = mongoose.model('Hidden', new mongoose.Schema({ name: String, password: { type: String, select: false } }));
exports.Post = mongoose.model('Post', new mongoose.Schema({ title: String }));
`,
    }),
    good('Records that are written out without it', {
      'app.ts': `
import express from 'express';
import { User, Account } from './models.ts';
const app = express();
app.get('/users', async (req, res) => res.json(await User.find()));
app.get('/accounts', async (req, res) => res.json(await Account.findAll()));
app.get('/account-names', async (req, res) => res.json(await Account.findAll({ attributes: ['name'] })));
app.listen(3000);
`,
      'models.ts': `
import mongoose, { Schema } from 'mongoose';
import { Sequelize, DataTypes } from 'sequelize';
const schema = new Schema({ name: String, password: String }, { toJSON: { transform: (_, record) => ({ name: record.name }) } });
export const User = mongoose.model('User', schema);
const sequelize = new Sequelize('sqlite::memory:');
export const Account = sequelize.define('Account', { name: DataTypes.STRING, password: DataTypes.STRING }, { defaultScope: { attributes: { exclude: ['password'] } } });
`,
    }),
  ],
});
