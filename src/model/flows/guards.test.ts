import { describe, expect, it } from 'vitest';
import { flowsIn } from './flows-in.ts';
import type { SinkName } from './sink.ts';

/** A handler with `x = req.query.x`, and a sink for each kind of harm. */
const handler = (body: string, more = ''): Readonly<Record<string, string>> => ({
  'app.js': `const fs = require('fs'), path = require('path'), { exec } = require('child_process'), axios = require('axios');
const app = require('express')(), pool = new (require('pg').Pool)();
const LIST = ['a', 'b'], TABLE = { a: 'x' }, ROOT = '/srv/files';
${more}
app.get('/', async (req, res) => { let x = req.query.x; ${body} });
`,
});

const USERS = `const users = new (require('mongodb').MongoClient)('mongodb://db').db().collection('users');`;

const found = (body: string, sink: SinkName, more = ''): number => flowsIn(handler(body, more), sink).length;

describe('a check that holds where the value is used excludes it', () => {
  it.each<[check: string, sink: SinkName, body: string, more?: string]>([
    ['a list', 'shell', `if (!LIST.includes(x)) return res.end(); exec(x);`],
    ['a list, the positive way', 'shell', `if (LIST.includes(x)) exec(x);`],
    ['a list of another file', 'shell', `if (LIST.indexOf(x) === -1) return; exec('a ' + x);`],
    ['a list of texts', 'shell', `if (!LIST.includes(String(x))) return; exec(x);`],
    ['a list of lodash', 'shell', `exec(_.includes(LIST, x) ? x : 'a');`, `const _ = require('lodash');`],
    ['each of a list', 'shell', `if (LIST.every((l) => l !== x)) return; exec(x);`],
    ['some of a list', 'shell', `if (LIST.some((l) => l === x)) exec(x);`],
    ['a name below a host', 'url', 'if (!/^[a-z0-9-]+$/.test(x)) return; axios.get(`https://${x}.example.com/`);'],
    [
      'the end of a host, with its dot',
      'url',
      `const u = new URL(x); if (!u.hostname.endsWith('.example.com')) return; axios.get(u.href);`,
    ],
    ['a set', 'shell', `const s = new Set(LIST); if (!s.has(x)) throw new Error(); exec(x);`],
    ['own keys', 'shell', `if (!Object.hasOwn(TABLE, x)) return; exec(x);`],
    ['a table', 'shell', `if (!TABLE[x]) return; exec(x);`],
    ['a look-up', 'shell', `exec(TABLE[x]);`],
    ['comparisons', 'shell', `if (x !== 'a' && x !== 'b') return; exec(x);`],
    ['a switch', 'shell', `switch (x) { case 'a': case 'b': exec(x); }`.replace(`case 'a': `, '')],
    ['a default for what is not on the list', 'shell', `if (!LIST.includes(x)) x = 'a'; exec(x);`],
    ['a conditional', 'shell', `exec(LIST.includes(x) ? x : 'a');`],
    ['a pattern, with a default', 'shell', `if (!/^[a-z0-9_]+$/.test(x || '')) return; exec('a ' + x);`],
    ['a pattern', 'shell', `if (!/^[a-z0-9_]+$/.test(x)) return; exec('a ' + x);`],
    ['a pattern by match', 'shell', `if (!x.match(/^\\w{1,8}$/)) return; exec('a ' + x);`],
    ['a pattern no object matches', 'query-object', `if (!/^[\\w.]+$/.test(x)) return; users.findOne({ x });`, USERS],
    ['a pattern of addresses', 'query-object', `if (!/^\\S+@\\S+$/.test(x)) return; users.findOne({ x });`, USERS],
    ['a pattern of addresses, loosely', 'query-object', `if (!/^.+@.+$/.test(x)) return; users.findOne({ x });`, USERS],
    [
      'no dots by position',
      'path',
      `if (x.indexOf('..') !== -1 || x[0] === '/') return; fs.readFile('/srv/' + x, () => {});`,
    ],
    ['one slash and letters', 'redirect', 'if (!/^\\/[a-z0-9-]+$/i.test(x)) return; res.redirect(x);'],
    [
      'a refusal by the framework',
      'redirect',
      `const u = new URL(x); if (!LIST.includes(u.hostname)) ctx.throw(400); res.redirect(u.toString());`,
    ],
    ['no second slash', 'redirect', `if (x.startsWith('/') && !/^\\/[/\\\\]/.test(x)) res.redirect(x);`],
    ['a number', 'sql', 'if (isNaN(x)) return; pool.query(`select ${x}`);'],
    ['typeof', 'sql', 'if (typeof x !== "number") return; pool.query(`select ${x}`);'],
    [
      'a predicate of the program',
      'shell',
      `if (!isName(x)) return; exec(x);`,
      `const isName = (n) => /^[a-z]+$/.test(n);`,
    ],
    [
      'a predicate with statements',
      'shell',
      `if (!isName(x)) return; exec(x);`,
      `function isName(n) { if (!n) return false; return LIST.includes(n); }`,
    ],
    [
      'a function that throws',
      'shell',
      `assertName(x); exec(x);`,
      `function assertName(n) { if (!LIST.includes(n)) throw new Error('bad'); }`,
    ],
    [
      'a folder the path stays in',
      'path',
      `const p = path.resolve(ROOT, x); if (!p.startsWith(ROOT + path.sep)) return; fs.readFile(p, () => {});`,
    ],
    ['no way up', 'path', `if (x.includes('..')) return; fs.readFile(path.join(ROOT, x), () => {});`],
    [
      'a relative path',
      'path',
      `const p = path.join(ROOT, x); if (path.relative(ROOT, p).startsWith('..')) return; fs.readFile(p, () => {});`,
    ],
    ['a host', 'url', `const u = new URL(x); if (u.hostname !== 'api.example.com') return; await axios.get(u.href);`],
    ['a host on a list', 'url', `if (!LIST.includes(new URL(x).host)) return; await axios.get(x);`],
    [
      'the origin of a URL',
      'redirect',
      `const u = new URL(x, 'https://a.example'); if (u.origin !== 'https://a.example') return; res.redirect(u.href);`,
    ],
  ])('%s', (_, sink, body, more) => {
    expect(found(body, sink, more)).toBe(0);
  });
});

