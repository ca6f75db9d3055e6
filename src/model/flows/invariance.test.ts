import { describe, expect, it } from 'vitest';
import { chooserOf } from '../../facts/javascript/random-source.ts';
import type { Choose } from '../../facts/javascript/random-source.ts';
import { flowsIn } from './flows-in.ts';

/** What becomes of a value on its way; `%` stands for it. Where one of them is clean, so is the whole way. */
const KEEPING = [
  '%',
  '`a ${%} b`',
  "'pre ' + %",
  '%.trim()',
  "%.split(',')[0]",
  "[%, 'k'].join('-')",
  '({ v: %, w: 1 }).v',
  '{ const { v = 1 } = { v: % }; return v; }',
  '{ let held = 0; held = %; return held; }',
  "{ let text = ''; for (const part of [%]) text += part; return text; }",
  'JSON.parse(JSON.stringify({ q: % })).q',
  'decodeURIComponent(%)',
  "(Math.random() > 0.5 ? % : 'n')",
  "(% || 'd')",
  '[%].map((each) => each)[0]',
  'new Holder(%).value',
  'Object.assign({}, { v: % }).v',
  '{ try { return %; } catch { return 1; } }',
  "{ if (% === 'no') return 'n'; return %; }",
  '((...all) => all[0])(%)',
  '{ const list = []; list.push(%); return list[0]; }',
] as const;
const CLEAN = [
  'Number(%)',
  'parseInt(%, 10)',
  '%.length',
  "(ALLOWED.includes(%) ? % : 'a')",
  "{ if (!ALLOWED.includes(%)) return 'a'; return %; }",
  "{ if (!/^[a-z]+$/.test(%)) throw new Error('no'); return %; }",
  'TABLE[%]',
  "(% === 'a' ? 'b' : 'c')",
  "%.replace(/[^a-z]/g, '')",
  '({ v: 1, w: % }).v',
  "{ switch (%) { case 'a': return 'x'; default: return 'y'; } }",
] as const;
const SINKS = ['exec(%)', 'pool.query(`select ${%}`)', 'pool.query({ text: "select " + % })', 'eval(%)'] as const;

/** How the same program may be written. */
interface Manner {
  readonly names: readonly string[];
  readonly reversed: boolean;
  readonly files: 'one' | 'each' | 'commonjs';
  readonly wrapped: boolean;
  readonly typed: boolean;
}

const PLAIN: Manner = { names: ['f', 'x', 'req', 'res'], reversed: false, files: 'one', wrapped: false, typed: false };
const MANNERS: readonly Manner[] = [
  PLAIN,
  { ...PLAIN, names: ['constructor_', '$', 'toString', 'hasOwn'] },
  { ...PLAIN, reversed: true },
  { ...PLAIN, files: 'each' },
  { ...PLAIN, files: 'commonjs', reversed: true },
  { ...PLAIN, wrapped: true },
  { ...PLAIN, typed: true },
  { names: ['step', 'wert', 'anfrage', 'antwort'], reversed: true, files: 'each', wrapped: true, typed: true },
];

const SHARED = `class Holder { constructor(v) { this.value = v; } }\nconst ALLOWED = ['a', 'b'];\nconst TABLE = { a: 'x' };\n`;

function written(steps: readonly string[], sink: string, manner: Manner): Readonly<Record<string, string>> {
  const [f = 'f', x = 'x', req = 'req', res = 'res'] = manner.names;
  const isCommon = manner.files === 'commonjs';
  const ending = manner.typed ? 'ts' : 'js';
  const type = manner.typed ? ': any' : '';
  const bring = (names: string, from: string): string =>
    isCommon ? `const { ${names} } = require('${from}');\n` : `import { ${names} } from '${from}';\n`;
  const functions = steps.map((step, index) => {
    const body = step.replaceAll('%', x);
    const block = body.startsWith('{') ? body : `{ return ${body}; }`;
    return `function ${f}${index}(${x}${type})${type} ${block}\n`;
  });
  const names = steps.map((_, index) => `${f}${index}`);
  const call = names.reduce(
    (inner, name) => (manner.wrapped ? `via(${name}, ${inner})` : `${name}(${inner})`),
    `${req}.query.q`,
  );
  const helper = manner.wrapped ? `const via = (run${type}, value${type})${type} => run(value);\n` : '';
  const packages = isCommon
    ? `const express = require('express');\nconst { Pool } = require('pg');\n${bring('exec', 'child_process')}`
    : `import express from 'express';\nimport { Pool } from 'pg';\n${bring('exec', 'node:child_process')}`;
  const main = `const app = express();\nconst pool = new Pool();\napp.get('/', (${req}${type}, ${res}${type}) => {\n  const ${x} = ${call};\n  ${sink.replaceAll('%', x)};\n});\n`;
  const ordered = manner.reversed ? functions.toReversed() : functions;
  if (manner.files === 'one')
    return {
      [`app.${ending}`]:
        packages + helper + SHARED + (manner.reversed ? main + ordered.join('') : ordered.join('') + main),
    };
  const give = (index: number): string =>
    isCommon ? `exports.${f}${index} = ${f}${index};\n` : `export { ${f}${index} };\n`;
  return {
    [`app.${ending}`]:
      packages + names.map((name, index) => bring(name, `./step${index}.${ending}`)).join('') + helper + main,
    ...Object.fromEntries(functions.map((text, index) => [`step${index}.${ending}`, SHARED + text + give(index)])),
  };
}

const sinkOf = (text: string): 'shell' | 'sql' | 'code' =>
  text.startsWith('exec') ? 'shell' : text.startsWith('eval') ? 'code' : 'sql';

function waysOf(choose: Choose): {
  readonly steps: readonly string[];
  readonly sink: string;
  readonly isClean: boolean;
} {
  const isClean = choose([true, false]);
  const steps: string[] = Array.from({ length: choose([1, 2, 3, 4]) }, () => choose(KEEPING));
  if (isClean) steps.splice(choose([0, 1, 2]), 0, choose(CLEAN));
  return { steps, sink: choose(SINKS), isClean };
}

describe('the verdict on a program does not depend on how it is written', () => {
  it.each(Array.from({ length: 100 }, (_, seed) => seed))('random program %i', (seed) => {
    const { steps, sink, isClean } = waysOf(chooserOf(seed));
    for (const manner of MANNERS) {
      const files = written(steps, sink, manner);
      const found = flowsIn(files, sinkOf(sink)).length;
      expect(
        found,
        `${JSON.stringify(manner)}\n${Object.entries(files)
          .map((each) => each.join(':\n'))
          .join('\n')}`,
      ).toBe(isClean ? 0 : 1);
    }
  });

  it('and is the same each time, trail and all', () => {
    const files = written(['`a ${%}`', 'new Holder(%).value', '[%].map((each) => each)[0]'], 'exec(%)', PLAIN);
    expect(JSON.stringify(flowsIn(files, 'shell'))).toBe(JSON.stringify(flowsIn(files, 'shell')));
  });
});
