import type { ImageReference } from './image-reference.ts';

/** The last days of Debian releases (long-term support) and Alpine lines. Sources: wiki.debian.org/LTS, alpinelinux.org/releases */
const ENDS: Readonly<Record<string, string>> = {
  wheezy: '2018-05-31',
  jessie: '2020-06-30',
  stretch: '2022-06-30',
  buster: '2024-06-30',
  bullseye: '2026-08-31',
  bookworm: '2028-06-30',
  'alpine3.17': '2024-11-22',
  'alpine3.18': '2025-05-09',
  'alpine3.19': '2025-11-01',
  'alpine3.20': '2026-04-01',
  'alpine3.21': '2026-11-01',
  'alpine3.22': '2027-05-01',
};
const OLDEST_KNOWN_ALPINE = 17;

/** The system a tag names, and the day its fixes ended, where that has passed. */
export function endedSystemOf(
  { repository, tag = '' }: ImageReference,
  today: Date,
): { name: string; ended: string } | undefined {
  const line =
    /(?:^|-)alpine3\.(\d+)/.exec(tag)?.[1] ?? (repository === 'alpine' ? /^3\.(\d+)/.exec(tag)?.[1] : undefined);
  const debian = /(?:^|-)(wheezy|jessie|stretch|buster|bullseye|bookworm)(?=-|$)/.exec(tag)?.[1];
  const name = debian ?? (line === undefined ? undefined : `alpine3.${line}`);
  if (name === undefined) return undefined;
  const older = line !== undefined && Number(line) < OLDEST_KNOWN_ALPINE;
  const ended = older ? '2024-05-23' : ENDS[name];
  if (ended === undefined || today <= new Date(`${ended}T23:59:59Z`)) return undefined;
  return { name: debian ? `Debian ${debian}` : `Alpine 3.${line}`, ended };
}