describe('a check that excludes nothing, or not here, does not', () => {
  it.each<[check: string, sink: SinkName, body: string, more?: string]>([
    ['a list, but the other branch', 'shell', `if (LIST.includes(x)) res.end(); else exec(x);`],
    ['a list, but it goes on', 'shell', `if (!LIST.includes(x)) console.log(x); exec(x);`],
    [
      'the end of a host, without its dot',
      'url',
      `const u = new URL(x); if (!u.hostname.endsWith('example.com')) return; axios.get(u.href);`,
    ],
    ['the end of an address', 'url', `if (!x.endsWith('.example.com')) return; axios.get(x);`],
    ['some of a list, the other way', 'shell', `if (LIST.some((l) => l !== x)) exec(x);`],
    ['every of a list, the other way', 'shell', `if (LIST.every((l) => l !== x)) exec(x);`],
    ['a host of letters and dots', 'url', 'if (!/^[a-z0-9.-]+$/.test(x)) return; axios.get(`https://${x}/status`);'],
    [
      'a list of texts, of an object',
      'query-object',
      `if (!LIST.includes(String(x))) return; users.findOne({ x });`,
      USERS,
    ],
    ['a list for another value', 'shell', `if (!LIST.includes(req.query.y)) return; exec(x);`],
    ['that there is something', 'shell', `if (!x) return; exec(x);`],
    ['nothing', 'query-object', `users.findOne({ x });`, USERS],
    [
      'a pattern that the text of an object matches',
      'query-object',
      `if (!/^.{1,20}$/.test(x)) return; users.findOne({ x });`,
      USERS,
    ],
    ['a pattern without an end', 'shell', `if (!/^[a-z]+/.test(x)) return; exec(x);`],
    ['a pattern that lets spaces and dashes through', 'shell', `if (!/^[a-z; -]+$/.test(x)) return; exec(x);`],
    ['a pattern by lines', 'shell', `if (!/^[a-z]+$/m.test(x)) return; exec(x);`],
    ['a string for SQL', 'sql', 'if (typeof x !== "string") return; pool.query(`select ${x}`);'],
    ['checked before it is changed', 'shell', `if (!LIST.includes(x)) return; x = req.query.y; exec(x);`],
    ['not equal to one thing', 'shell', `if (x === 'rm') return; exec(x);`],
    ['a part of the host', 'url', `if (!x.includes('example.com')) return; await axios.get(x);`],
    ['a start without an end of the host', 'url', `if (x.startsWith('https://')) await axios.get(x);`],
    ['HTML escaped for a shell', 'shell', `exec('a ' + require('escape-html')(x));`],
    ['a path joined', 'path', `fs.readFile(path.join(ROOT, path.normalize(x)), () => {});`],
    ['dots taken out once', 'path', `fs.readFile(ROOT + '/' + x.replace('../', ''), () => {});`],
  ])('%s', (_, sink, body, more) => {
    expect(found(body, sink, more)).toBe(1);
  });
});

