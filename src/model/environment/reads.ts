import { locationOf } from '../../document/document.ts';
import type { ModuleFacts, Value, ValueId } from '../../facts/javascript/module-facts.ts';
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
    const place = placeOf(path);
    return facts.values.flatMap((value, id) => {
      if (value.kind !== 'member' || value.property === undefined || !isEnvironment(facts, value.object)) return [];
      if (!/^[A-Za-z_]\w*$/.test(value.property)) return [];
      const at = locationOf(path, { start: value.at[0], end: value.at[1] });
      return [{ name: value.property, at, place, optional: optional.has(id) }];
    });
  });

function isEnvironment({ values }: ModuleFacts, id: ValueId): boolean {
  const value: Value | undefined = values[id];
  if (value?.kind === 'import') return /^(node:)?process$/.test(value.module) && value.name === 'env';
  if (value?.kind !== 'member' || value.property !== 'env') return false;
  const object = values[value.object];
  if (object?.kind === 'import') return /^(node:)?process$/.test(object.module);
  return object?.kind === 'global' && object.name === 'process';
}

/** Values something stands in for, or that are only asked about. */
function optionalValues({ values }: ModuleFacts): ReadonlySet<ValueId> {
  const optional = new Set<ValueId>();
  for (const value of values) {
    if (value.kind === 'either') {
      if (value.reason !== 'assigned') for (const option of value.options) optional.add(option);
      if (value.test !== undefined) optional.add(value.test);
    }
    if (value.kind === 'operation') for (const operand of value.operands) optional.add(operand.value);
  }
  return optional;
}
