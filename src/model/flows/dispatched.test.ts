import { describe, expect, it } from 'vitest';
import { flowsIn } from './flows-in.ts';

type Files = Readonly<Record<string, string>>;

const EXEC = `const { exec } = require('child_process');\n`;
const APP = `const app = require('express')();\n`;
const EXEC_TS = `import { exec } from 'node:child_process';\n`;
const APP_TS = `import express from 'express';\nconst app = express();\n`;

const sources = (files: Files): readonly string[] => flowsIn(files, 'shell').map((flow) => flow.source);

describe('what a call runs is found', () => {
  it.each<[situation: string, files: Files]>([
    [
      'in a table, by a name of the request',
      {
        'app.js': `${EXEC}${APP}const jobs = { a: (x) => exec(x), b() {} };\napp.get('/', (req, res) => jobs[req.query.job](req.query.x));\n`,
      },
    ],
    [
      'in a table of another file, of a plain server',
      {
        'app.js': `const { routes } = require('./routes');\nrequire('http').createServer((req, res) => {\n  const route = routes[req.method + ' ' + req.url];\n  if (!route) return res.end();\n  route({ req, res });\n});\n`,
        'routes.js': `${EXEC}exports.routes = { 'GET /a': ({ req, res }) => exec(req.url) };\n`,
      },
    ],
    [
      'in a table that is filled',
      {
        'app.js': `${EXEC}${APP}const jobs = {};\njobs.a = (x) => exec(x);\napp.get('/', (req, res) => { const job = jobs[req.query.job]; job(req.query.x); });\n`,
      },
    ],
    [
      'in a map',
      {
        'app.js': `${EXEC}${APP}const jobs = new Map([['a', (x) => exec(x)]]);\napp.get('/', (req, res) => jobs.get(req.query.job)(req.query.x));\n`,
      },
    ],
    [
      'in a map that is filled in another file',
      {
        'app.js': `${APP}const jobs = require('./jobs');\napp.get('/', (req, res) => { const job = jobs.get(req.query.job); if (job) job(req.query.x); });\n`,
        'jobs.js': `${EXEC}const jobs = new Map();\njobs.set('a', (x) => exec(x));\nmodule.exports = jobs;\n`,
      },
    ],
    [
      'in a subclass, by a name that is handed over',
      {
        'app.js': `${APP}const Audit = require('./audit');\napp.get('/', new Audit().handle('list'));\n`,
        'base.js': `module.exports = class Base { handle(name) { return async (req, res) => res.json(await this[name](req.query)); } };\n`,
        'audit.js': `${EXEC}const Base = require('./base');\nmodule.exports = class Audit extends Base { list({ x }) { return exec(x); } };\n`,
      },
    ],
    [
      'in a subclass, where the class itself has no such method',
      {
        'app.ts': `${EXEC_TS}${APP_TS}abstract class Base { go(x: string) { return this.run(x); } abstract run(x: string): unknown; }\nclass Shell extends Base { run(x: string) { return exec(x); } }\napp.get('/', (req, res) => res.json(new Shell().go(req.query.x)));\n`,
      },
    ],
    [
      'in the class that fulfils an interface',
      {
        'app.ts': `${EXEC_TS}${APP_TS}interface Runner { run(x: string): void }\nclass Shell implements Runner { run(x: string) { exec(x); } }\nclass Controller { constructor(private readonly runner: Runner) {} get(req: express.Request) { this.runner.run(req.query.x); } }\napp.get('/', (req, res) => container.resolve(Controller).get(req));\n`,
      },
    ],
    [
      'in the class that fulfils an interface of a file of types',
      {
        'controller.ts': `import { Controller, Get, Query, Inject } from '@nestjs/common';\nimport type { Runner } from './types';\n@Controller()\nexport class Jobs { constructor(@Inject('runner') private readonly runner: Runner) {} @Get() get(@Query('x') x: string) { this.runner.run(x); } }\n`,
        'shell.ts': `${EXEC_TS}import type { Runner } from './types';\nexport class Shell implements Runner { run(x: string) { exec(x); } }\n`,
      },
    ],
    [
      'on a prototype, and on that of its parent',
      {
        'app.js': `${EXEC}${APP}const { inherits } = require('util');\nfunction Base(prefix) { this.prefix = prefix; }\nBase.prototype.run = function (x) { exec(this.prefix + x); };\nfunction Jobs() { Base.call(this, 'a '); }\ninherits(Jobs, Base);\nJobs.prototype.go = function (x) { this.run(x); };\napp.get('/', (req, res) => new Jobs().go(req.query.x));\n`,
      },
    ],
    [
      'in what decorates an app of Fastify',
      {
        'app.ts': `${EXEC_TS}import Fastify from 'fastify';\nimport jobs from './jobs';\nconst app = Fastify();\napp.decorate('runner', { run: (x: string) => exec(x) });\napp.register(jobs);\n`,
        'jobs.ts': `import type { FastifyInstance } from 'fastify';\nexport default async (app: FastifyInstance) => { app.get('/', async (request) => app.runner.run(request.query.x)); };\n`,
      },
    ],
    [
      'in what an app of Express was told',
      {
        'app.js': `${EXEC}${APP}app.set('run', (x) => exec(x));\napp.use(require('./jobs'));\n`,
        'jobs.js': `const router = require('express').Router();\nrouter.get('/', (req, res) => req.app.get('run')(req.query.x));\nmodule.exports = router;\n`,
      },
    ],
  ])('%s', (_, files) => {
    expect(sources(files)).toHaveLength(1);
  });
});

describe('what a call does not run is not followed', () => {
  it.each<[situation: string, files: Files]>([
    [
      'another entry than the one that is named',
      {
        'app.js': `${EXEC}${APP}const jobs = { a: (x) => exec(x), b() {} };\nconst name = 'b';\napp.get('/', (req, res) => jobs[name](req.query.x));\n`,
      },
    ],
    [
      'what something else than an app was told',
      {
        'app.js': `${EXEC}${APP}const table = new Table();\ntable.set('run', (x) => exec(x));\napp.get('/', (req, res) => req.app.get('run')(req.query.x));\n`,
      },
    ],
    [
      'a class that fulfils another interface',
      {
        'app.ts': `${EXEC_TS}${APP_TS}interface Runner { run(x: string): void }\ninterface Other { run(x: string): void }\nclass Shell implements Other { run(x: string) { exec(x); } }\nclass Log implements Runner { run() {} }\nclass Controller { constructor(private readonly runner: Runner) {} get(req: express.Request) { this.runner.run(req.query.x); } }\napp.get('/', (req, res) => container.resolve(Controller).get(req));\n`,
      },
    ],
  ])('%s', (_, files) => {
    expect(sources(files)).toEqual([]);
  });
});
