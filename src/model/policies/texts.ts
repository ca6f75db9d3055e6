import type { Location } from '../../document/document.ts';
import type { Node, Program } from '../program/program.ts';
import type { PolicyDirective } from './policies.ts';
import { HOLE } from './policies.ts';

const MAX_DEPTH = 12;
/** Methods that leave the words of a text as they are. */
const TIDYING = new Set(['trim', 'replace', 'replaceAll', 'toString']);

/** A text with holes for what is not constant; undefined where nothing of it is. */
export function textOf(program: Program, node: Node, depth = 0): string | undefined {
  const constants = program.constants(node);
  if (constants?.length === 1 && typeof constants[0] === 'string') return constants[0];
  if (depth > MAX_DEPTH) return undefined;
  const texts = program.origins(node).map((origin) => ofOrigin(program, origin, depth));
  return texts.length === 1 ? texts[0] : undefined;
}

function ofOrigin(program: Program, origin: Node, depth: number): string | undefined {
  const value = program.valueOf(origin);
  if (value.kind === 'join')
    return value.parts.map((part) => textOf(program, program.child(origin, part.value), depth + 1) ?? HOLE).join('');
  if (value.kind !== 'call') return undefined;
  const callee = program.child(origin, value.callee);
  const member = program.valueOf(callee);
  if (member.kind !== 'member' || member.property === undefined) return undefined;
  const object = program.child(callee, member.object);
  if (TIDYING.has(member.property)) return textOf(program, object, depth + 1);
  if (member.property !== 'join') return undefined;
  const separator = program.argument(origin, 0);
  const [between] = separator === undefined ? [','] : (program.constants(separator) ?? []);
  const items = itemsOf(program, object);
  if (typeof between !== 'string' || items === undefined) return undefined;
  return items.map((item) => textOf(program, item, depth + 1) ?? HOLE).join(between);
}

/** The items of an array; what is spread into it that cannot be seen stands for itself. */
export function itemsOf(program: Program, node: Node, depth = 0): readonly Node[] | undefined {
  const [origin, ...others] = program.origins(node);
  if (origin === undefined || others.length > 0 || depth > 4) return undefined;
  const value = program.valueOf(origin);
  if (value.kind !== 'array') return undefined;
  return value.items.flatMap((item) => {
    const inner = program.child(origin, item.value);
    return item.spread ? (itemsOf(program, inner, depth + 1) ?? [inner]) : [inner];
  });
}

/** `default-src 'self'; script-src …` by its directives; the first of a name counts. */
export function directivesIn(text: string, at: Location): readonly PolicyDirective[] {
  const found = new Map<string, PolicyDirective>();
  for (const part of text.split(';')) {
    const [name = '', ...sources] = part.trim().split(/\s+/);
    const key = name.toLowerCase();
    if (/^[a-z][a-z-]*$/.test(key) && !found.has(key)) found.set(key, { name: key, sources: sources.map(lower), at });
  }
  return [...found.values()];
}

const lower = (source: string): string => (/^'(nonce|sha\d+)-/i.test(source) ? source : source.toLowerCase());

/** The sources of one directive in an object: a list, one text, or null for none. */
export function sourcesOf(program: Program, node: Node): readonly string[] {
  const items = itemsOf(program, node) ?? [node];
  return items.flatMap((item) =>
    (textOf(program, item) ?? HOLE)
      .split(/\s+/)
      .filter((source) => source !== '')
      .map(lower),
  );
}
