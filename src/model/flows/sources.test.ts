import { describe, expect, it } from 'vitest';
import { flowsIn } from './flows-in.ts';

/** Files of a program that hands what a client sends to `exec`, or does not. */
type Files = Readonly<Record<string, string>>;

const EXEC = `import { exec } from 'node:child_process';\n`;

const express = (handler: string): Files => ({
  'app.ts': `${EXEC}import express from 'express';\nconst app = express();\n${handler}\n`,
});

describe('what clients send is seen in', () => {
  it.each<[situation: string, files: Files, source: string]>([
    ['Express, a query', express(`app.get('/x', (req, res) => { exec(req.query.a); });`), 'req.query.a'],
    ['Express, taken apart', express(`app.post('/x', ({ body: { a } }, res) => { exec(a); });`), 'req.body.a'],
    [
      'Express, a router and a chain of handlers',
      express(
        `const r = express.Router();\nr.route('/x').post([check], (req, res) => exec(req.params.id));\nfunction check(req, res, next) { next(); }`,
      ),
      'req.params.id',
    ],
    ['Express, a header', express(`app.use((req, res, next) => exec(req.get('x-a')));`), 'req.get()'],
    [
      'Express, behind an error',
      express(`app.use((err, req, res, next) => exec(req.originalUrl));`),
      'req.originalUrl',
    ],
    [
      'Express, wrapped by a package',
      {
        'app.js': `const { exec } = require('child_process');\nconst wrap = require('express-async-handler');\nconst app = require('express')();\napp.get('/', wrap(async (req, res) => { exec(req.query.a); }));\n`,
      },
      'req.query.a',
    ],
    [
      'Express, wrapped by the program',
      express(
        `const wrap = (fn) => (req, res, next) => Promise.resolve(fn(req, res, next)).catch(next);\napp.get('/', wrap(async (q, s) => { exec(q.query.a); }));`,
      ),
      'q.query.a',
    ],
    [
      'Express, an upload',
      express(`app.post('/', (req, res) => exec('mv ' + req.file.originalname));`),
      'req.file.originalname',
    ],
    [
      'Hono, text its schema lets through',
      {
        'a.ts': `${EXEC}import { Hono } from 'hono';\nimport { zValidator } from '@hono/zod-validator';\nimport { z } from 'zod';\nnew Hono().get('/', zValidator('query', z.object({ a: z.string() })), (c) => { exec(c.req.valid('query').a); return c.text(''); });\n`,
      },
      'c.req.valid().a',
    ],
    [
      'Hono, a cookie',
      {
        'a.ts': `${EXEC}import { Hono } from 'hono';\nimport { getCookie } from 'hono/cookie';\nnew Hono().get('/', (c) => { exec(getCookie(c, 'a')); return c.text(''); });\n`,
      },
      'c.getCookie()',
    ],
    [
      'Hono, kept by a middleware',
      {
        'a.ts': `${EXEC}import { Hono } from 'hono';\nconst app = new Hono();\napp.use(async (c, next) => { c.set('tenant', c.req.header('x-tenant')); await next(); });\napp.get('/', (c) => { exec(c.get('tenant')); return c.text(''); });\n`,
      },
      'c.req.header()',
    ],
    [
      'an event of the program, in another file',
      {
        'app.js': `const bus = require('./bus');\nconst app = require('express')();\napp.post('/', (req, res) => { bus.emit('job', 1, { name: req.query.name }); res.end(); });\nrequire('./jobs');\n`,
        'bus.js': `const { EventEmitter } = require('events');\nmodule.exports = new EventEmitter();\n`,
        'jobs.js': `const { exec } = require('child_process');\nrequire('./bus').on('job', (id, { name }) => exec(name));\n`,
      },
      'req.query.name',
    ],
    [
      'GraphQL, a text of the schema',
      {
        'a.js': `const { exec } = require('child_process');\nconst { ApolloServer } = require('@apollo/server');\nconst typeDefs = 'input Filter { a: String, n: Int } type Query { run(id: Int!, filter: Filter): Int }';\nnew ApolloServer({ typeDefs, resolvers: { Query: { run: (_, { id, filter }) => exec('x ' + id + filter.n + filter.a) } } });\n`,
      },
      'filter.a',
    ],
    [
      'GraphQL, what resolvers share',
      {
        'a.js': `const { exec } = require('child_process');\nconst { ApolloServer } = require('@apollo/server');\nnew ApolloServer({ typeDefs: '', resolvers: { Query: { run: (_, args, { agent }) => exec(agent) } }, context: ({ req }) => ({ agent: req.headers['user-agent'] }) });\n`,
      },
      `req.headers.user-agent`,
    ],
    [
      'Koa, an inline type of what a factory is given',
      {
        'app.ts': `${EXEC}import Router from '@koa/router';\nclass Jobs { run(x: unknown) { exec(x); } }\nexport function router({ jobs }: { jobs: Jobs }) { const r = new Router(); r.get('/', async (ctx) => jobs.run(ctx.query.x)); return r; }\n`,
      },
      'ctx.query.x',
    ],
    [
      'Express, wrapped by what hands on all it is given',
      {
        'a.ts': `${EXEC}import express from 'express';\nconst traced = (name: string) => (target: Function) => function (this: unknown, ...args: unknown[]) { return target.apply(this, args); };\nconst app = express();\napp.get('/', traced('a')(async (q: any, s: any) => exec(q.query.x)));\n`,
      },
      'q.query.x',
    ],
    [
      'Express, the second of all arguments handed on',
      {
        'a.ts': `${EXEC}import express from 'express';\nconst inner = (name: string, id: string) => exec(id);\nconst outer = (...args: [string, string]) => inner(...args);\nexpress().get('/', (q, s) => s.json(outer('a', q.query.x)));\n`,
      },
      'q.query.x',
    ],
    [
      'tRPC, text its schema lets through',
      {
        'a.ts': `${EXEC}import { initTRPC } from '@trpc/server';\nimport { z } from 'zod';\nconst { procedure } = initTRPC.create();\nprocedure.input(z.object({ a: z.string(), n: z.number() })).query(({ input }) => exec(input.a + input.n));\n`,
      },
      'input.a',
    ],
    [
      'hapi, one route of a list of which another checks',
      {
        'a.js': `const { exec } = require('child_process');\nconst Joi = require('joi');\nconst server = require('@hapi/hapi').server();\nserver.route([{ method: 'GET', path: '/a', handler: (request) => exec(request.query.a) }, { method: 'GET', path: '/b', handler: (request) => request.query.a, options: { validate: { query: Joi.object({ a: Joi.valid('x') }) } } }]);\n`,
      },
      'request.query.a',
    ],
    [
      'Express, kept by a middleware',
      express(
        `app.use((req, res, next) => { req.tenant = req.query.t; next(); });\napp.get('/', (req, res) => exec(req.tenant));`,
      ),
      'req.query.t',
    ],
    [
      'Express, kept in locals',
      express(
        `app.use((req, res, next) => { res.locals.t = req.query.t; next(); });\napp.get('/', (req, res) => exec(res.locals.t));`,
      ),
      'req.query.t',
    ],
    [
      'a controller in another file',
      {
        'app.js': `const app = require('express')();\nconst c = require('./c');\napp.get('/', c.run);\n`,
        'c.js': `const { exec } = require('child_process');\nexports.run = function (req, res) { exec(req.query.a); };\n`,
      },
      'req.query.a',
    ],
    [
      'a factory of routes',
      {
        'app.js': `const app = require('express')();\nrequire('./routes')(app);\n`,
        'routes.js': `const { exec } = require('child_process');\nmodule.exports = (app) => { app.get('/', (req, res) => exec(req.query.a)); };\n`,
      },
      'req.query.a',
    ],
    [
      'a class of handlers',
      {
        'app.js': `const app = require('express')();\nconst H = require('./h');\nconst h = new H();\napp.get('/', h.run);\n`,
        'h.js': `const { exec } = require('child_process');\nmodule.exports = function H() { this.run = (req, res) => { exec(req.query.a); }; };\n`,
      },
      'req.query.a',
    ],
    [
      'a declared type',
      {
        'h.ts': `${EXEC}import type { Request, Response } from 'express';\nexport const run = (r: Request, s: Response) => exec(String(r.query.a));\n`,
      },
      'r.query.a',
    ],
    [
      'Fastify',
      {
        'a.ts': `${EXEC}import Fastify from 'fastify';\nFastify().get('/', async (request) => { exec((request.query as { a: string }).a); });\n`,
      },
      'request.query.a',
    ],
    [
      'Fastify, a route as an object, in a plugin',
      {
        'a.ts': `${EXEC}import Fastify from 'fastify';\nconst plugin = async (f) => { f.route({ method: 'POST', url: '/', handler: async (request) => exec(request.body.a) }); };\nFastify().register(plugin);\n`,
      },
      'request.body.a',
    ],
    [
      'Koa',
      {
        'a.js': `const { exec } = require('child_process');\nconst Koa = require('koa');\nnew Koa().use(async (ctx) => { exec(ctx.request.body.a); });\n`,
      },
      'ctx.request.body.a',
    ],
    [
      'Koa, a router',
      {
        'a.js': `const { exec } = require('child_process');\nconst Router = require('@koa/router');\nconst r = new Router();\nr.get('/:id', (ctx) => exec(ctx.params.id));\n`,
      },
      'ctx.params.id',
    ],
    [
      'hapi',
      {
        'a.js': `const { exec } = require('child_process');\nconst Hapi = require('@hapi/hapi');\nconst s = Hapi.server();\ns.route({ method: 'GET', path: '/', handler: (request, h) => exec(request.payload.a) });\n`,
      },
      'request.payload.a',
    ],
    [
      'hapi, a plugin',
      {
        'a.js': `const { exec } = require('child_process');\nexports.plugin = { name: 'a', register(server) { server.route([{ method: 'GET', path: '/', options: { handler: (request) => exec(request.query.a) } }]); } };\n`,
      },
      'request.query.a',
    ],
    [
      'hapi, what runs before',
      {
        'a.js': `const { exec } = require('child_process');\nmodule.exports = [{ method: 'GET', path: '/', options: { pre: [{ method: (r) => exec(r.payload.a) }] }, handler: () => 'ok' }];\n`,
      },
      'r.payload.a',
    ],
    [
      'Fastify, a list of routes',
      {
        'a.js': `const { exec } = require('child_process');\nmodule.exports = [{ method: 'GET', url: '/', handler: async (q) => exec(q.query.a) }];\n`,
      },
      'q.query.a',
    ],
    [
      'Hono',
      {
        'a.ts': `${EXEC}import { Hono } from 'hono';\nnew Hono().get('/', (c) => { exec(c.req.query('a')); return c.text('ok'); });\n`,
      },
      'c.req.query()',
    ],
    [
      'Hono, a body',
      {
        'a.ts': `${EXEC}import { Hono } from 'hono';\nnew Hono().post('/', async (c) => { const { a } = await c.req.json(); exec(a); });\n`,
      },
      'c.req.json().a',
    ],
    [
      'node:http',
      {
        'a.js': `const http = require('http');\nconst { exec } = require('child_process');\nhttp.createServer((req, res) => exec(new URL(req.url, 'http://x').searchParams.get('a')));\n`,
      },
      'req.url',
    ],
    [
      'node:http, a body that streams in',
      {
        'a.js': `const http = require('http');\nconst { exec } = require('child_process');\nhttp.createServer((req, res) => { let body = ''; req.on('data', (chunk) => { body += chunk; }); req.on('end', () => exec(body)); });\n`,
      },
      'chunk',
    ],
    [
      'NestJS',
      {
        'a.ts': `${EXEC}import { Body, Controller, Post } from '@nestjs/common';\n@Controller()\nexport class C { @Post() run(@Body() dto: { a: string }) { exec(dto.a); } }\n`,
      },
      'dto.a',
    ],
    [
      'NestJS, through a service',
      {
        'c.ts': `import { Controller, Get, Query } from '@nestjs/common';\nimport { S } from './s.ts';\n@Controller()\nexport class C { constructor(private readonly s: S) {}\n @Get() run(@Query('a') a: string) { return this.s.go(a); } }\n`,
        's.ts': `${EXEC}export class S { go(a: string) { exec(a); } }\n`,
      },
      'a',
    ],
    [
      'Next.js, a route handler',
      {
        'app/x/route.ts': `${EXEC}export async function POST(request: Request) { const { a } = await request.json(); exec(a); }\n`,
      },
      'request.json().a',
    ],
    [
      'Next.js, an API page',
      { 'pages/api/x.ts': `${EXEC}export default function handler(req, res) { exec(req.query.a); }\n` },
      'req.query.a',
    ],
    [
      'Next.js, a server action',
      {
        'actions.ts': `'use server';\n${EXEC}export async function save(form: FormData) { exec(String(form.get('a'))); }\n`,
      },
      'form',
    ],
    [
      'AWS Lambda',
      {
        'a.ts': `${EXEC}import type { APIGatewayProxyEvent } from 'aws-lambda';\nexport const handler = async (event: APIGatewayProxyEvent) => { exec(JSON.parse(event.body).a); };\n`,
      },
      'event.body',
    ],
    [
      'socket.io',
      {
        'a.js': `const { exec } = require('child_process');\nconst io = require('socket.io')(3000);\nio.on('connection', (socket) => { socket.on('run', (a) => exec(a)); });\n`,
      },
      'a',
    ],
    [
      'ws',
      {
        'a.ts': `${EXEC}import { WebSocketServer } from 'ws';\nconst wss = new WebSocketServer({ port: 1 });\nwss.on('connection', (ws) => { ws.on('message', (m) => exec(m.toString())); });\n`,
      },
      'm',
    ],
    [
      'tRPC',
      {
        'a.ts': `${EXEC}import { initTRPC } from '@trpc/server';\nconst t = initTRPC.create();\nexport const r = t.router({ run: t.procedure.mutation(({ input }) => exec(input.a)) });\n`,
      },
      'input.a',
    ],
  ])('%s', (_, files, source) => {
    expect(flowsIn(files, 'shell').map((flow) => flow.source)).toEqual([source]);
  });
});

