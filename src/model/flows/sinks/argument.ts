import type { SinkArgument } from '../sink.ts';

export const at = (...indexes: readonly (number | 'last' | 'all')[]): readonly SinkArgument[] =>
  indexes.map((index) => ({ index }));
export const inside = (index: number, ...names: readonly string[]): readonly SinkArgument[] =>
  names.map((name) => ({ index, path: name === '' ? [] : name.split('.') }));
