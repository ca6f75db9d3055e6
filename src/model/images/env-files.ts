import type { Location } from '../../document/document.ts';
import { entryOf } from '../deployments/data.ts';
import type { Copy } from './copies.ts';
import { takes } from './copies.ts';
import type { Deployed } from './deployed.ts';
import type { DockerIgnore } from './docker-ignore.ts';
import { joined } from './path.ts';
import type { Start } from './start.ts';

/** A file of `--env-file` that is not in the image. */
export interface MissingEnvFile {
  readonly at: Location;
  readonly file: string;
}

export function missingEnvFilesOf(
  starts: readonly Start[],
  copies: readonly Copy[],
  ignore: DockerIgnore,
  deployed: readonly Deployed[],
): readonly MissingEnvFile[] {
  // what is mounted, or comes from another stage, may well be it
  const elsewhere = deployed.some(
    ({ node }) => entryOf(node, 'volumes') ?? entryOf(node, 'volumeMounts') ?? entryOf(node, 'secrets'),
  );
  if (elsewhere || copies.some(({ from }) => from !== undefined)) return [];
  return starts.flatMap(({ at, commands }) =>
    commands.flatMap(({ words }) =>
      envFilesIn(words.map(({ text }) => text))
        .filter((file) => !file.startsWith('/') && !file.includes('$'))
        .filter((file) => {
          const path = joined('', file);
          return !copies.some((copy) => takes(copy, path) || takesAs(copy, path)) || ignore.ignores(path);
        })
        .map((file) => ({ at, file })),
    ),
  );
}

/** `COPY config/prod.env .env` */
const takesAs = ({ destination }: Copy, path: string): boolean => joined('', destination).endsWith(path);

const envFilesIn = (words: readonly string[]): readonly string[] =>
  words.flatMap((word, index) => {
    if (word.startsWith('--env-file=')) return [word.slice('--env-file='.length)];
    return word === '--env-file' ? [words[index + 1] ?? ''] : [];
  });
