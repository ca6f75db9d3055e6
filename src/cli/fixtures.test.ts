import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.ts';
import { audit } from '../engine/audit.ts';
import { load } from '../load/load.ts';
import { scoreOf } from '../score/score.ts';

const FIXTURES = new URL('../../fixtures/', import.meta.url).pathname;
/** The day the expectations were written: what reached its end of life later is not in them. */
const TODAY = new Date('2026-11-22T00:00:00Z');

const projects = readdirSync(FIXTURES).filter((name) => existsSync(join(FIXTURES, name, 'expect.txt')));

describe.each(projects)('%s', (name) => {
  const folder = join(FIXTURES, name);

  it('is judged as it was by hand', async () => {
    const { findings, outcomes } = await audit(await load(folder), rules, { today: TODAY });
    const found = findings.map(({ at, rule }) => `${at.path}:${at.start.line} ${rule}`);
    expect(outcomes.filter(({ status }) => status === 'crashed')).toEqual([]);
    expect(found.toSorted()).toEqual(expectedIn(join(folder, 'expect.txt')).toSorted());
    if (name.endsWith('-sound')) expect(scoreOf({ rules, outcomes, findings }).value).toBeGreaterThanOrEqual(95);
  });
});

/** Lines without comments. */
const expectedIn = (file: string): readonly string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
