import type { Manifests } from '../dependencies/manifests.ts';
import { composeFilesOf } from '../deployments/compose.ts';
import type { DotenvEntry } from '../../facts/dotenv/dotenv-facts.ts';
import type { Source } from '../view.ts';
import type { DotenvFile } from './environment.ts';

/** Names a template asks for and no text of the project has. */
export interface UnreadTemplate {
  readonly file: DotenvFile;
  readonly entries: readonly DotenvEntry[];
}

const MOST = 200;

/** Only of templates for this code: most of what they name is read. */
export function unreadOf(
  source: Source,
  files: readonly DotenvFile[],
  manifests: Manifests | undefined,
): readonly UnreadTemplate[] {
  const templates = files.filter(({ place, entries }) => place === 'template' && entries.length > 0);
  // a finished program that is given the whole file reads names of its own
  const isPassedOn = composeFilesOf(source).some(({ services }) =>
    services.some(({ build, envFiles }) => !build && envFiles.length > 0),
  );
  if (!source.unmentioned || isPassedOn) return [];
  const unread = new Set(
    source.unmentioned([
      ...new Set(templates.flatMap(({ entries }) => entries.slice(0, MOST).map(({ name }) => name))),
    ]),
  );
  // `TYPEORM_LOGGER` is what typeorm may read, whose text is not here
  const libraries = new Set(
    manifests?.all.flatMap(({ dependencies }) => dependencies.flatMap(({ name }) => name.split(/[^a-z0-9]+/))),
  );
  const isRead = (name: string): boolean => !unread.has(name) || libraries.has(name.toLowerCase().split('_')[0] ?? '');
  return templates
    .map((file) => ({ file, entries: file.entries.filter(({ name }) => !isRead(name)) }))
    .filter(({ file, entries }) => entries.length > 0 && entries.length * 2 < file.entries.length);
}
