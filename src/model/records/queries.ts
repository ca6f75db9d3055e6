import type { Node, Program } from '../program/program.ts';

/** A column a query compares with something: `WHERE user_id = ?`. */
export interface Condition {
  readonly column: string;
  /** What it is compared with; undefined for what is written in the text. */
  readonly value: Node | undefined;
}

/** One statement of SQL, as far as its text can be seen. */
export interface Query {
  readonly verb: 'select' | 'update' | 'delete' | 'insert';
  /** The first table it names, as it is written. */
  readonly table: string;
  readonly conditions: readonly Condition[];
  /** Its text, with `?` for holes. */
  readonly text: string;
}

const HOLE = '\uE000';
const MAX_TEXT = 4000;
const TABLE = /\b(?:from|update|into)\s+[`"'[]?((?:[\w$]+[`"\]]?\.[`"[]?)?[\w$]+)/i;
const COMPARED = /([\w$]+)[`"\]]?\s*=\s*(?:'?(\uE000)|(\?)|\$(\d{1,2})|[:@](\w+))/g;

/** The statement a call runs, where its text is its first argument, or it ends `prepare(text)`. */
export function queryAt(program: Program, call: Node): Query | undefined {
  const value = program.valueOf(call);
  if (value.kind !== 'call') return undefined;
  const prepared = preparedAt(program, program.child(call, value.callee));
  const [first] = value.tagged ? [call] : prepared === undefined ? [program.argument(call, 0)] : [prepared];
  if (first === undefined) return undefined;
  const found = textOf(program, first, value.tagged === true);
  const verb = /^\s*(select|update|delete|insert)\b/i.exec(found.text)?.[1]?.toLowerCase();
  const table = TABLE.exec(found.text)?.[1];
  if (verb === undefined || table === undefined) return undefined;
  const where = found.text.search(/\bwhere\b/i);
  const bound = boundOf(program, call, prepared === undefined ? 1 : 0);
  const conditions: Condition[] = [];
  for (const match of where === -1 ? [] : found.text.slice(where).matchAll(COMPARED)) {
    const [, column = '', hole, mark, numbered, named] = match;
    const before = found.text.slice(0, where + match.index);
    conditions.push({
      column,
      value:
        hole !== undefined
          ? found.holes[before.split(HOLE).length - 1]
          : mark !== undefined
            ? bound.at(before.split('?').length - 1)
            : numbered !== undefined
              ? bound.at(Number(numbered) - 1)
              : bound.named(named ?? ''),
    });
  }
  return {
    verb: verb === 'select' || verb === 'update' || verb === 'delete' ? verb : 'insert',
    table: table.replaceAll(/["'`[\]]/g, ''),
    conditions,
    text: found.text.replaceAll(HOLE, '?'),
  };
}

/** The text of `db.prepare(text).get`. */
function preparedAt(program: Program, callee: Node): Node | undefined {
  const member = program.valueOf(callee);
  if (member.kind !== 'member') return undefined;
  for (const origin of program.definitions(program.child(callee, member.object))) {
    const made = program.valueOf(origin);
    if (made.kind !== 'call') continue;
    const name = program.valueOf(program.child(origin, made.callee));
    if (name.kind === 'member' && name.property === 'prepare') return program.argument(origin, 0);
  }
  return undefined;
}

function textOf(program: Program, node: Node, tagged: boolean): { text: string; holes: readonly Node[] } {
  const holes: Node[] = [];
  let text = '';
  const add = (each: Node, depth: number): void => {
    const value = program.valueOf(each);
    if (text.length > MAX_TEXT) return;
    if (value.kind === 'literal') text += String(value.value).replaceAll(HOLE, '');
    else if (value.kind === 'join') for (const part of value.parts) add(program.child(each, part.value), depth);
    else {
      const [only, ...others] = depth > 3 ? [] : program.definitions(each);
      const inner = only === undefined ? undefined : program.valueOf(only);
      if (only !== undefined && others.length === 0 && (inner?.kind === 'literal' || inner?.kind === 'join'))
        add(only, depth + 1);
      else {
        text += HOLE;
        holes.push(each);
      }
    }
  };
  const call = program.valueOf(node);
  if (tagged && call.kind === 'call') {
    const [pieces, ...rest] = call.args.map((argument) => program.child(node, argument.value));
    const parts = pieces === undefined ? undefined : program.valueOf(pieces);
    for (const [index, item] of (parts?.kind === 'array' ? parts.items : []).entries()) {
      add(program.child(node, item.value), 0);
      const hole = rest[index];
      if (hole === undefined) continue;
      text += HOLE;
      holes.push(hole);
    }
    return { text, holes };
  }
  const [first = node] = program.definitions(node).filter((each) => /literal|join/.test(program.valueOf(each).kind));
  add(first, 0);
  return { text, holes };
}

/** What stands for the placeholders: an array, an object of names, or the arguments themselves. */
function boundOf(program: Program, call: Node, from: number) {
  const value = program.valueOf(call);
  const given = value.kind === 'call' ? value.args.slice(from).map((use) => program.child(call, use.value)) : [];
  const [first] = given;
  const origins = first === undefined ? [] : program.origins(first);
  const array = origins.find((each) => program.valueOf(each).kind === 'array');
  const items = array === undefined ? undefined : program.valueOf(array);
  return {
    at: (index: number): Node | undefined => {
      if (items?.kind !== 'array' || array === undefined) return given[index];
      const item = items.items[index];
      return item === undefined ? undefined : program.child(array, item.value);
    },
    named: (name: string): Node | undefined =>
      origins
        .flatMap((each) => [...program.property(each, 'replacements'), each])
        .flatMap((each) => program.property(each, name))
        .at(0),
  };
}
