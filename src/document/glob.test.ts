import { expect, it } from 'vitest';
import { matchesGlob } from './glob.ts';

it.each([
  ['packages/api', 'packages/*', true],
  ['packages/api/lib', 'packages/*', false],
  ['packages/api/lib', 'packages/**', true],
  ['packages', 'packages/**', true],
  ['a/b/c/d.js', '**/d.js', true],
  ['d.js', '**/d.js', true],
  ['src/a.test.ts', 'src/*.test.ts', true],
  ['src/a.test.tsx', 'src/*.test.ts', false],
  ['apps/web', 'apps/w?b', true],
  ['apps/web', 'apps', false],
  ['a', '*', true],
])('%s in %s: %s', (path, glob, expected) => {
  expect(matchesGlob(path, glob)).toBe(expected);
});

it('stays fast whatever a project writes', () => {
  const start = performance.now();
  expect(matchesGlob('a'.repeat(4_000), `${'*a'.repeat(2_000)}b`)).toBe(false);
  expect(matchesGlob('a/'.repeat(2_000), `${'**/'.repeat(60)}b`)).toBe(false);
  expect(performance.now() - start).toBeLessThan(2_000);
});
