import type { Node, Program } from '../program/program.ts';
import type { Label } from './label.ts';
import { clearedByMatch } from './pattern.ts';

const SCALARS = /^(number|integer|boolean|null)$/;
const CLEAN_FORMATS = /^(uuid|date|time|date-time|ipv4|ipv6|duration|int32|int64|float|double)$/;
const MAX_DEPTH = 6;

/** Whether data that fits a JSON Schema written as an object lacks a label at a path. */
export function jsonSchemaClears(
  program: Program,
  schema: Node,
  path: readonly string[],
  label: Label,
  depth = 0,
): boolean {
  if (depth > MAX_DEPTH) return false;
  const [name, ...rest] = path[0] === '**' ? [] : path;
  if (name === undefined) return keywordsClear(program, schema, label);
  const isItem = name === '*' || /^\d+$/.test(name);
  const parts = [
    ...program.property(schema, 'properties').flatMap((fields) => program.property(fields, name)),
    ...(isItem ? program.property(schema, 'items') : []),
  ];
  return parts.length > 0 && parts.every((part) => jsonSchemaClears(program, part, rest, label, depth + 1));
}

/** What the keywords of one schema say: `type`, `enum`, `const`, `pattern`, `format`, `maximum`, `maxLength`. */
export function keywordsClear(program: Program, schema: Node, label: Label): boolean {
  const constantsOf = (keyword: string): readonly unknown[] =>
    program.property(schema, keyword).flatMap((node) => program.constants(node) ?? []);
  const has = (keyword: string): boolean => program.property(schema, keyword).length > 0;
  if (label === 'size') return has('maximum') || has('exclusiveMaximum') || has('enum') || has('const');
  if (label === 'long-text' && has('maxLength')) return true;
  if (has('enum') || has('const')) return true;
  const types = constantsOf('type').map(String);
  if (types.length > 0 && types.every((type) => SCALARS.test(type))) return true;
  if (label === 'object' || label === 'keys') return types.length > 0 && types.every((type) => type === 'string');
  if (constantsOf('format').some((format) => CLEAN_FORMATS.test(String(format)))) return true;
  return constantsOf('pattern').some((pattern) =>
    (clearedByMatch(String(pattern), '') as readonly Label[]).includes(label),
  );
}

/** The names of the properties a JSON Schema speaks of. */
export const jsonSchemaFields = (program: Program, schema: Node): readonly string[] =>
  program.property(schema, 'properties').flatMap((fields) => {
    const value = program.valueOf(fields);
    return value.kind === 'object' ? value.properties.flatMap(({ name }) => name ?? []) : [];
  });
