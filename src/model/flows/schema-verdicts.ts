import type { Node, Program } from '../program/program.ts';
import { accessOf, keyOf } from './access.ts';
import type { Exclusion } from './exclusion.ts';
import { jsonSchemaClears, jsonSchemaFields } from './json-schema.ts';
import { STRING_LABELS } from './label.ts';
import type { Label } from './label.ts';
import { clearsAt, fieldsOf, isSchema } from './schemas.ts';

const LABELS: readonly Label[] = [...STRING_LABELS, 'object', 'keys', 'size'];
const MAX_DEPTH = 3;

/** A value, and the schema it is held against. */
interface Held {
  readonly schema: Node;
  readonly subject: Node;
}

const COMPILED = /^(ajv(\/[\w/]+)?(\.\w+)?\(\)|@sinclair\/typebox\/compiler\.TypeCompiler)\.[cC]ompile\(\)(\.Check)?$/;
const JUDGING = /^(ajv(\/[\w/]+)?(\.\w+)?\(\)\.validate|@sinclair\/typebox\/value\.Value\.Check|valibot\.is)$/;
const RESULTS = /^(zod(\/v4)?|joi|@hapi\/joi|valibot|superstruct|yup)\b.*\.(safeParse|safeParseAsync|validate)$/;
const THROWING =
  /^((zod(\/v4)?|joi|@hapi\/joi|valibot)\b.*\.(parse|parseAsync|validateAsync|assert|attempt)|superstruct\.(assert|create)|yup\b.*\.(validate|validateSync))$/;

/** `validate(body)` of Ajv, `is(body, Struct)`: what a truthy answer says of the value. */
export const judged = (program: Program, call: Node): readonly Exclusion[] => {
  const compiled = apisOf(program, call).some((api) => COMPILED.test(api)) ? compiledAt(program, call) : undefined;
  const subject = program.argument(call, 0);
  if (compiled !== undefined && subject !== undefined) return exclusionsOf(program, { schema: compiled, subject });
  return apisOf(program, call).some((api) => JUDGING.test(api) || api === 'superstruct.is')
    ? ofHeld(program, call)
    : [];
};

/** `schema.safeParse(body).success`, and no `error` of `schema.validate(body)`. */
export function resulting(program: Program, node: Node, holds: boolean): readonly Exclusion[] {
  const value = program.valueOf(node);
  if (value.kind !== 'member' || (holds ? value.property !== 'success' : !/^(error|0)$/.test(value.property ?? '')))
    return [];
  return program
    .origins(program.child(node, value.object))
    .flatMap((origin) => (apisOf(program, origin).some((api) => RESULTS.test(api)) ? ofHeld(program, origin) : []));
}

/** `schema.parse(body);` throws at anything that does not fit. */
export const throwing = (program: Program, call: Node): boolean =>
  apisOf(program, call).some((api) => THROWING.test(api));

export function ofHeld(program: Program, call: Node): readonly Exclusion[] {
  const args = [program.argument(call, 0), program.argument(call, 1)].filter((node) => node !== undefined);
  const value = program.valueOf(call);
  const callee = value.kind === 'call' ? program.child(call, value.callee) : call;
  const member = program.valueOf(callee);
  const object = member.kind === 'member' ? program.child(callee, member.object) : undefined;
  const isMethod = object !== undefined && isSchema(program, object);
  const isPlain = apisOf(program, call).some((api) => JUDGING.test(api) && api.startsWith('ajv'));
  const schema = isMethod ? object : isPlain ? args[0] : args.find((each) => isSchema(program, each));
  const subject = isMethod ? args[0] : args.find((each) => each !== schema);
  return schema === undefined || subject === undefined ? [] : exclusionsOf(program, { schema, subject });
}

function apisOf(program: Program, call: Node): readonly string[] {
  const value = program.valueOf(call);
  return value.kind === 'call' ? program.apis(program.child(call, value.callee)) : [];
}

/** The schema a function that checks was compiled of. */
function compiledAt(program: Program, call: Node): Node | undefined {
  const value = program.valueOf(call);
  if (value.kind !== 'call') return undefined;
  const callee = program.child(call, value.callee);
  const member = program.valueOf(callee);
  const checker =
    member.kind === 'member' && member.property === 'Check' ? program.child(callee, member.object) : callee;
  const [made] = program.origins(checker).filter((origin) => program.valueOf(origin).kind === 'call');
  return made === undefined ? undefined : program.argument(made, 0);
}

/** What holds of every part of a value that fits. */
function exclusionsOf(program: Program, { schema, subject }: Held): readonly Exclusion[] {
  const own = isSchema(program, schema);
  const clears = (path: readonly string[], label: Label): boolean =>
    own ? clearsAt(program, schema, path, label, 0) : jsonSchemaClears(program, schema, path, label);
  const found: Exclusion[] = [];
  const visit = (part: Node, path: readonly string[]): void => {
    const labels = LABELS.filter((label) => clears(path, label));
    if (labels.length > 0) found.push({ key: keyOf(accessOf(program, subject, path)), clears: labels });
    if (path.length >= MAX_DEPTH) return;
    const fields = own ? fieldsOf(program, part) : new Map(namedIn(program, part));
    for (const [name, inner] of fields) visit(inner, [...path, name]);
  };
  visit(schema, []);
  return found;
}

const namedIn = (program: Program, schema: Node): readonly (readonly [string, Node])[] =>
  jsonSchemaFields(program, schema).flatMap((name) => {
    const [inner] = program.property(schema, 'properties').flatMap((fields) => program.property(fields, name));
    return inner === undefined ? [] : [[name, inner] as const];
  });
