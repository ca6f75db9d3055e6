import type { Node, Program } from '../program/program.ts';
import { isFrom, lastName } from './api-path.ts';
import { keywordsClear } from './json-schema.ts';
import type { Label } from './label.ts';
import { clearedByMatch } from './pattern.ts';
import type { Next } from './search.ts';

const LIBRARIES = [
  'zod',
  'joi',
  '@hapi/joi',
  'yup',
  'superstruct',
  'valibot',
  'celebrate',
  '@sinclair/typebox',
  'zod/v4',
];
const PARSING =
  /^(parse|parseAsync|safeParse|safeParseAsync|validate|validateAsync|validateSync|attempt|assert|cast|create|parseSync)$/;
const CLEAN_TYPES =
  /^(number|int|integer|boolean|bool|date|enum|nativeEnum|literal|bigint|uuid|guid|cuid|cuid2|ulid|nanoid|objectId|valid|oneOf|equal|isoDate|datetime|ip|port|picklist|enums|symbol|null|never|int32|hex|alphanum|cidr)$/;
const OPEN_TYPES = /^(any|unknown|record|passthrough|mixed|map|looseObject|unknownKeys|custom)$/;
const CAPS = /^(max|length|maxLength|lte|lt|less|maxValue|int8|port|enum|literal|oneOf|valid|picklist|boolean|date)$/;
/** What takes what its argument takes, what takes what one of several takes, and what all of several take. */
const WRAPPERS = /^(optional|nullable|nullish|readonly|exactOptional|partial|required|lazy|unwrapped)$/;
const ALTERNATIVES = /^(union|variant|discriminatedUnion|try)$/;
const CONJUNCTIONS = /^(pipe|intersect|intersection|composite|intersectionType)$/;
const SHAPED = /^(object|keys|shape|strictObject|extend|append|pick|partial|type|objects)$/;
const MAX_CHAIN = 24;

/** One link of a schema's chain: `string()`, `min(3)`, `object({ … })`. */
interface Link {
  readonly name: string;
  readonly call: Node;
}

/**
 * A call that checks a value against a schema, and whether what comes out of it at `path` lacks a label; otherwise the
 * value that was checked. Undefined for other calls.
 */
export function schemaClears(
  program: Program,
  node: Node,
  api: string,
  path: readonly string[],
  label: Label,
): { readonly clears: boolean; readonly next: Next } | undefined {
  if (!PARSING.test(lastName(api)) || !LIBRARIES.some((root) => isFrom(api, root))) return undefined;
  const call = program.valueOf(node);
  if (call.kind !== 'call') return undefined;
  const calleeNode = program.child(node, call.callee);
  const callee = program.valueOf(calleeNode);
  const inside = unwrapped(lastName(api), path);
  const first = program.argument(node, 0);
  const second = program.argument(node, 1);
  // joi.attempt(value, schema), v.parse(schema, value), schema.parse(value)
  const isStandalone = !api.includes('()');
  const schema = isStandalone
    ? [first, second].find((each) => each !== undefined && linksOf(program, each).length > 0)
    : callee.kind === 'member'
      ? program.child(calleeNode, callee.object)
      : undefined;
  const checked = isStandalone ? [first, second].find((each) => each !== schema) : first;
  if (checked === undefined) return undefined;
  return {
    clears: schema !== undefined && clearsAt(program, schema, inside, label, 0),
    next: { node: checked, path: inside },
  };
}

/** `safeParse` puts the result below `data`, Joi's `validate` below `value`. */
function unwrapped(method: string, path: readonly string[]): readonly string[] {
  const [first, ...rest] = path;
  if (method.startsWith('safeParse')) return first === 'data' ? rest : path;
  if (method === 'validate') return first === 'value' ? rest : path;
  return path;
}

