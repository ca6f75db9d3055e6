import { describe, expect, it } from 'vitest';
import { flowsIn } from './flows-in.ts';

/** What reaches SQL of `b.kind`, which the schema lists, and of `b.note`, which may be any text. */
const found = (body: string, more: string): readonly string[] =>
  flowsIn(
    {
      'app.js': `import express from 'express';
import pg from 'pg';
${more}
const app = express(), pool = new pg.Pool();
app.post('/', async (req, res) => { const b = req.body; ${body}
  pool.query('select ' + b.kind);
  pool.query('select ' + b.note);
});
`,
    },
    'sql',
  ).map(({ source }) => source);

const ZOD = `import { z } from 'zod'; const S = z.object({ kind: z.enum(['a', 'b']), note: z.string() });`;
const JOI = `import Joi from 'joi'; const S = Joi.object({ kind: Joi.string().valid('a', 'b'), note: Joi.string() });`;
const AJV = `import Ajv from 'ajv'; const S = { type: 'object', properties: { kind: { enum: ['a', 'b'] }, note: { type: 'string' } } }; const ajv = new Ajv();`;
const BOX = `import { Type } from '@sinclair/typebox'; import { Value } from '@sinclair/typebox/value'; const S = Type.Object({ kind: Type.Union([Type.Literal('a'), Type.Literal('b')]), note: Type.String() });`;
const STRUCT = `import { object, enums, string, is, assert } from 'superstruct'; const S = object({ kind: enums(['a', 'b']), note: string() });`;

describe('a schema that the data as it came is held against', () => {
  it.each([
    ['throws', ZOD, `S.parse(b);`],
    ['throws later', JOI, `await S.validateAsync(b);`],
    ['answers with success', ZOD, `if (!S.safeParse(b).success) return;`],
    ['answers with a result', ZOD, `const r = S.safeParse(b); if (!r.success) return;`],
    ['answers with an error', JOI, `const { error } = S.validate(b); if (error) return res.status(400).end();`],
    ['is compiled', `${AJV} const check = ajv.compile(S);`, `if (!check(b)) return;`],
    ['is asked with the data', AJV, `if (!ajv.validate(S, b)) throw new Error();`],
    ['is a value of TypeBox', BOX, `if (!Value.Check(S, b)) return;`],
    ['is a struct', STRUCT, `if (!is(b, S)) return;`],
    ['is a struct that throws', STRUCT, `assert(b, S);`],
  ])('says what its parts are where it %s', (_, schema, check) => {
    expect(found(check, schema)).toEqual(['req.body.note']);
  });

  it.each([
    ['nobody looks at the answer', ZOD, `S.safeParse(b);`],
    ['nobody looks at the error', JOI, `S.validate(b);`],
    ['other data is held against it', ZOD, `S.parse(req.query);`],
    ['only a message is logged', JOI, `const { error } = S.validate(b); if (error) console.log('no');`],
  ])('says nothing where %s', (_, schema, check) => {
    expect(found(check, schema)).toEqual(['req.body.kind', 'req.body.note']);
  });
});

describe('schemas before a handler', () => {
  const inFastify = (params: string, more = ''): number =>
    flowsIn(
      {
        'app.js': `import Fastify from 'fastify'; import fs from 'node:fs'; ${more}
const app = Fastify();
app.get('/:day', { schema: { params: ${params} } }, async (request) => fs.createReadStream('/logs/' + request.params.day));
`,
      },
      'path',
    ).length;
  const json = (keywords: string): string => `{ type: 'object', properties: { day: { ${keywords} } } }`;

  it('are JSON Schema', () => {
    expect(inFastify(json(`type: 'string', pattern: '^\\\\d{4}-\\\\d\\\\d$'`))).toBe(0);
    expect(inFastify(json(`type: 'integer'`))).toBe(0);
    expect(inFastify(json(`type: 'string', format: 'uuid'`))).toBe(0);
    expect(inFastify(json(`enum: ['a', 'b']`))).toBe(0);
    expect(inFastify(json(`type: 'string', minLength: 3`))).toBe(1);
    expect(inFastify(json(`type: 'string', pattern: '\\\\d+'`))).toBe(1);
    expect(inFastify(`{ type: 'object', properties: { other: { type: 'integer' } } }`)).toBe(1);
  });

  it('are TypeBox', () => {
    const box = `import { Type } from '@sinclair/typebox';`;
    expect(inFastify(`Type.Object({ day: Type.Integer() })`, box)).toBe(0);
    expect(inFastify(`Type.Object({ day: Type.String({ format: 'date' }) })`, box)).toBe(0);
    expect(inFastify(`Type.Object({ day: Type.Optional(Type.Number()) })`, box)).toBe(0);
    expect(inFastify(`Type.Object({ day: Type.String() })`, box)).toBe(1);
    expect(inFastify(`Type.Object({ day: Type.Union([Type.Literal('a'), Type.String()]) })`, box)).toBe(1);
  });

  it('are made of several in Valibot', () => {
    const parsed = (schema: string): number =>
      flowsIn(
        {
          'app.js': `import { Hono } from 'hono'; import * as v from 'valibot'; import fs from 'node:fs';
const app = new Hono(); const S = ${schema};
app.get('/:n', (c) => c.text(fs.readFileSync('/lang/' + v.parse(S, c.req.param('n')))));
export default app;
`,
        },
        'path',
      ).length;
    expect(parsed(`v.pipe(v.string(), v.regex(/^[\\w-]+$/))`)).toBe(0);
    expect(parsed(`v.optional(v.picklist(['a', 'b']))`)).toBe(0);
    expect(parsed(`v.pipe(v.string(), v.trim())`)).toBe(1);
  });
});
