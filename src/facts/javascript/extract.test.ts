import { describe, expect, it } from 'vitest';
import { extract } from './extract.ts';
import type { ModuleFacts, Use, ValueId } from './module-facts.ts';

const factsOf = (text: string, path = 'a.ts'): ModuleFacts =>
  extract({ path, text, language: 'javascript', tracked: 'tracked' }).facts;

/** A value as one would write it down: `x.a`, `import(pg).Pool()`, `'a' | param 0`. */
function shown(facts: ModuleFacts, id: ValueId, depth = 0): string {
  const value = facts.values[id];
  const of = (inner: ValueId): string => shown(facts, inner, depth + 1);
  const all = (uses: readonly Use[]): string => uses.map((use) => (use.spread ? '...' : '') + of(use.value)).join(', ');
  if (!value || depth > 8 || (depth > 0 && value.kind === 'join')) return '…';
  switch (value.kind) {
    case 'literal':
      return JSON.stringify(value.value);
    case 'import':
      return `import(${value.module})${value.name === '=' ? '' : `.${value.name}`}`;
    case 'global':
      return value.name;
    case 'member':
      return `${of(value.object)}${value.optional ? '?' : ''}.${value.property ?? `[${of(value.key ?? 0)}]`}`;
    case 'call':
      return `${value.new ? 'new ' : ''}${of(value.callee)}${value.tagged ? '`' : ''}(${all(value.args)})`;
    case 'param':
      return `${value.rest ? '...' : ''}param ${value.index}`;
    case 'join':
      return value.parts.map((part) => of(part.value)).join(' + ');
    case 'either':
    case 'variable':
      return `(${value.options.map(of).join(' | ')})`;
    case 'object':
      return `{${value.properties.map((property) => `${property.kind === 'spread' ? '...' : `${property.name ?? '[]'}:`}${of(property.value)}`).join(', ')}}`;
    case 'array':
      return `[${all(value.items)}]`;
    case 'await':
    case 'yield':
      return `${value.kind} ${of(value.value)}`;
    case 'element':
    case 'key':
      return `${value.kind} of ${of(value.of)}`;
    case 'rest':
      return `rest of ${of(value.of)} without ${value.without.join(',') || value.from}`;
    case 'operation':
      return `${value.operator}(${all(value.operands)})`;
    case 'typed':
      return `${of(value.value)} as ${value.type.name}`;
    default:
      return value.kind;
  }
}

/** What `probe(x)` is given, for every probe in order. */
function probed(text: string, path?: string): readonly string[] {
  const facts = factsOf(text, path);
  return facts.values.flatMap((value) => {
    if (value.kind !== 'call') return [];
    const callee = facts.values[value.callee];
    return callee?.kind === 'global' && callee.name === 'probe'
      ? value.args.map(({ value: id }) => shown(facts, id))
      : [];
  });
}

describe('what a name holds', () => {
  it.each<[situation: string, text: string, ...held: string[]]>([
    ['a constant', `const a = 'x'; probe(a);`, '"x"'],
    ['assigned again', `let a = 1; probe(a); a = 2; probe(a);`, '1', '2'],
    ['assigned in a branch', `let a = 1; if (c) a = 2; probe(a);`, '(2 | 1)'],
    ['assigned in a branch that leaves', `function f() { let a = 1; if (c) { a = 2; return; } probe(a); }`, '1'],
    ['assigned in either branch', `let a; if (c) a = 1; else a = 2; probe(a);`, '(1 | 2)'],
    ['grown in a loop', `let a = ''; for (const x of l) a += x; probe(a);`, '("" | …)'],
    ['assigned by a closure', `let a = 1; const f = () => { a = 2; }; probe(a);`, '(1 | 2)'],
    ['assigned later, read by a closure', `let a; const f = () => probe(a); a = q.x; a = q.y;`, '(q.x | q.y)'],
    ['a logical assignment', `let a = q.x; a ||= 'd'; probe(a);`, '(q.x | "d")'],
    ['a switch', `let a = 0; switch (k) { case 'x': a = 1; break; default: a = 2; } probe(a);`, '(1 | 2)'],
    ['a try that may throw', `let a = 1; try { a = f(); } catch {} probe(a);`, '(f() | (f() | 1))'],
    ['var, hoisted', `function f() { if (c) { var a = 1; } probe(a); }`, '1'],
    ['shadowed', `const a = 1; { const a = 2; probe(a); } probe(a);`, '2', '1'],
    ['a sequence', `probe((a, 'x'));`, '"x"'],
    ['an optional chain', `probe(a?.b.c?.(1));`, 'a?.b.c(1)'],
    ['a tag', 'probe(sql`select ${a}`);', 'sql`(["select ", ""], a)'],
    ['import.meta', `probe(import.meta.url);`, 'import.meta.url'],
  ])('%s', (_, text, ...held) => {
    expect(probed(text)).toEqual(held);
  });
});

