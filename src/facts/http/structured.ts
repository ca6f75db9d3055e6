import { parseDictionary, parseItem, parseList, Token } from 'structured-headers';
import type { Field, StructuredFact, StructuredMember } from './http-facts.ts';

/** Fields that are structured (RFC 9651), and as what. */
const KINDS: ReadonlyMap<string, 'dictionary' | 'item' | 'list'> = new Map([
  ['permissions-policy', 'dictionary'],
  ['cross-origin-opener-policy', 'item'],
  ['cross-origin-embedder-policy', 'item'],
  ['ratelimit', 'list'],
  ['ratelimit-policy', 'list'],
]);
const MAX_VALUE = 16_384;

/** What the structured fields of a response say. Lines of one name are joined first, as the RFC wants it. */
export function structuredIn(fields: readonly Field[]): readonly StructuredFact[] {
  return [...KINDS].flatMap(([name, kind]): StructuredFact[] => {
    const lines = fields.filter((field) => field.name.toLowerCase() === name);
    if (lines.length === 0) return [];
    const value = lines.map((line) => line.value).join(', ');
    return [{ name, members: value.length > MAX_VALUE ? undefined : membersOf(kind, value) }];
  });
}

function membersOf(kind: 'dictionary' | 'item' | 'list', value: string): readonly StructuredMember[] | undefined {
  try {
    if (kind === 'item') return [memberOf('', parseItem(value))];
    if (kind === 'list') return parseList(value).map((member) => memberOf('', member));
    return [...parseDictionary(value)].map(([name, member]) => memberOf(name, member));
  } catch {
    return undefined;
  }
}

type Parsed = readonly [value: unknown, parameters: ReadonlyMap<string, unknown>];

function memberOf(name: string, [value, parameters]: Parsed): StructuredMember {
  const values: readonly unknown[] = Array.isArray(value) ? value.map((item) => (item as Parsed)[0]) : [value];
  return {
    name,
    values: values.slice(0, 100).map((one) => ({ text: textOf(one), isToken: one instanceof Token })),
    parameters: [...parameters].slice(0, 20).map(([key, parameter]) => ({ name: key, value: textOf(parameter) })),
  };
}

const textOf = (value: unknown): string =>
  value instanceof Token
    ? value.toString()
    : typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? String(value).slice(0, 500)
      : '';
