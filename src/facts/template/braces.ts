import { pathOf, pathsIn } from './expression.ts';
import { tagsIn } from './tags.ts';
import type { Tag } from './tags.ts';
import type { RawOutput, TemplateFacts } from './template-facts.ts';

const MAX_TAG = 300;
const NO_ALIASES: ReadonlyMap<string, readonly string[]> = new Map();

/** Handlebars and Mustache (`{{{raw}}}`, `{{& raw}}`), Nunjucks, Twig and Swig (`{{ raw | safe }}`). */
export function braces(text: string): TemplateFacts {
  const state: State = { aliases: new Map(), around: [], escapes: [], outputs: [], includes: [] };
  const marks = [
    ['{{{', '}}}'],
    ['{{', '}}'],
    ['{%', '%}'],
  ] as const;
  for (const tag of tagsIn(text, marks)) {
    const inner = tag.inner.replace(/^[-~]|[-~]$/g, '').trim();
    if (inner.length > MAX_TAG) continue;
    if (tag.open === '{%') readStatement(inner, state);
    else if (tag.open === '{{{') addRaw(tag, inner, state);
    else readBraces(tag, inner, state);
  }
  return { outputs: state.outputs, includes: state.includes };
}

interface State {
  readonly aliases: Map<string, readonly string[]>;
  /** Handlebars blocks that change what names mean: `{{#each list}}`; `undefined` for those that do not. */
  readonly around: (readonly string[] | undefined)[];
  /** `{% autoescape false %}` around. */
  readonly escapes: boolean[];
  readonly outputs: RawOutput[];
  readonly includes: string[];
}

function readStatement(inner: string, { aliases, escapes, includes }: State): void {
  const loop = /^for\s+(\w+)(?:\s*,\s*\w+)?\s+in\s+([\w.]+)/.exec(inner);
  if (loop?.[1] !== undefined && loop[2] !== undefined) aliases.set(loop[1], [...pathOf(loop[2], aliases), '*']);
  const other = /^(?:include|extends|import|render)\s+['"]([^'"]+)['"]/.exec(inner)?.[1];
  if (other !== undefined) includes.push(other);
  if (/^autoescape\b/.test(inner)) escapes.push(!/\bfalse\b/.test(inner));
  if (/^endautoescape\b/.test(inner)) escapes.pop();
}

function readBraces(tag: Tag, inner: string, state: State): void {
  const block = /^#(?:each|with)\s+([\w./@]+)/.exec(inner);
  if (block?.[1] !== undefined) {
    const path = named(block[1], state);
    state.around.push(inner.startsWith('#each') ? [...path, '*'] : path);
  } else if (/^[#^](?!\^)/.test(inner)) state.around.push(undefined);
  else if (inner.startsWith('/')) state.around.pop();
  else if (inner.startsWith('>')) state.includes.push(inner.slice(1).trim().split(/\s/)[0] ?? '');
  else if (inner.startsWith('&')) addRaw(tag, inner.slice(1).trim(), state);
  else addFiltered(tag, inner, state);
}

function addRaw({ start, end }: Tag, inner: string, state: State): void {
  if (/^(?:this\.|\.\.\/)?[A-Za-z_][\w./]*$/.test(inner)) state.outputs.push({ start, end, path: named(inner, state) });
}

/** `{{ x | safe }}`, and any `{{ x }}` where escaping is off. */
function addFiltered({ start, end }: Tag, inner: string, { aliases, escapes, outputs }: State): void {
  const [expression = '', ...filters] = inner.split('|').map((each) => each.trim());
  const isRaw = filters.some((filter) => /^(?:safe|raw)$/.test(filter)) || escapes.at(-1) === false;
  if (!isRaw || filters.some((filter) => /^(?:e|escape|striptags|dump|tojson|json|int|length)\b/.test(filter))) return;
  for (const path of pathsIn(expression, aliases) ?? []) outputs.push({ start, end, path });
}

/** A name of Handlebars, inside the blocks around it. */
function named(name: string, { around }: State): readonly string[] {
  const blocks = around.filter((each) => each !== undefined);
  let up = 0;
  let rest = name;
  while (rest.startsWith('../')) {
    up += 1;
    rest = rest.slice(3);
  }
  const base = blocks.slice(0, Math.max(0, blocks.length - up)).at(-1) ?? [];
  if (rest === 'this' || rest === '.') return base;
  return [...base, ...pathOf(rest.replace(/^this[./]/, '').replaceAll('/', '.'), NO_ALIASES)];
}
