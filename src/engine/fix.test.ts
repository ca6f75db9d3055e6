import { describe, expect, it } from 'vitest';
import type { Document } from '../document/document.ts';
import type { Edit } from '../rule/rule.ts';
import type { Finding } from './finding.ts';
import { fixesOf } from './fix.ts';

const TEXT = 'const a = 1;\nconst b = 2;\n';
const documents: readonly Document[] = [{ path: 'a.js', text: TEXT, language: 'javascript', tracked: 'tracked' }];

const edit = (start: number, end: number, text: string): Edit => ({ path: 'a.js', start, end, text });

const findingWith = (edits: readonly Edit[], more: Partial<Finding> = {}): Finding => ({
  rule: 'config/example',
  category: 'config',
  control: 'config/example',
  severity: 'low',
  confidence: 'certain',
  cwe: [],
  owasp: null,
  message: 'Something is set wrongly.',
  at: { path: 'a.js', start: { line: 1, column: 1 }, end: { line: 1, column: 2 } },
  trail: [],
  excerpt: { line: 1, text: '' },
  fix: 'Set it right.',
  fingerprint: 'f',
  edits,
  ...more,
});

describe('fixesOf', () => {
  it('applies the edits of several findings to one file', () => {
    const [fix] = fixesOf(documents, [findingWith([edit(23, 24, '3')]), findingWith([edit(10, 11, '7')])]);
    expect(fix?.after).toBe('const a = 7;\nconst b = 3;\n');
    expect(fix?.findings).toBe(2);
  });

  it('lets an edit that overlaps an earlier one wait', () => {
    const [fix] = fixesOf(documents, [findingWith([edit(6, 11, 'c = 9')]), findingWith([edit(10, 11, '7')])]);
    expect(fix?.after).toBe('const c = 9;\nconst b = 2;\n');
    expect(fix?.findings).toBe(1);
  });

  it('makes an edit once that two findings wish for', () => {
    const insert = edit(0, 0, "'use strict';\n");
    const [fix] = fixesOf(documents, [findingWith([insert]), findingWith([insert])]);
    expect(fix?.after).toBe(`'use strict';\n${TEXT}`);
  });

  it('leaves ignored and unsure findings alone', () => {
    const ignored = findingWith([edit(10, 11, '7')], { ignored: { by: 'comment', reason: 'known' } });
    const unsure = findingWith([edit(10, 11, '7')], { confidence: 'unsure' });
    expect(fixesOf(documents, [ignored, unsure])).toEqual([]);
  });

  it('shows no secret', () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(4)}\n-----END PRIVATE KEY-----`;
    const text = `${key}\nconst a = 1;\n`;
    const at = text.indexOf('1;');
    const [fix] = fixesOf(
      [{ path: 'a.js', text, language: 'text', tracked: 'tracked' }],
      [findingWith([edit(at, at + 1, '2')])],
    );
    expect(fix?.after).toContain('MIIEvQ');
    expect(fix?.shown.before).not.toContain('MIIEvQ');
    expect(fix?.shown.after).not.toContain('MIIEvQ');
  });
});