describe('what clients do not choose', () => {
  it.each<[situation: string, files: Files]>([
    ['the environment', express(`app.get('/', (req, res) => exec(process.env.CMD));`)],
    ['a file an upload was stored as', express(`app.post('/', (req, res) => exec('scan ' + req.file.path));`)],
    [
      'an argument of a callback of the file system',
      {
        'a.js': `const fs = require('fs');\nconst { exec } = require('child_process');\nfs.readFile('a', (err, data) => exec(data));\n`,
      },
    ],
    [
      'a row of the database',
      {
        'a.ts': `${EXEC}import pg from 'pg';\nconst pool = new pg.Pool();\nconst { rows } = await pool.query('select 1');\nexec(rows[0].cmd);\n`,
      },
    ],
    [
      'a pipe that parses',
      {
        'a.ts': `${EXEC}import { Controller, Get, Param, ParseIntPipe } from '@nestjs/common';\n@Controller()\nexport class C { @Get() run(@Param('id', ParseIntPipe) id: number) { exec('x ' + id); } }\n`,
      },
    ],
    [
      'what Hono has validated is judged by its schema',
      {
        'a.ts': `${EXEC}import { Hono } from 'hono';\nimport { zValidator } from '@hono/zod-validator';\nimport { z } from 'zod';\nnew Hono().get('/', zValidator('query', z.object({ a: z.enum(['b', 'c']), n: z.coerce.number() })), (c) => { exec(c.req.valid('query').a + c.req.valid('query').n); return c.text(''); });\n`,
      },
    ],
    [
      'a job whose wrapper also wraps handlers',
      {
        'a.ts': `${EXEC}import express from 'express';\nimport Bull from 'bull';\nconst traced = (name: string) => (target: Function) => function (this: unknown, ...args: unknown[]) { return target.apply(this, args); };\nconst app = express();\napp.get('/', traced('a')(async (q: any, s: any) => s.json(1)));\nnew Bull('jobs').process(traced('b')(async (job: any) => exec(job.data.name)));\n`,
      },
    ],
    [
      'all arguments handed on, each in its place',
      {
        'a.ts': `${EXEC}import express from 'express';\nconst inner = (name: string, id: string) => exec(name);\nconst outer = (...args: [string, string]) => inner(...args);\nexpress().get('/', (q, s) => s.json(outer('a', q.query.x)));\n`,
      },
    ],
    [
      'numbers and enums of tRPC',
      {
        'a.ts': `${EXEC}import { initTRPC } from '@trpc/server';\nimport { z } from 'zod';\nconst { procedure } = initTRPC.create();\nprocedure.input(z.object({ a: z.enum(['b', 'c']), n: z.number() })).query(({ input }) => exec(input.a + input.n));\n`,
      },
    ],
    [
      'numbers and enums of GraphQL',
      {
        'a.js': `const { exec } = require('child_process');\nconst { ApolloServer } = require('@apollo/server');\nconst typeDefs = 'enum Sort { A B } type Query { run(id: Int!, sort: Sort = A): Int }';\nnew ApolloServer({ typeDefs, resolvers: { Query: { run: (_, { id, sort }) => exec('x ' + id + sort) } } });\n`,
      },
    ],
    [
      'an event of another name, and one of another emitter',
      {
        'app.js': `const { exec } = require('child_process');\nconst { EventEmitter } = require('events');\nconst a = new EventEmitter(), b = new EventEmitter();\nconst app = require('express')();\napp.post('/', (req, res) => { a.emit('job', req.query.name); res.end(); });\na.on('other', (name) => exec(name));\nb.on('job', (name) => exec(name));\n`,
      },
    ],
    [
      'a field of a class that is checked',
      {
        'a.ts': `${EXEC}import { Controller, Get, Query, ValidationPipe } from '@nestjs/common';\nimport { IsIn, Matches } from 'class-validator';\nnew ValidationPipe();\nclass Q { @IsIn(['a']) a: string; @Matches(/^[a-z]+$/) b: string; }\n@Controller()\nexport class C { @Get() run(@Query() q: Q) { exec(q.a + q.b); } }\n`,
      },
    ],
    [
      'a function no request reaches',
      { 'a.js': `const { exec } = require('child_process');\nmodule.exports = (name) => exec('x ' + name);\n` },
    ],
  ])('%s', (_, files) => {
    expect(flowsIn(files, 'shell').map((flow) => flow.source)).toEqual([]);
  });
});
