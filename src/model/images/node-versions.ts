import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import { nextSupportedLts, nodeLineOf, nodeStatusOf } from '../node-release.ts';
import type { BaseNode } from './base.ts';
import type { BuiltStage } from './image.ts';
import { substituted } from './variables.ts';

/** A Node.js that a stage brings by itself: its base, or an install. */
export interface NodeVersion extends Pick<BaseNode, 'major' | 'by'> {
  readonly at: Location;
  /** As it is written: `node:18-alpine`, `setup_16.x`. */
  readonly text: string;
  readonly through: 'base' | 'install';
  /** The day its line got its last fixes, `YYYY-MM-DD`, where that has passed. */
  readonly ended?: string;
  /** The nearest LTS line that still gets fixes. */
  readonly next: number | undefined;
}

/** The versions a stage itself brings in, without those it inherits from another stage. */
export function nodeVersionsOf(
  built: Omit<BuiltStage, 'nodeVersions' | 'accountsMade'>,
  today: Date,
): readonly NodeVersion[] {
  const { base, chain, stage, reference, baseAt } = built;
  const own: NodeVersion[] = [];
  if (base.node && chain[0] === stage)
    own.push({ ...base.node, at: baseAt, text: reference.text, through: 'base', ...lifeOf(base.node.major, today) });
  for (const { layer, words, program } of built.commands) {
    if (layer.stage !== stage) continue;
    words.forEach((word, index) => {
      const { text } = substituted(word.text, layer.scope);
      const major = majorIn(text, program, words[index - 1]?.text);
      if (major !== undefined)
        own.push({
          major,
          by: 'number',
          at: locationOf(stage.path, word),
          text,
          through: 'install',
          ...lifeOf(major, today),
        });
    });
  }
  return own;
}

/** NodeSource, nvm, fnm, volta and n; the tarballs of nodejs.org. */
function majorIn(text: string, program: string, before: string | undefined): number | undefined {
  const found =
    /nodesource\.com\/setup_(\d+)\.x/.exec(text)?.[1] ??
    /nodesource\.com\/node_(\d+)\.x/.exec(text)?.[1] ??
    /nodejs\.org\/dist\/(?:latest-)?v(\d+)[.x]/.exec(text)?.[1] ??
    (before === 'install' && /^(nvm|fnm)$/.test(program) ? /^v?(\d+)(\.|$)/.exec(text)?.[1] : undefined) ??
    (program === 'volta' ? /^node@(\d+)/.exec(text)?.[1] : undefined) ??
    (program === 'n' ? /^v?(\d+)(\.|$)/.exec(text)?.[1] : undefined);
  return found === undefined ? undefined : Number(found);
}

function lifeOf(major: number, today: Date): Pick<NodeVersion, 'ended' | 'next'> {
  const line = nodeLineOf(major);
  const next = nextSupportedLts(major, today)?.major;
  const ended = line && nodeStatusOf(line, today) === 'ended' ? line.end.toISOString().slice(0, 10) : undefined;
  return { next, ...(ended !== undefined && { ended }) };
}
