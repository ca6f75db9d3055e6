import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import { matchesSegment } from './docker-ignore.ts';
import type { Layer } from './image.ts';
import { joined } from './path.ts';
import { substituted } from './variables.ts';

/** A COPY or ADD. */
export interface Copy {
  readonly layer: Layer;
  readonly at: Location;
  readonly keyword: 'COPY' | 'ADD';
  /** Paths relative to the build context, or of the stage or image it copies from. */
  readonly sources: readonly string[];
  readonly destination: string;
  /** The stage or image it copies from; absent for the build context. */
  readonly from?: string;
  /** Takes the whole build context. */
  readonly broad: boolean;
}

export function copiesOf(layers: readonly Layer[]): readonly Copy[] {
  return layers.flatMap((layer) => {
    const { keyword, words, flags } = layer.instruction;
    if (keyword !== 'COPY' && keyword !== 'ADD') return [];
    const texts = words.map(({ text }) => substituted(text, layer.scope).text).filter((text) => !text.startsWith('<<'));
    const from = flags.find(({ name }) => name === 'from')?.value;
    const sources = texts.slice(0, -1);
    return [
      {
        layer,
        at: locationOf(layer.stage.path, layer.instruction),
        keyword,
        sources,
        destination: texts.at(-1) ?? '',
        ...(from !== undefined && { from }),
        broad: from === undefined && sources.some((source) => /^(\.|\.\/|\/|\*|\.\/\*|\.\/\.)$/.test(source)),
      },
    ];
  });
}

/** Whether a copy from the build context takes a file of it along: by name, by pattern, or with its folder. */
export function takes({ from, sources, broad }: Copy, path: string): boolean {
  if (from !== undefined) return false;
  if (broad) return true;
  const wanted = path.split('/');
  return sources.some((source) => {
    const pattern = joined('', source).split('/');
    return (
      pattern.length <= wanted.length && pattern.every((segment, index) => matchesSegment(segment, wanted[index] ?? ''))
    );
  });
}
