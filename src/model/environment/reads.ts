import { locationOf } from '../../document/document.ts';
import type { BlockId, ModuleFacts, Value, ValueId } from '../../facts/javascript/module-facts.ts';
import { placeOf } from '../place.ts';
import { defineView, present } from '../view.ts';
import type { Source } from '../view.ts';
import type { VariableRead } from './environment.ts';

/** In path and position order. */
export const variableReads = defineView({
  name: 'variableReads',
  reads: ['javascript'],
  needs: [],
  build: (source) => present(readsOf(source)),
});

/** Every `process.env.NAME`, by whatever syntax. */
const readsOf = (source: Source): readonly VariableRead[] =>
  source.facts('javascript').flatMap(({ path, facts }) => {
    const optional = optionalValues(facts);
    const given = givenIn(facts);
    const place = placeOf(path);
    return facts.values.flatMap((value, id) => {
      if (value.kind !== 'member' || value.property === undefined || !isEnvironment(facts, value.object)) return [];
      if (!/^[A-Z][A-Z0-9_]*$/.test(value.property)) return [];
      const at = locationOf(path, { start: value.at[0], end: value.at[1] });
      const guarded = isGuarded(facts, value.block);
      const becomes = given.get(value.property);
      return [
        {
          name: value.property,
          at,
          place,
          optional: guarded || optional.has(id),
          ...(becomes !== undefined && { becomes }),
        },
      ];
    });
  });

/** What a module assigns to variables of its process: a text, or a text where they have none. */
function givenIn(facts: ModuleFacts): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const { property, object, value } of facts.writes) {
    const written = facts.values[value];
    const all = written?.kind === 'either' ? written.options.map((option) => facts.values[option]) : [written];
    for (const each of all)
      if (
        property !== undefined &&
        each?.kind === 'literal' &&
        typeof each.value === 'string' &&
        isEnvironment(facts, object)
      )
        given.set(property, each.value);
  }
  return given;
}

/** Whether a block runs only under a condition about the environment. */
function isGuarded({ values, blocks }: ModuleFacts, block: BlockId): boolean {
  for (let at: BlockId | undefined = block; at !== undefined; at = blocks[at]?.parent) {
    const condition = blocks[at]?.condition;
    if (condition !== undefined && mentions(condition, 0)) return true;
  }
  return false;

  function mentions(id: ValueId, depth: number): boolean {
    const value = values[id];
    if (!value || depth > 4) return false;
    if (value.kind === 'member') return value.property === 'env' || mentions(value.object, depth + 1);
    if (value.kind === 'operation') return value.operands.some((operand) => mentions(operand.value, depth + 1));
    if (value.kind === 'either') return value.options.some((option) => mentions(option, depth + 1));
    return value.kind === 'call' && value.args.some((argument) => mentions(argument.value, depth + 1));
  }
}

function isEnvironment({ values }: ModuleFacts, id: ValueId): boolean {
  const value: Value | undefined = values[id];
  if (value?.kind === 'import') return /^(node:)?process$/.test(value.module) && value.name === 'env';
  if (value?.kind !== 'member' || value.property !== 'env') return false;
  const object = values[value.object];
  if (object?.kind === 'import') return /^(node:)?process$/.test(object.module);
  return object?.kind === 'global' && object.name === 'process';
}

/** Values something stands in for, or that are only asked about, also where they are converted first. */
function optionalValues({ values }: ModuleFacts): ReadonlySet<ValueId> {
  const optional = new Set<ValueId>();
  const add = (id: ValueId, depth = 0): void => {
    optional.add(id);
    const value = values[id];
    if (depth > 3 || !value) return;
    if (value.kind === 'call') for (const { value: argument } of value.args) add(argument, depth + 1);
    if (value.kind === 'operation') for (const { value: operand } of value.operands) add(operand, depth + 1);
  };
  for (const value of values) {
    if (value.kind === 'either') {
      if (value.reason !== 'assigned') for (const option of value.options) add(option);
      if (value.test !== undefined) add(value.test);
    }
    if (value.kind === 'operation') for (const operand of value.operands) add(operand.value);
    // one of several that are tried in turn
    if (value.kind === 'array') for (const item of value.items) add(item.value);
  }
  return optional;
}
