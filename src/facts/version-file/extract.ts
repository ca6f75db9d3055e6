import type { Document } from '../../document/document.ts';
import type { Extraction } from '../facts.ts';
import type { PinnedTool, VersionFacts } from './version-facts.ts';

const NODE_NAMES = new Set(['node', 'nodejs']);

/** Source: https://github.com/nvm-sh/nvm#nvmrc and https://asdf-vm.com/manage/configuration.html#tool-versions */
export function extract({ path, text }: Document): Extraction<VersionFacts> {
  const tools: PinnedTool[] = [];
  const isList = path.endsWith('.tool-versions');
  for (const line of text.slice(0, 10_000).matchAll(/^[ \t]*([^\s#][^#\r\n]*)/gm)) {
    const content = line[1]?.trimEnd() ?? '';
    const start = line.index + line[0].indexOf(content);
    if (!isList) {
      tools.push({ name: 'node', version: content, start, end: start + content.length });
      break;
    }
    const [, name, gap, version] = /^(\S+)(\s+)(\S+)/.exec(content) ?? [];
    if (name === undefined || gap === undefined || version === undefined) continue;
    const from = start + name.length + gap.length;
    tools.push({ name: NODE_NAMES.has(name) ? 'node' : name, version, start: from, end: from + version.length });
  }
  return { facts: { tools }, gaps: [] };
}
