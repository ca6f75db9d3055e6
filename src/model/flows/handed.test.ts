import { describe, expect, it } from 'vitest';
import { flowsIn } from './flows-in.ts';
import type { SinkName } from './sink.ts';

const sourcesOf = (text: string, sink: SinkName): readonly string[] =>
  flowsIn({ 'app.ts': text }, sink).map(({ source }) => source);

const EXPRESS = `import express from 'express'; import { exec } from 'node:child_process'; const app = express();\n`;

describe('what a client sends, handed on', () => {
  it('reaches the operators of RxJS and who subscribes', () => {
    const rx = `import { of, from, map, tap, filter, mergeMap } from 'rxjs';\n`;
    const piped = (body: string): readonly string[] =>
      sourcesOf(`${rx}${EXPRESS}app.post('/', (req, res) => { ${body} });`, 'shell');
    expect(piped(`from(req.body.names).pipe(tap(console.log), mergeMap((n) => exec('a ' + n)));`)).toHaveLength(1);
    expect(piped(`of(req.body.a).pipe(map((a) => a.trim())).subscribe((a) => exec(a));`)).toHaveLength(1);
    expect(piped(`of(req.body.a).pipe(map((a) => Number(a))).subscribe((a) => exec('a ' + a));`)).toEqual([]);
    expect(piped(`of(req.body.a).pipe(filter((a) => LIST.includes(a))).subscribe((a) => exec(a));`)).toEqual([]);
    expect(piped(`of('ls').pipe(map((a) => a.trim())).subscribe((a) => exec(a));`)).toEqual([]);
  });

  it('reaches who is decorated to listen in Nest', () => {
    const nest = (event: string): readonly string[] =>
      sourcesOf(
        `import { Controller, Post, Body } from '@nestjs/common';
import { EventEmitter2, OnEvent } from '@nestjs/event-emitter';
import { exec } from 'node:child_process';
@Controller() export class A { constructor(private readonly bus: EventEmitter2) {} @Post() go(@Body('x') x: string) { this.bus.emit('job.new', { x, at: 1 }); } }
export class B { @OnEvent('${event}') run(job: { x: string; at: number }) { exec('a ' + job.x); exec('b ' + job.at); } }
`,
        'shell',
      );
    expect(nest('job.new')).toEqual(['x']);
    expect(nest('job.old')).toEqual([]);
  });

  it('comes out of a queue of the same name', () => {
    const bullmq = (name: string): readonly string[] =>
      sourcesOf(
        `import { Queue, Worker } from 'bullmq';\n${EXPRESS}const queue = new Queue('pdf');
app.post('/', (req, res) => { queue.add('one', { name: req.body.name, size: Number(req.body.size) }); });
new Worker('${name}', async (job) => { exec('pdf ' + job.data.name); exec('pdf ' + job.data.size); });
`,
        'shell',
      );
    expect(bullmq('pdf')).toEqual(['req.body.name']);
    expect(bullmq('mail')).toEqual([]);
    const bull = `import Bull from 'bull';\n${EXPRESS}const queue = new Bull('pdf');
app.post('/', (req, res) => { queue.add({ name: req.body.name }); });
queue.process(async (job) => { exec('pdf ' + job.data.name); });
`;
    expect(sourcesOf(bull, 'shell')).toEqual(['req.body.name']);
  });

  it('is the stream of a request, read piece by piece or as a whole', () => {
    const http = (body: string): readonly string[] =>
      sourcesOf(
        `import { createServer } from 'node:http'; import { exec } from 'node:child_process'; import { json } from 'node:stream/consumers'; import { parse } from 'node:querystring'; import raw from 'raw-body';
createServer(async (req, res) => { ${body} }).listen(1);
`,
        'shell',
      );
    expect(
      http(
        `const all = []; for await (const c of req) all.push(c); exec(parse(Buffer.concat(all).toString('utf8')).name);`,
      ),
    ).toHaveLength(1);
    expect(http(`const { name } = await json(req); exec(name);`)).toHaveLength(1);
    expect(http(`exec(String(await raw(req)));`)).toHaveLength(1);
    expect(http(`for await (const c of other) exec(c);`)).toEqual([]);
  });
});