describe('what a call makes of a value', () => {
  it.each<[situation: string, flows: 0 | 1, sink: SinkName, body: string, more?: string]>([
    ['a number', 0, 'sql', 'pool.query(`select ${Number(x)}`);'],
    ['an integer', 0, 'sql', 'pool.query("select " + parseInt(x, 10));'],
    ['a hash', 0, 'shell', `exec('a ' + require('crypto').createHash('sha256').update(x).digest('hex'));`],
    ['a length', 0, 'shell', `exec('a ' + x.length);`],
    ['quotes escaped for a shell', 0, 'shell', `exec("ls '" + x.replace(/'/g, \`'\\\\''\`) + "'");`],
    [
      'values of a prepared statement',
      0,
      'sql',
      `lite.prepare('select ?').all(x);`,
      `const lite = require('better-sqlite3')('a.db');`,
    ],
    [
      'text that is parsed may become an object',
      1,
      'query-object',
      `users.findOne({ a: JSON.parse(req.cookies.a).b });`,
      USERS,
    ],
    ['text that is not parsed may not', 0, 'query-object', `users.findOne({ a: req.cookies.a });`, USERS],
    ['everything but letters taken out', 0, 'shell', `exec('a ' + x.replace(/[^a-z]/g, ''));`],
    ['the base name', 0, 'path', `fs.readFile(path.join(ROOT, path.basename(x)), () => {});`],
    ['behind a fixed host', 0, 'url', 'await axios.get(`https://api.example.com/items/${x}`);'],
    ['in the host', 1, 'url', 'await axios.get(`https://${x}.example.com/`);'],
    ['below the own site', 0, 'redirect', `res.redirect('/items/' + x);`],
    ['behind one slash', 1, 'redirect', `res.redirect('/' + x);`],
    ['trimmed and glued', 1, 'shell', `exec(['a', x.trim().toLowerCase()].join(' '));`],
    ['parsed and taken apart', 1, 'shell', `const { a: [{ b }] } = JSON.parse(x); exec(b);`],
    [
      'through map, filter and spread',
      1,
      'shell',
      `exec([...x.split(',').map((e) => e + '!').filter(Boolean)].join(' '));`,
    ],
    ['pushed to a list', 1, 'shell', `const l = ['a']; l.push(x); exec(l.join(' '));`],
    ['a promise chain', 1, 'shell', `Promise.resolve(x).then((y) => y + '!').then((z) => exec(z));`],
    [
      'an awaited helper',
      1,
      'shell',
      `const y = await later(x); exec(y);`,
      `const later = async (v) => new Promise((done) => done(v));`,
    ],
    ['a callback', 1, 'shell', `later(x, (err, y) => exec(y));`, `function later(v, done) { done(null, v); }`],
    [
      'a field of an instance',
      1,
      'shell',
      `new Job(x).run();`,
      `class Job { constructor(n) { this.n = n; } run() { exec(this.n); } }`,
    ],
    [
      'another field of an instance',
      0,
      'shell',
      `new Job(x).run();`,
      `class Job { constructor(n) { this.n = n; this.c = 'a'; } run() { exec(this.c); } }`,
    ],
    [
      'one of two calls of a helper',
      0,
      'shell',
      `const a = same(x), b = same('ls'); exec(b);`,
      `const same = (v) => v;`,
    ],
    ['arguments by the rest', 1, 'shell', `go('a', x);`, `const go = (...parts) => exec(parts.join(' '));`],
    ['other property of the same object', 0, 'shell', `const o = { x, c: 'ls' }; exec(o.c);`],
  ])('%s: %i', (_, flows, sink, body, more) => {
    expect(found(body, sink, more)).toBe(flows);
  });
});