/** Whether data that passed a schema lacks a label at a path. */
export function clearsAt(
  program: Program,
  schema: Node,
  path: readonly string[],
  label: Label,
  depth: number,
): boolean {
  const links = linksOf(program, schema);
  if (links.length === 0 || depth > 6) return false;
  const names = links.map(({ name }) => name);
  const inner = innerOf(program, links);
  if (inner) return inner.holds((each) => clearsAt(program, each, path, label, depth + 1));
  if ((label === 'size' || label === 'long-text') && names.some((name) => CAPS.test(name))) return true;
  if (names.some((name) => CLEAN_TYPES.test(name))) return label !== 'size';
  if (names.some((name) => OPEN_TYPES.test(name))) return false;
  const [name, ...rest] = path[0] === '**' ? [] : path;
  if (name !== undefined) {
    for (const { name: method, call } of links) {
      if (method === 'array' || method === 'items' || method === 'of') {
        const item = program.argument(call, 0);
        if (item !== undefined && linksOf(program, item).length > 0)
          return clearsAt(program, item, name === '*' || /^\d+$/.test(name) ? rest : path, label, depth + 1);
      }
      const shape = program.argument(call, 0);
      if (!SHAPED.test(method) || shape === undefined) continue;
      const field = program.property(shape, name);
      if (field.length > 0) return field.every((each) => clearsAt(program, each, rest, label, depth + 1));
    }
  }
  if (label === 'keys' || label === 'object')
    return names.some((each) => /^(string|object|shape|keys|strictObject|email|url)$/.test(each)) && name === undefined;
  return links.some(
    ({ name: method, call }) =>
      (/^(regex|pattern|matches)$/.test(method) && patternClears(program, call, label)) ||
      // `Type.String({ pattern })`
      (method === 'string' && keywordsClear(program, program.argument(call, 0) ?? call, label)),
  );
}

/** The schemas one is made of, and whether all of them must say something or one. */
function innerOf(
  program: Program,
  links: readonly Link[],
): { readonly holds: (says: (schema: Node) => boolean) => boolean } | undefined {
  const outer = links.find(({ name }) => ALTERNATIVES.test(name) || CONJUNCTIONS.test(name) || WRAPPERS.test(name));
  const call = outer && program.valueOf(outer.call);
  if (!outer || call?.kind !== 'call') return undefined;
  const schemas = call.args
    .map(({ value }) => program.child(outer.call, value))
    .flatMap((argument) => {
      const [origin = argument] = program.origins(argument);
      const value = program.valueOf(origin);
      return value.kind === 'array' ? value.items.map((item) => program.child(origin, item.value)) : [argument];
    })
    .filter((each) => linksOf(program, each).length > 0);
  if (schemas.length === 0) return undefined;
  return { holds: (says) => (ALTERNATIVES.test(outer.name) ? schemas.every(says) : schemas.some(says)) };
}

/** The first argument is a pattern that lets nothing through that the label stands for. */
export function patternClears(program: Program, call: Node, label: Label): boolean {
  const argument = program.argument(call, 0);
  const value = argument === undefined ? undefined : program.valueOf(program.origins(argument)[0] ?? argument);
  return value?.kind === 'regex' && (clearedByMatch(value.pattern, value.flags) as readonly Label[]).includes(label);
}

/** Whether a schema of an object names a field. */
export const declares = (program: Program, schema: Node, field: string): boolean =>
  linksOf(program, schema).some(({ call }) => {
    const shape = program.argument(call, 0);
    return shape !== undefined && program.property(shape, field).length > 0;
  });

/** The fields a schema of an object names, with their schemas. */
export function fieldsOf(program: Program, schema: Node): ReadonlyMap<string, Node> {
  const fields = new Map<string, Node>();
  for (const { name, call } of linksOf(program, schema)) {
    const shape = SHAPED.test(name) ? program.argument(call, 0) : undefined;
    for (const origin of shape === undefined ? [] : program.origins(shape)) {
      const value = program.valueOf(origin);
      if (value.kind !== 'object') continue;
      for (const property of value.properties)
        if (property.name !== undefined) fields.set(property.name, program.child(origin, property.value));
    }
  }
  return fields;
}

export const isSchema = (program: Program, node: Node): boolean => linksOf(program, node).length > 0;

/** The calls a schema is chained of, if its root is a schema library. */
function linksOf(program: Program, schema: Node): readonly Link[] {
  const links: Link[] = [];
  let current: Node | undefined = program.origins(schema)[0];
  for (let count = 0; current !== undefined && count < MAX_CHAIN; count += 1) {
    const call = program.valueOf(current);
    if (call.kind !== 'call') break;
    const calleeNode = program.child(current, call.callee);
    const callee = program.valueOf(calleeNode);
    const apis = program.apis(calleeNode);
    if (!apis.some((api) => LIBRARIES.some((root) => isFrom(api, root)))) return [];
    // `Type.Object` is what others call `object`
    links.push({
      name: lastName(apis[0] ?? '').replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase()),
      call: current,
    });
    if (callee.kind !== 'member') break;
    current = program.origins(program.child(calleeNode, callee.object))[0];
  }
  return links;
}
