import type { Extractor } from '../facts.ts';
import type { IgnorePattern } from './ignore-facts.ts';

const MAX_PATTERNS = 5000;
const MAX_PATTERN = 500;

export const extract: Extractor<'ignore-file'> = ({ text }) => {
  const patterns: IgnorePattern[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    const from = start + line.indexOf(trimmed);
    start += line.length + 1;
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.length > MAX_PATTERN) continue;
    if (patterns.length >= MAX_PATTERNS) break;
    const negated = trimmed.startsWith('!');
    patterns.push({
      start: from,
      end: from + trimmed.length,
      text: negated ? trimmed.slice(1).trim() : trimmed,
      negated,
    });
  }
  return { facts: { patterns }, gaps: [] };
};
