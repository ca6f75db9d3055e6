import { describe, expect, it } from 'vitest';
import { extract } from './extract.ts';
import { chooserOf, mutated } from './random-source.ts';

const SOURCES: readonly [string, ...string[]] = [
  `import express, { Router } from 'express';
import * as db from './db.ts';
export default class Shop extends Base<Item> {
  static readonly #limit = 10;
  @Inject('pool') private pool!: Pool;
  constructor(private readonly log: Logger, ...rest: unknown[]) { super(); this.rest = rest; }
  get size(): number { return this.items?.length ?? 0; }
  async *pages<T extends object>({ page = 1, ...filter }: { page?: number } = {}): AsyncGenerator<T[]> {
    for await (const row of this.pool.query(\`select * from items where a = \${filter.a}\`)) yield row as T[];
    try { this.cache ||= new Map(); } catch { return; } finally { this.log.info?.('done'); }
  }
}
enum Kind { A = 1, B, C = 'c' }
namespace Inner { export const x = Kind.A; }
export const route = Router().get('/:id', async (req, res, next) => res.json(await db.find(req.params.id satisfies string)));
export * from './other.ts';
export type { Shop as S };
`,
  `'use strict';
var app = module.exports = require('express')(), util = require('util');
function Handler(db) { if (!(this instanceof Handler)) return new Handler(db); var self = this; this.db = db; this.show = function (req, res, next) {
  var q = req.query, id = q && q.id || 0, out = '';
  switch (id) { case 1: case '2': out += 'x'; break; default: return next(new Error("bad " + id)); }
  outer: for (var k in q) { while (true) { if (k === 'z') continue outer; else break outer; } }
  do { id++; } while (id < 3);
  self.db.query('select 1 where id = ' + id, function (err, rows) { if (err) throw err; res.send(rows[0].name.replace(/[<>]/g, '')); });
}; }
Handler.prototype.stop = function () { delete this.db; void 0; return typeof this; };
exports.Handler = Handler; app.use(function (err, req, res, next) { res.status(500).end(err.stack); });
`,
  `export const Page = ({ items, onPick, ...rest }) => (
  <main {...rest} data-kind="x">
    {items.map((item) => <Item key={item.id} onClick={() => onPick?.(item)} dangerouslySetInnerHTML={{ __html: item.html }} />)}
    <>text &amp; more {/* nothing */}</>
  </main>
);
let a = 1, b = a ** 2, [c, , d = b, ...e] = [a, ...[b]]; ({ a, x: { y: b = 2 } = {} } = c); a &&= b; b ??= a; tag\`x\${a}y\`; new.target; import.meta.url;
const f = async () => { const { g } = await import('./g.js'); label: { if (g) break label; } return (a, b), g?.[a]?.(...e); };
class Q { static { this.z = 1; } #p = 2; static async *[Symbol.iterator]() {} set p(v) { this.#p = v; } has(o) { return #p in o; } }
`,
];

/** How often the text is changed; a whole campaign sets it to 10000. */
const ROUNDS = Number(process.env['FUZZ_ROUNDS'] ?? process.env['FUZZ'] ?? 300);
const SLOWEST_MS = 5000;

describe('a broken file', () => {
  it(
    `of ${ROUNDS} is read without a crash, within seconds, into facts that hold together`,
    { timeout: 3_600_000 },
    () => {
      for (let seed = 0; seed < ROUNDS; seed += 1) {
        const choose = chooserOf(seed);
        const path = choose(['a.js', 'a.ts', 'a.tsx', 'a.mjs', 'a.cts', 'a.jsx']);
        const text = mutated(choose(SOURCES), choose);
        const start = performance.now();
        const { facts } = extract({ path, text, language: 'javascript', tracked: 'tracked' });
        expect(performance.now() - start, `seed ${seed}`).toBeLessThan(SLOWEST_MS);
        const known = facts.values.length;
        for (const value of facts.values) {
          const used = 'options' in value ? value.options : 'args' in value ? value.args.map((use) => use.value) : [];
          for (const id of used) expect(id >= 0 && id < known, `seed ${seed}`).toBe(true);
          if ('block' in value) expect(facts.blocks[value.block], `seed ${seed}`).toBeDefined();
        }
        expect(JSON.stringify(facts).length).toBeGreaterThan(0);
      }
    },
  );

  it('is read as far as it can be, with a gap for the rest', () => {
    const text = `const a = require('a');\nconst b = a.run('x'\nmodule.exports = b;\n`;
    const { facts, gaps } = extract({ path: 'a.js', text, language: 'javascript', tracked: 'tracked' });
    expect(gaps.map(({ kind }) => kind)).toEqual(['unreadable']);
    expect(facts.imports.every(({ module }) => module === 'a')).toBe(true);
  });

  it('in which the parser leaves holes for statements is read around them', () => {
    const text = `export const run = () => {\n  try {\n    a.run();\nnamespace     const b = 1;\n    return b;\n  } finally {\n    a.end();\n  }\n};\n`;
    const { facts } = extract({ path: 'a.js', text, language: 'javascript', tracked: 'tracked' });
    expect(facts.functions.map(({ name }) => name)).toContain('run');
  });

  it('that nests ten thousand deep ends in a gap', () => {
    const text = `x = ${'['.repeat(10_000)}${']'.repeat(10_000)};`;
    const { gaps } = extract({ path: 'a.js', text, language: 'javascript', tracked: 'tracked' });
    expect(gaps).toHaveLength(1);
  });
});