describe('what a pattern takes apart', () => {
  it.each<[situation: string, text: string, ...held: string[]]>([
    ['an object', `const { a, b: { c } } = q; probe(a, c);`, 'q.a', 'q.b.c'],
    ['with a default', `const { a = 'd' } = q; probe(a);`, '(q.a | "d")'],
    ['the rest', `const { a, ...others } = q; probe(others);`, 'rest of q without a'],
    ['a computed key', `const { [k]: a } = q; probe(a);`, 'q.[k]'],
    ['an array', `const [a, , b, ...c] = q; probe(a, b, c);`, 'q.0', 'q.2', 'rest of q without 3'],
    [
      'a parameter',
      `const f = ({ body: { id } }, [x], y = 2, ...z) => probe(id, x, y, z);`,
      'param 0.body.id',
      'param 1.0',
      '(param 2 | 2)',
      '...param 3',
    ],
    ['an assignment', `let a, b; [a, b] = [b, a]; ({ a } = q); probe(a);`, 'q.a'],
    [
      'a loop over pairs',
      `for (const [k, v] of Object.entries(q)) probe(k, v);`,
      'element of Object.entries(q).0',
      'element of Object.entries(q).1',
    ],
    ['the keys of an object', `for (const k in q) probe(q[k]);`, 'q.[key of q]'],
    ['what is caught', `try { f(); } catch ({ message }) { probe(message); }`, 'caught.message'],
  ])('%s', (_, text, ...held) => {
    expect(probed(text)).toEqual(held);
  });
});

describe('where a module gets things from, and what it gives', () => {
  it.each<[situation: string, text: string, ...held: string[]]>([
    [
      'imports',
      `import d, { n as m } from 'p'; import * as s from 'q'; probe(d, m, s.x);`,
      'import(p).default',
      'import(p).n',
      'import(q).*.x',
    ],
    [
      'require, taken apart',
      `const { exec: run } = require('child_process'); probe(run);`,
      'import(child_process).exec',
    ],
    [
      'require, from the own folder',
      `probe(require(__dirname + '/a'), require(path.join(__dirname, '/b', 'c.js')), require(path.resolve(__dirname + '/../d')), require(\`\${__dirname}/e\`));`,
      'import(./a)',
      'import(./b/c.js)',
      'import(./../d)',
      'import(./e)',
    ],
    [
      'require, of what is not known',
      `probe(require(path.resolve(__dirname, '/a')), require(path.join(q, 'b')));`,
      'require(path.resolve(__dirname, "/a"))',
      'require(path.join(q, "b"))',
    ],
    ['a dynamic import', `const m = await import('p'); probe(m.x);`, 'await import(p).*.x'],
    ['import equals', `import fs = require('fs'); probe(fs.readFile);`, 'import(fs).readFile'],
  ])('%s', (_, text, ...held) => {
    expect(probed(text)).toEqual(held);
  });

  it.each<[situation: string, text: string, exports: Readonly<Record<string, string>>]>([
    ['module.exports', `module.exports = f;`, { '=': 'f' }],
    ['with properties', `module.exports = f; module.exports.x = 1; exports.y = 2;`, { '=': 'f', x: '1', y: '2' }],
    ['aliased', `const api = module.exports = {}; api.x = 1;`, { '=': '{}' }],
    ['declarations', `export const a = 1, { b } = q; export default class {}`, { a: '1', b: 'q.b', default: 'class' }],
    ['names', `const a = 1; export { a as b, a as default };`, { b: '1', default: '1' }],
    [
      'others',
      `export { x as y } from 'p'; export * from 'q'; export * as r from 's';`,
      { y: 'import(p).x', '*': 'import(q).*', r: 'import(s).*' },
    ],
    ['an assignment of TypeScript', `export = f;`, { '=': 'f' }],
    ['a constant that is assigned later', `export let a = 1; a = 2;`, { a: '(1 | 2)' }],
  ])('exports %s', (_, text, exports) => {
    const facts = factsOf(text);
    expect(Object.fromEntries(facts.exports.map(({ name, value }) => [name, shown(facts, value)]))).toEqual(exports);
  });
});

