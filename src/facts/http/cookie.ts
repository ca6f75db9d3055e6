import { cookieValueOf, readCookieValue } from '../../document/cookie-value.ts';
import type { CookieFact, Field, Range } from './http-facts.ts';

/** RFC 6265 §5.2, with places. A line without `=` or without a name is a cookie no browser keeps: undefined. */
export function cookieOf(field: Field): CookieFact | undefined {
  const parts = partsOf(field);
  const pair = parts[0];
  if (!pair) return undefined;
  const equals = pair.text.indexOf('=');
  const name = pair.text.slice(0, Math.max(equals, 0)).trim();
  if (name === '') return undefined;
  const value = unquoted(pair.text.slice(equals + 1).trim());
  // the probe writes a description in the place of a value
  const written = readCookieValue(value);
  const nameStart = pair.start + pair.text.indexOf(name);
  return {
    name,
    value: written ?? cookieValueOf(value),
    attributes: parts.slice(1).flatMap(({ text, start }) => {
      const split = text.indexOf('=');
      const attribute = (split === -1 ? text : text.slice(0, split)).trim();
      const lead = text.length - text.trimStart().length;
      const at: Range = [start + lead, start + text.trimEnd().length];
      return attribute === ''
        ? []
        : [{ name: attribute.toLowerCase(), value: split === -1 ? '' : text.slice(split + 1).trim(), at }];
    }),
    size: name.length + (written?.characters ?? value.length),
    at: field.at,
    nameAt: [nameStart, nameStart + name.length],
  };
}

function partsOf({ value, valueAt: [offset] }: Field): { text: string; start: number }[] {
  const parts: { text: string; start: number }[] = [];
  let start = 0;
  while (start <= value.length && parts.length < 50) {
    const semicolon = value.indexOf(';', start);
    const end = semicolon === -1 ? value.length : semicolon;
    parts.push({ text: value.slice(start, end), start: offset + start });
    start = end + 1;
  }
  return parts;
}

const unquoted = (value: string): string => (/^".*"$/.test(value) ? value.slice(1, -1) : value);
