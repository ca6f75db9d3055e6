import { pathOf, pathsIn } from './expression.ts';
import { tagsIn } from './tags.ts';
import type { RawOutput, TemplateFacts } from './template-facts.ts';

const MAX_TAG = 400;

/** EJS and Eta: `<%- raw %>`, `<%~ raw %>`. */
export function percents(text: string): TemplateFacts {
  const aliases = new Map<string, readonly string[]>();
  const outputs: RawOutput[] = [];
  const includes: string[] = [];
  for (const { start, end, inner } of tagsIn(text, [['<%', '%>']])) {
    if (inner.length > MAX_TAG) continue;
    const body = inner.replace(/[-_]$/, '');
    const included = /\binclude(?:File)?\s*\(?\s*['"]?([\w./-]+)/.exec(body)?.[1];
    if (included !== undefined) includes.push(included);
    else if (body.startsWith('-') || body.startsWith('~')) {
      for (const path of pathsIn(body.slice(1), aliases) ?? []) outputs.push({ start, end, path });
    } else if (!body.startsWith('=') && !body.startsWith('#')) addLoop(body, aliases);
  }
  return { outputs, includes };
}

/** `for (const a of list)`, `list.forEach((a) =>`. */
function addLoop(body: string, aliases: Map<string, readonly string[]>): void {
  const of = /\bfor\s*\(\s*(?:const|let|var)\s+(\w+)\s+of\s+([\w.]+)/.exec(body);
  const each = /([\w.]+)\.(?:forEach|map)\(\s*(?:function\s*)?\(?\s*(\w+)/.exec(body);
  const [name, list] = of ? [of[1], of[2]] : [each?.[2], each?.[1]];
  if (name !== undefined && list !== undefined) aliases.set(name, [...pathOf(list, aliases), '*']);
}