describe('classes, types and decorators', () => {
  const facts = factsOf(`
import { Controller, Get, Query } from '@nestjs/common';
import type { Pool } from 'pg';
@Controller('x')
export class Shop extends Base {
  static shared = 1;
  #limit = 10;
  private readonly cache: Map<string, Item> = new Map();
  constructor(private readonly pool: Pool) { super(); this.own = pool; }
  @Get(':id') async show(@Query('q') q: string): Promise<Item[]> { return this.pool.query(q); }
  get size() { return this.#limit; }
}
enum Kind { A, B = 4, C, D = 'd' }
`);

  it('keep members, fields and what decorates them', () => {
    const [shop] = facts.classes;
    expect(
      shop?.members.map(({ kind, name, static: isStatic }) => `${isStatic ? 'static ' : ''}${kind} ${name}`),
    ).toEqual([
      'static field shared',
      'field #limit',
      'field cache',
      'constructor constructor',
      'method show',
      'get size',
    ]);
    expect(shop?.decorators.map((id) => shown(facts, id))).toEqual(['import(@nestjs/common).Controller("x")']);
    expect(shop?.members[4]?.decorators.map((id) => shown(facts, id))).toEqual(['import(@nestjs/common).Get(":id")']);
  });

  it('say what a parameter is declared to be, and what decorates it', () => {
    const constructor = facts.functions.find(({ name }) => name === 'constructor');
    expect(constructor?.params[0]).toMatchObject({ name: 'pool', property: true, type: { name: 'Pool' } });
    expect(shown(facts, constructor?.params[0]?.type?.value ?? -1)).toBe('import(pg).Pool');
    const show = facts.functions.find(({ name }) => name === 'show');
    expect(show?.params[0]?.decorators?.map((id) => shown(facts, id))).toEqual(['import(@nestjs/common).Query("q")']);
    expect(show).toMatchObject({
      async: true,
      returnType: { name: 'Promise', arguments: [{ name: 'Item', array: true }] },
    });
  });

  it('number the members of an enum', () => {
    const kind = facts.values.find((value) => value.kind === 'object' && value.properties[0]?.name === 'A');
    const values = kind?.kind === 'object' ? kind.properties.map((property) => shown(facts, property.value)) : [];
    expect(values).toEqual(['0', '4', '5', '"d"']);
  });

  it('tell writes to this', () => {
    expect(facts.writes.map(({ property, value }) => `${property} = ${shown(facts, value)}`)).toEqual([
      'own = param 0',
    ]);
  });
});

describe('which conditions hold where', () => {
  /** The conditions around each probe, innermost first. */
  function conditions(text: string): readonly string[] {
    const facts = factsOf(text);
    return facts.values.flatMap((value) => {
      const callee = value.kind === 'call' ? facts.values[value.callee] : undefined;
      if (value.kind !== 'call' || callee?.kind !== 'global' || callee.name !== 'probe') return [];
      const held: string[] = [];
      for (let id: number | undefined = value.block; id !== undefined; id = facts.blocks[id]?.parent) {
        const block = facts.blocks[id];
        if (block?.condition !== undefined) held.push(`${block.holds ? '' : 'not '}${shown(facts, block.condition)}`);
      }
      return [held.join(', ')];
    });
  }

  it.each<[situation: string, text: string, ...held: string[]]>([
    ['in the branches of an if', `if (a) probe(); else probe();`, 'a', 'not a'],
    ['behind an if that leaves', `function f() { if (a) return; probe(); }`, 'not a'],
    ['behind an else that throws', `function f() { if (a) {} else throw b; probe(); }`, 'a'],
    ['behind a loop turn that is skipped', `for (const x of l) { if (!x) continue; probe(); }`, 'not !(element of l)'],
    ['behind a try whose catch leaves', `function f() { try { if (a) throw b; } catch { return; } probe(); }`, 'not a'],
    ['behind a try whose catch goes on', `function f() { try { if (a) throw b; } catch {} probe(); }`, ''],
    ['behind process.exit', `if (a) process.exit(1); probe();`, 'not a'],
    ['in a case', `switch (a) { case 'x': probe(); }`, '===(a, "x")'],
    ['right of &&', `a && probe();`, 'a'],
    ['right of ||', `a || probe();`, 'not a'],
    ['in a conditional', `a ? probe() : probe();`, 'a', 'not a'],
    ['in a while', `while (a) probe();`, 'a'],
  ])('%s', (_, text, ...held) => {
    expect(conditions(text)).toEqual(held);
  });

  it('and out of which branch a joined value comes', () => {
    const { values, blocks } = factsOf(`let a = q; if (!ok(a)) a = 'd'; probe(a);`);
    const joined = values.find((value) => value.kind === 'either');
    const from = joined?.kind === 'either' ? joined.from : undefined;
    expect(from?.map((id) => blocks[id]?.holds)).toEqual([true, false]);
  });
});

it('JSX is an element with its properties and children', () => {
  const facts = factsOf(`const x = <p class="a" {...rest}>{name}<Item /></p>;`, 'a.jsx');
  const element = facts.values.find((value) => value.kind === 'jsx' && value.children.length > 0);
  expect(element).toMatchObject({ properties: [{ name: 'class' }, { kind: 'spread' }] });
  expect(element?.kind === 'jsx' ? element.children.map(({ value }) => shown(facts, value)) : []).toEqual([
    'name',
    'jsx',
  ]);
});

it('a literal that is a secret is masked', () => {
  const facts = factsOf(`const key = 'AKIA${'Z7QPLMN4RTVXKDJ2'}';`);
  expect(JSON.stringify(facts)).not.toContain('Z7QPLMN4RTVXKDJ2');
});
