import { describe, expect, it } from 'vitest';
import {
  isEndedNode,
  majorOfCodename,
  NODE_LINES_AS_OF,
  nextSupportedLts,
  nodeLineOf,
  nodeStatusOf,
  youngestLts,
  youngestNode,
} from './node-release.ts';

const day = (text: string): Date => new Date(`${text}T12:00:00Z`);

describe('the life of a Node.js line', () => {
  it.each([
    [22, '2024-04-23', 'unreleased'],
    [22, '2024-06-01', 'current'],
    [22, '2024-10-29', 'lts'],
    [22, '2026-11-22', 'maintenance'],
    [22, '2027-04-30', 'maintenance'],
    [22, '2027-05-01', 'ended'],
    [25, '2026-05-31', 'current'],
    [25, '2026-06-02', 'ended'],
    [0, '2026-11-22', 'ended'],
  ])('%i on %s is %s', (major, date, status) => {
    const line = nodeLineOf(major);
    expect(line && nodeStatusOf(line, day(date))).toBe(status);
  });

  it('says nothing of a major it does not know', () => {
    expect(isEndedNode(99, day('2026-11-22'))).toBeUndefined();
    expect(isEndedNode(20, day('2026-04-30'))).toBe(false);
    expect(isEndedNode(20, day('2026-05-01'))).toBe(true);
  });

  it('resolves codenames and moving tags on the day of the audit', () => {
    expect(majorOfCodename('Krypton')).toBe(24);
    expect(majorOfCodename('slim')).toBeUndefined();
    expect(youngestLts(day('2026-10-27'))?.major).toBe(24);
    expect(youngestLts(day('2026-11-22'))?.major).toBe(26);
    expect(youngestNode(day('2025-12-01'))?.major).toBe(25);
    expect(nextSupportedLts(18, day('2026-11-22'))?.major).toBe(22);
    expect(nextSupportedLts(23, day('2026-11-22'))?.major).toBe(24);
  });

  it('knows how old the table is', () => {
    expect(NODE_LINES_AS_OF >= day('2026-10-28')).toBe(true);
  });
});
