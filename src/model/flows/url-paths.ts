import type { Node, Program } from '../program/program.ts';
import type { Site } from './site.ts';

const ROW = { sink: 'url-path', label: 'url-path' } as const;
/** Stands for a part that is not constant. */
const OPEN = '\0';
/** A base from the settings, or a host of one's own network: no public API. */
const OWN_BASE = new RegExp(
  `^(${OPEN}|https?://(localhost|[\\w-]+|[\\w.-]+\\.(local|internal|svc|lan|cluster\\.local)|[\\d.]+)(:(\\d+|${OPEN}))?)/[^?#]*$`,
);
const MAX_DEPTH = 6;

/** Parts of the path of a URL whose host is fixed, where a service of one's own is asked. */
export function urlPathSites(program: Program, urls: readonly Site[]): readonly Site[] {
  return urls.flatMap((site) => {
    const [name] = site.path;
    const isUrl = name === undefined || /^(url|uri|href)$/.test(name);
    const texts = !isUrl ? [] : name === undefined ? [site.value] : program.property(site.value, name);
    return texts
      .flatMap((text) => program.origins(text))
      .flatMap((origin) => holesIn(program, partsOf(program, origin, 0)))
      .map((value) => ({ ...site, row: ROW, value, path: [] }));
  });
}

function holesIn(program: Program, parts: readonly Node[]): readonly Node[] {
  const holes: Node[] = [];
  let before = '';
  for (const part of parts) {
    const [text] = program.constants(part) ?? [];
    if (text === undefined && OWN_BASE.test(before)) holes.push(part);
    before += text === undefined ? OPEN : String(text);
  }
  return holes;
}

/** What a text is put together from; nothing for what is no such text. */
function partsOf(program: Program, node: Node, depth: number): readonly Node[] {
  const value = program.valueOf(node);
  if (value.kind !== 'join' || depth > MAX_DEPTH) return depth === 0 ? [] : [node];
  return value.parts.flatMap((part) => partsOf(program, program.child(node, part.value), depth + 1));
}
