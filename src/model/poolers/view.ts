import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import type { IniEntry } from '../../facts/ini/ini-facts.ts';
import type { Deployments } from '../deployments/deployments.ts';
import { placeOf } from '../place.ts';
import { absent, defineView, present } from '../view.ts';
import type { Source } from '../view.ts';
import { bypassesOf } from './bypasses.ts';
import type { Pooler } from './poolers.ts';

export const poolers = defineView({
  name: 'poolers',
  reads: ['ini', 'yaml'],
  needs: ['deployments'],
  build: (source, { deployments }) => {
    const all = [...ofFiles(source), ...(deployments.state === 'present' ? ofCompose(deployments.answer) : [])];
    const bypasses = deployments.state === 'present' ? bypassesOf(deployments.answer) : [];
    return all.length > 0 ? present({ all, bypasses }) : absent('The project brings no PgBouncer along.');
  },
});

type Settings = Map<string, { readonly value: string; readonly at: Location }>;

const poolerOf = (at: Location, settings: Settings, version?: string, spread: Pooler['spread'] = []): Pooler => {
  const mode = settings.get('pool_mode')?.value.toLowerCase();
  return {
    at,
    settings,
    spread,
    mode: mode === 'transaction' || mode === 'statement' ? mode : 'session',
    ...(version !== undefined && { version }),
  };
};

function ofFiles(source: Source): readonly Pooler[] {
  return source.facts('ini').flatMap(({ path, facts }) => {
    if (placeOf(path) === 'test') return [];
    const own = facts.entries.filter(({ section }) => section.toLowerCase() === 'pgbouncer');
    const [first] = own;
    // settings a file includes from elsewhere cannot be called missing
    if (!first || facts.includes.length > 0) return [];
    const settings: Settings = new Map();
    for (const { name, value, start, end } of own)
      settings.set(name.toLowerCase(), { value: value?.text ?? '', at: locationOf(path, { start, end }) });
    return [poolerOf(locationOf(path, first), settings, undefined, spreadIn(path, facts.entries))];
  });
}

/** `host=db1,db2` of a line below `[databases]`. */
const spreadIn = (path: string, entries: readonly IniEntry[]): Pooler['spread'] =>
  entries
    .filter(({ section }) => section === 'databases')
    .flatMap(({ name, settings }) => {
      const host = settings.find((setting) => setting.name === 'host');
      const servers = host?.value?.text.split(',').length ?? 0;
      return host && servers > 1 ? [{ database: name, servers, at: locationOf(path, host) }] : [];
    });

/** Images that take the settings as variables: `POOL_MODE` (edoburu), `PGBOUNCER_POOL_MODE` (bitnami). */
function ofCompose({ compose }: Deployments): readonly Pooler[] {
  return compose.flatMap((file) =>
    file.services.flatMap((service) => {
      const image = service.image?.text ?? '';
      if (!/(^|\/)pgbouncer([:@/-]|$)/.test(image) || file.development || service.envFiles.length > 0) return [];
      const mounted = service.mounts.length > 0;
      const settings: Settings = new Map();
      for (const { name, value, at, path } of service.environment) {
        settings.set(name.toLowerCase().replace(/^pgbouncer_/, ''), {
          value: value?.text ?? '',
          at: locationOf(path, at),
        });
      }
      // its ini file is mounted, and judged by itself
      if (mounted && !settings.has('pool_mode')) return [];
      const version = /:v?(\d+\.\d+)/.exec(image)?.[1];
      return [{ ...poolerOf(locationOf(service.path, service.at), settings, version), name: service.name }];
    }),
  );
}
