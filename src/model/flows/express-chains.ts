import type { Node, Program } from '../program/program.ts';
import { lastName } from './api-path.ts';
import type { Label } from './label.ts';
import { patternClears } from './schemas.ts';

const MAX_CHAIN = 24;
const CLEAN =
  /^(is(Int|Float|Numeric|Decimal|UUID|MongoId|Boolean|In|ISO8601|Date|Port|Hexadecimal|Alphanumeric|Alpha|Hash|Slug|CreditCard)|to(Int|Float|Boolean|Date)|equals)$/;
const PARTS: Readonly<Record<string, readonly string[]>> = {
  body: ['body'],
  query: ['query'],
  param: ['params'],
  header: ['headers'],
  cookie: ['cookies'],
  check: ['body', 'query', 'params', 'headers', 'cookies'],
};

/**
 * What a chain of express-validator says of a field: `query('page').isInt()`. It checks what it names and drops
 * nothing else. Undefined for what is no such chain.
 */
export function chainClears(
  program: Program,
  chain: Node,
  [part = '', field = '']: readonly string[],
  label: Label,
): boolean | undefined {
  let current = chain;
  const links: { readonly name: string; readonly call: Node }[] = [];
  for (let count = 0; count < MAX_CHAIN; count += 1) {
    const call = program.valueOf(current);
    if (call.kind !== 'call') return undefined;
    const callee = program.child(current, call.callee);
    const member = program.valueOf(callee);
    const [root] = program.apis(callee).filter((api) => /^express-validator(\/check)?\.\w+$/.test(api));
    if (root !== undefined) {
      const parts = PARTS[lastName(root)];
      return parts && parts.includes(part) && namesField(program, current, field) && says(program, links, label);
    }
    if (member.kind !== 'member') return undefined;
    links.push({ name: member.property ?? '', call: current });
    const [next] = program.origins(program.child(callee, member.object));
    if (next === undefined) return undefined;
    current = next;
  }
  return undefined;
}

function namesField(program: Program, root: Node, field: string): boolean {
  const first = program.argument(root, 0);
  const named = (first === undefined ? [] : program.origins(first)).flatMap((origin) => {
    const value = program.valueOf(origin);
    const items = value.kind === 'array' ? value.items.map((item) => program.child(origin, item.value)) : [origin];
    return items.flatMap((item) => program.constants(item) ?? []);
  });
  return named.some((name) => String(name).split(/[.[]/)[0] === field || field === '**');
}

function says(
  program: Program,
  links: readonly { readonly name: string; readonly call: Node }[],
  label: Label,
): boolean {
  if (label === 'keys') return false;
  if (label === 'object' || label === 'size') return links.some(({ name }) => /^(is|to|equals|matches)/.test(name));
  return links.some(
    ({ name, call }) => CLEAN.test(name) || (name === 'matches' && patternClears(program, call, label)),
  );
}
