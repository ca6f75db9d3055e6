import type { SinkArgument } from '../sink.ts';

export const at = (...indexes: readonly (number | 'last' | 'all')[]): readonly SinkArgument[] =>
  indexes.map((index) => ({ index }));
export const inside = (index: number, ...names: readonly string[]): readonly SinkArgument[] =>
  names.map((name) => ({ index, path: name === '' ? [] : name.split('.') }));

/** The entity manager of MikroORM comes from the package of each database. */
export const MIKRO: readonly string[] = 'core knex postgresql mysql mariadb sqlite better-sqlite libsql mssql'
  .split(' ')
  .map((name) => `@mikro-orm/${name}`);
