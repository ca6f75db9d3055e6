import { expect, it } from 'vitest';
import { nearestOf } from './nearest.ts';

it.each([
  ['sarfi', ['human', 'json', 'sarif'], 'sarif'],
  ['gates', ['gate', 'ignore'], 'gate'],
  ['reson', ['rule', 'reason'], 'reason'],
  ['headers/hsts-mising', ['headers/hsts-missing', 'headers/hsts-short'], 'headers/hsts-missing'],
  ['completely-else', ['gate', 'ignore'], undefined],
  ['', ['a'], undefined],
])('%s of %j is %s', (name, names, expected) => {
  expect(nearestOf(name, names)).toBe(expected);
});
