import type { Location } from '../../document/document.ts';
import type { Node, Program } from '../program/program.ts';
import { queryAt } from './queries.ts';
import { OWNER_COLUMN, tableNamed } from './taken.ts';
import type { Taker } from './taken.ts';

type Owner = { readonly at: Location; readonly note: string };

const ASKS = /^(find\w*|get\w*|where|eq|update\w*|delete\w*|destroy|count)$/;
const OWNER_IN_SQL = /\b((?:user|owner|author|customer|account|member)_?id|created_?by)\b/i;
const SQL = /^\s*(select|update|delete|insert)\b/i;

/** Why the records of each model belong to somebody, by the name of the model. */
export function ownersIn(program: Program, taker: Taker): ReadonlyMap<string, Owner> {
  const found = new Map<string, Owner>();
  const add = (table: string, at: Location, note: string): void => {
    if (table !== '' && !found.has(table)) found.set(table, { at, note });
  };
  for (const { table, column, at } of columnsOfModels(program)) add(table, at, `Its records have an owner: ${column}.`);
  for (const call of program.callsNamed(ASKS)) {
    const asked = taker.ownersAskedAt(call);
    if (asked)
      add(asked.table, program.locationOf(asked.at), `Elsewhere its records are asked for by ${asked.column}.`);
  }
  for (const call of program.callsNamed(/^(query|execute|run|get|all|any|one|prepare|\$\w+Unsafe)$/)) {
    const query = queryAt(program, call);
    const column = query && SQL.test(query.text) ? OWNER_IN_SQL.exec(query.text)?.[1] : undefined;
    if (query && column !== undefined && !/\bjoin\b/i.test(query.text))
      add(tableNamed(query.table), program.locationOf(call), `Its records have an owner: ${column}.`);
  }
  return found;
}

/** Columns of models of Mongoose, Sequelize and of classes that are entities. */
function* columnsOfModels(program: Program): Iterable<{ table: string; column: string; at: Location }> {
  for (const call of program.callsNamed('model', 'define')) {
    const [name, made] = [0, 1].map((index) => program.argument(call, index));
    if (name === undefined || made === undefined) continue;
    const [word] = program.constants(name) ?? [];
    if (typeof word !== 'string') continue;
    for (const origin of program.origins(made).flatMap((each) => fieldsOf(program, each))) {
      const value = program.valueOf(origin);
      const property =
        value.kind === 'object' ? value.properties.find((each) => OWNER_COLUMN.test(each.name ?? '')) : undefined;
      if (property)
        yield {
          table: tableNamed(word),
          column: property.name ?? '',
          at: program.locationIn(program.moduleOf(origin), property.at),
        };
    }
  }
  for (const module of program.modules.values())
    for (const { name, decorators, members } of module.facts.classes) {
      if (name === undefined || decorators.length === 0) continue;
      const isEntity = decorators.some((each) =>
        /^@?(Entity|Schema|Table)\b/.test(program.describe(module.first + each)),
      );
      const member = members.find((each) => each.kind === 'field' && OWNER_COLUMN.test(each.name ?? ''));
      if (isEntity && member)
        yield { table: tableNamed(name), column: member.name ?? '', at: program.locationIn(module, member.at) };
    }
}

/** The object of fields of `new Schema({ … })`, or the object itself. */
function fieldsOf(program: Program, schema: Node): readonly Node[] {
  const first = program.argument(schema, 0);
  return first === undefined ? [schema] : program.origins(first);
}
