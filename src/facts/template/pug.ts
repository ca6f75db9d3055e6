import { pathOf, pathsIn } from './expression.ts';
import type { RawOutput, TemplateFacts } from './template-facts.ts';

const MAX_LINE = 500;

/** Pug: `p!= raw`, `!{raw}`. */
export function pug(text: string): TemplateFacts {
  const aliases = new Map<string, readonly string[]>();
  const outputs: RawOutput[] = [];
  const includes: string[] = [];
  let at = 0;
  for (const line of text.split('\n')) {
    const from = at;
    at += line.length + 1;
    if (line.length > MAX_LINE) continue;
    const other = /^\s*(?:include|extends)(?::\w+)?\s+([\w./-]+)/.exec(line)?.[1];
    if (other !== undefined) includes.push(other);
    const loop = /^\s*(?:each|for)\s+(\w+)(?:\s*,\s*\w+)?\s+in\s+([\w.]+)/.exec(line);
    if (loop?.[1] !== undefined && loop[2] !== undefined) aliases.set(loop[1], [...pathOf(loop[2], aliases), '*']);
    const raw = /^\s*[\w.#:-]*(?:\([^()]*\))?!=[ \t]*/.exec(line);
    if (raw) add(from + raw[0].length, line.slice(raw[0].length).trimEnd());
    for (const { index, 0: whole, 1: inner = '' } of line.matchAll(/!\{([^{}]{1,200})\}/g))
      add(from + index, inner, whole.length);
  }
  return { outputs, includes };

  function add(start: number, expression: string, length = expression.length): void {
    for (const path of pathsIn(expression, aliases) ?? []) outputs.push({ start, end: start + length, path });
  }
}
