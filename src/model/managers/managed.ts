import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import type { DataEntry, DataNode } from '../../facts/data/data-facts.ts';
import type { ModuleFacts, ValueId } from '../../facts/javascript/module-facts.ts';
import { entryOf, itemsOf, scalarOf } from '../deployments/data.ts';
import type { Images } from '../images/images.ts';
import { programOf } from '../images/installs.ts';
import { memoryLimitOf } from '../memory.ts';
import { placeOf } from '../place.ts';
import type { Source } from '../view.ts';
import { absent, defineView, present } from '../view.ts';
import { appStartedBy } from './command-line.ts';

/** The processes PM2 is told to keep running. Source: https://pm2.keymetrics.io/docs/usage/application-declaration/ */
export interface Managed {
  readonly apps: readonly ManagedApp[];
  /** Something around the processes limits their memory: a container's limit. */
  readonly limitedOutside: boolean;
  /** The most generous of those limits, in bytes, where each can be read. */
  readonly limit?: number;
}

export interface ManagedApp {
  readonly path: string;
  readonly name: string;
  /** Its name, else the whole declaration. */
  readonly at: Location;
  /** What a setting says; `dynamic` where it is decided when PM2 reads the file. */
  readonly setting: (name: string) => Setting | undefined;
  readonly environments: readonly Environment[];
}

export interface Setting {
  readonly text: string;
  readonly at: Location;
  readonly dynamic: boolean;
}

/** `env`, `env_production` … */
export interface Environment {
  readonly name: string;
  readonly at: Location;
  readonly nodeEnv?: Setting;
}

const FILE = /(^|\/)(ecosystem|pm2|process|processes)([\w.-]*)\.(c?js|mjs|ts|json5?|ya?ml)$/;

export const managed = defineView({
  name: 'managed',
  reads: ['javascript', 'json', 'yaml'],
  needs: ['deployments', 'images', 'manifests'],
  build: (source, { deployments, images, manifests }) => {
    const started = [
      ...(images.state === 'present' ? images.answer.production.flatMap(({ starts }) => starts) : [])
        .filter(({ packageScript }) => !packageScript)
        .flatMap(({ at, commands }) => commands.map((command) => ({ at, command }))),
      ...(manifests.state === 'present' ? manifests.answer.all.flatMap(({ scripts }) => scripts) : [])
        .filter(({ name }) => /^(start|serve)(:prod(uction)?)?$|^prod(uction)?$/.test(name))
        .flatMap(({ at, commands }) => commands.map((command) => ({ at, command }))),
    ];
    const apps = [...appsOf(source), ...started.flatMap(({ at, command }) => appStartedBy(command, at))];
    if (apps.length === 0) return absent('PM2 starts nothing here.');
    const limitedOutside = deployments.state === 'present' && deployments.answer.limitsMemory;
    const limit = images.state === 'present' ? limitOf(images.answer, apps) : undefined;
    return present({ apps, limitedOutside, ...(limit !== undefined && { limit }) });
  },
});

/** What the containers in which PM2 runs may use. */
function limitOf({ production }: Images, apps: readonly ManagedApp[]): number | undefined {
  const running = production.filter(({ starts }) =>
    starts.some(({ commands }) => commands.some((command) => programOf(command).startsWith('pm2'))),
  );
  const limits = running.map(memoryLimitOf);
  return apps.length > 0 && limits.length > 0 && limits.every((limit) => limit !== undefined)
    ? Math.max(...limits.flatMap((limit) => limit ?? []))
    : undefined;
}

function appsOf(source: Source): readonly ManagedApp[] {
  const data = [...source.facts('json'), ...source.facts('yaml')].map(
    ({ path, facts }) => [path, facts.documents] as const,
  );
  const code = source
    .facts('javascript')
    .filter(({ path }) => FILE.test(path))
    .map(({ path, facts }) => [path, exportedBy(facts)] as const);
  return [...data, ...code]
    .filter(([path]) => FILE.test(path) && placeOf(path) === 'product')
    .flatMap(([path, documents]) => documents.flatMap((node) => declarations(node).map((app) => appOf(path, app))));
}

/** Objects that name a script: below `apps`, in a list, or the document itself. */
function declarations(node: DataNode): readonly DataNode[] {
  const apps = entryOf(node, 'apps');
  const all = apps ? (apps.kind === 'list' ? apps.items : [apps]) : node.kind === 'list' ? node.items : [node];
  return all.filter((app) => entryOf(app, 'script'));
}

function appOf(path: string, node: DataNode): ManagedApp {
  const name = scalarOf(entryOf(node, 'name'));
  const setting = (key: string): Setting | undefined => settingOf(path, entryOf(node, key));
  const environments = (node.kind === 'map' ? node.entries : [])
    .filter(({ key, value }) => /^env(_\w+)?$/.test(key) && value.kind === 'map')
    .map(({ key, keyAt, value }) => {
      const nodeEnv = settingOf(path, entryOf(value, 'NODE_ENV'));
      return { name: key, at: locationOf(path, keyAt), ...(nodeEnv && { nodeEnv }) };
    });
  return { path, name: name?.text ?? 'the app', at: locationOf(path, name ?? node), setting, environments };
}

function settingOf(path: string, node: DataNode | undefined): Setting | undefined {
  if (!node) return undefined;
  const at = locationOf(path, node);
  if (node.kind === 'scalar') return { text: node.text, at, dynamic: node.text === DYNAMIC };
  return {
    text:
      itemsOf(node)
        .map((item) => scalarOf(item)?.text ?? '')
        .join(' ') || node.kind,
    at,
    dynamic: false,
  };
}

const DYNAMIC = '\u0000dynamic';
const MAX_DEPTH = 12;

/** The objects a module exports, as data. The file is read, never run. */
function exportedBy(facts: ModuleFacts): readonly DataNode[] {
  const found = facts.values.flatMap((value, id) =>
    value.kind === 'object' && value.properties.some(({ name }) => name === 'apps') ? [dataOf(facts, id, 0)] : [],
  );
  return found.filter((node) => node !== undefined);
}

function dataOf(facts: ModuleFacts, id: ValueId, depth: number): DataNode | undefined {
  const value = facts.values[id];
  if (!value || depth > MAX_DEPTH) return undefined;
  const span = { start: value.at[0], end: value.at[1] };
  const scalar = (text: string, type: 'string' | 'number' | 'boolean' | 'null'): DataNode => ({
    kind: 'scalar',
    type,
    text,
    ...span,
  });
  switch (value.kind) {
    case 'literal': {
      const type = value.value === null ? 'null' : typeof value.value;
      return scalar(String(value.value), type === 'number' || type === 'boolean' || type === 'null' ? type : 'string');
    }
    case 'object': {
      const entries = value.properties.flatMap((property): readonly DataEntry[] => {
        if (property.name === undefined) return [];
        const node = dataOf(facts, property.value, depth + 1);
        return node ? [{ key: property.name, keyAt: { start: property.at[0], end: property.at[1] }, value: node }] : [];
      });
      return { kind: 'map', ...span, entries };
    }
    case 'array':
      return {
        kind: 'list',
        ...span,
        items: value.items.map((item) => dataOf(facts, item.value, depth + 1)).filter((item) => item !== undefined),
      };
    case 'typed':
      return dataOf(facts, value.value, depth + 1);
    default:
      return scalar(DYNAMIC, 'string');
  }
}