describe('what formidable answers', () => {
  it('has names the client chose, and some it did not', () => {
    const found = sourcesOf(
      `import http from 'node:http'; import formidable from 'formidable'; import fs from 'node:fs';
http.createServer(async (req) => { const [fields, files] = await formidable({}).parse(req); const [file] = files.cover;
  fs.copyFileSync(file.filepath, 'up/' + file.newFilename);
  fs.copyFileSync(file.filepath, 'up/' + file.originalFilename);
  fs.mkdirSync('up/' + fields.album[0]);
});
`,
      'path',
    );
    expect(found).toHaveLength(2);
  });
});

describe('the header of a token', () => {
  const found = (body: string, sink: SinkName): readonly string[] =>
    sourcesOf(
      `import express from 'express'; import jwt from 'jsonwebtoken'; import fs from 'node:fs'; import pg from 'pg';
const app = express(), pool = new pg.Pool(), KEYS = { a: 'a.pem' };
app.get('/', async (req, res) => { const token = req.cookies.token; ${body} });
`,
      sink,
    );
  it('may name any file or anything in SQL while nobody has verified it', () => {
    const decoded = `const { header } = jwt.decode(token, { complete: true });`;
    expect(
      found(`jwt.verify(token, (header, done) => fs.readFile('keys/' + header.kid, done), () => {});`, 'path'),
    ).toEqual(['header.kid']);
    expect(found(`${decoded} fs.readFileSync('keys/' + header.kid);`, 'path')).toEqual(['req.cookies.token']);
    expect(found(`${decoded} pool.query('select k from keys where id = ' + header.kid);`, 'sql')).toHaveLength(1);
    expect(found(`${decoded} pool.query('select k from keys where id = $1', [header.kid]);`, 'sql')).toEqual([]);
    expect(found(`${decoded} fs.readFileSync('keys/' + KEYS[header.kid]);`, 'path')).toEqual([]);
  });
});

describe('chains of express-validator', () => {
  const sql = (chain: string): readonly string[] =>
    sourcesOf(
      `import express from 'express'; import { body, query, checkExact } from 'express-validator'; import pg from 'pg'; import mongoose from 'mongoose';
const app = express(), pool = new pg.Pool(), Post = mongoose.model('Post', new mongoose.Schema({ title: String }));
app.get('/', ${chain}, (req, res) => { pool.query('select ' + req.query.n); });
`,
      'sql',
    );
  it('say what a field is', () => {
    expect(sql(`query('n').isInt().toInt()`)).toEqual([]);
    expect(sql(`[query('m').isString(), query(['n', 'o']).isIn(['a'])]`)).toEqual([]);
    expect(sql(`query('n').matches(/^[a-z]+$/)`)).toEqual([]);
    expect(sql(`query('n').matches(/[a-z]+/)`)).toEqual(['req.query.n']);
    expect(sql(`query('m').isInt()`)).toEqual(['req.query.n']);
    expect(sql(`body('n').isInt()`)).toEqual(['req.query.n']);
    expect(sql(`query('n').isString().notEmpty()`)).toEqual(['req.query.n']);
  });

  it('drop nothing they do not name', () => {
    const record = (chain: string, sink: SinkName): readonly string[] =>
      sourcesOf(
        `import express from 'express'; import { body, checkExact } from 'express-validator'; import mongoose from 'mongoose';
const app = express(), Post = mongoose.model('Post', new mongoose.Schema({ title: String }));
app.post('/', ${chain}, (req, res) => { Post.create(req.body); Post.findOne({ title: req.body.title, by: req.body.by }); });
`,
        sink,
      );
    expect(record(`body('title').isString()`, 'record')).toEqual(['req.body']);
    expect(record(`checkExact([body('title').isString()])`, 'record')).toEqual([]);
    expect(record(`body('title').isString()`, 'query-object')).toEqual(['req.body.by']);
  });
});

describe('MikroORM', () => {
  const text = `import express from 'express'; import { MikroORM, wrap } from '@mikro-orm/postgresql';
const app = express(), orm = await MikroORM.init({});
app.put('/', async (req, res) => { const em = orm.em.fork();
  await em.getConnection().execute('select ' + req.body.a);
  await em.getConnection().execute('select ?', [req.body.b]);
  const one = await em.findOneOrFail(Book, 1); em.assign(one, req.body); em.assign(one, { title: req.body.title });
});
`;
  it('takes SQL through its connection, and records through assign', () => {
    expect(sourcesOf(text, 'sql')).toEqual(['req.body.a']);
    expect(sourcesOf(text, 'record')).toEqual(['req.body']);
  });
});
