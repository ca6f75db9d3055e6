import type { Span } from '../../document/document.ts';
import type { DataMap, DataNode } from '../../facts/data/data-facts.ts';
import { commandsAt } from '../../facts/shell/commands.ts';
import type { ShellCommand } from '../../facts/shell/shell-facts.ts';
import type { Word } from '../../facts/word.ts';
import { isDevelopmentName, isSampleFolder } from '../images/stage.ts';
import { joined } from '../images/path.ts';
import type { Scope } from '../images/variables.ts';
import type { Source } from '../view.ts';
import { entryOf, itemsOf, mapOf, scalarOf, textAt } from './data.ts';

/** One compose file. Source: https://docs.docker.com/reference/compose-file/ */
export interface ComposeFile {
  readonly path: string;
  readonly folder: string;
  /** Its name says it is for development or tests, or it is what compose adds on a developer's machine. */
  readonly development: boolean;
  /** Nothing in it is built here or waits for something else in it: stores and tools beside a program run by hand. */
  readonly beside: boolean;
  readonly services: readonly ComposeService[];
  readonly node: DataMap;
}

export interface ComposeService {
  readonly path: string;
  readonly name: string;
  /** The service's key. */
  readonly at: Span;
  readonly node: DataNode;
  readonly image?: Word;
  readonly build?: ComposeBuild;
  readonly environment: readonly SetVariable[];
  readonly envFiles: readonly Word[];
  readonly ports: readonly Port[];
  readonly mounts: readonly Mount[];
  /** What `command` and `entrypoint` start instead of the image's. */
  readonly command?: StartCommand;
  readonly entrypoint?: StartCommand;
}

export interface ComposeBuild {
  readonly at: Span;
  readonly context: string;
  readonly dockerfile: string;
  readonly target?: string;
  readonly args: Scope;
  readonly argEntries: readonly SetVariable[];
}

/** A variable a deployment sets; no value where it is passed through from the outside. */
export interface SetVariable {
  readonly path: string;
  readonly name: string;
  readonly at: Span;
  readonly value?: Word;
}

export interface Port {
  readonly path: string;
  readonly at: Span;
  /** Address on the host it is bound to; absent for all of them. */
  readonly host?: string;
  /** Port on the host; absent where the container's is only named. */
  readonly published?: string;
  readonly target: string;
}

export interface Mount {
  readonly path: string;
  readonly at: Span;
  /** A path of the host for a bind mount, else a volume's name; absent for anonymous volumes. */
  readonly source?: string;
  readonly target: string;
  readonly bind: boolean;
}

export interface StartCommand {
  readonly path: string;
  readonly at: Span;
  readonly form: 'exec' | 'shell';
  readonly words: readonly Word[];
  readonly commands: readonly ShellCommand[];
}

export const composeFilesOf = (source: Source): readonly ComposeFile[] =>
  source.facts('yaml').flatMap(({ path, facts }) => {
    const [node] = facts.documents;
    return node?.kind === 'map' && isCompose(path, node) ? [composeFileOf(path, node)] : [];
  });

/** By its content; a file laid over another may only name what it changes, so its name counts, too. */
const isCompose = (path: string, node: DataMap): boolean =>
  entryOf(node, 'apiVersion') === undefined &&
  mapOf(entryOf(node, 'services')).some(
    ({ value }) =>
      (value.kind === 'map' && /(^|[/._-])compose[\w.-]*$/.test(path)) ||
      (entryOf(value, 'image') ?? entryOf(value, 'build') ?? entryOf(value, 'extends')) !== undefined,
  );

function composeFileOf(path: string, node: DataMap): ComposeFile {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
  const file = path.slice(path.lastIndexOf('/') + 1);
  const services = mapOf(entryOf(node, 'services'));
  return {
    path,
    folder,
    development:
      isDevelopmentName(file) || /override/i.test(file) || isSampleFolder(path) || isDevelopmentName(`${folder}/`),
    beside: services.every(({ value }) =>
      ['build', 'depends_on', 'extends', 'links', 'deploy'].every((key) => entryOf(value, key) === undefined),
    ),
    services: services.map(({ key, keyAt, value }) => serviceOf(path, folder, key, keyAt, value)),
    node,
  };
}

function serviceOf(path: string, folder: string, name: string, at: Span, node: DataNode): ComposeService {
  const image = scalarOf(entryOf(node, 'image'));
  const build = buildOf(path, folder, entryOf(node, 'build'));
  const command = startOf(path, entryOf(node, 'command'));
  const entrypoint = startOf(path, entryOf(node, 'entrypoint'));
  return {
    path,
    name,
    at,
    node,
    ...(image && { image }),
    ...(build && { build }),
    environment: variablesOf(path, entryOf(node, 'environment')),
    envFiles: listOrOne(entryOf(node, 'env_file'))
      .map((item) => (item.kind === 'map' ? entryOf(item, 'path') : item))
      .flatMap((item) => scalarOf(item) ?? []),
    ports: itemsOf(entryOf(node, 'ports')).flatMap((item) => portOf(path, item)),
    mounts: itemsOf(entryOf(node, 'volumes')).flatMap((item) => mountOf(path, item)),
    ...(command && { command }),
    ...(entrypoint && { entrypoint }),
  };
}

const listOrOne = (node: DataNode | undefined): readonly DataNode[] =>
  node ? (node.kind === 'list' ? node.items : [node]) : [];

function buildOf(path: string, folder: string, node: DataNode | undefined): ComposeBuild | undefined {
  if (!node) return undefined;
  const context = node.kind === 'scalar' ? node.text : (textAt(node, 'context') ?? '.');
  const argEntries = variablesOf(path, entryOf(node, 'args'));
  const root = joined(folder, context.replace(/\$\{[^}]*:-([^}]*)\}/g, '$1'));
  const target = textAt(node, 'target');
  return {
    at: { start: node.start, end: node.end },
    context: root,
    dockerfile: joined(root, textAt(node, 'dockerfile') ?? 'Dockerfile'),
    ...(target !== undefined && { target }),
    args: new Map(
      argEntries.map(({ name, value }) => [name, value && !value.secret ? defaultOf(value.text) : undefined]),
    ),
    argEntries,
  };
}

/** `${X:-fallback}` is its fallback; any other `$X` is not known. */
function defaultOf(text: string): string | undefined {
  const replaced = text.replaceAll(/\$\{\w+:?-([^}]*)\}/g, '$1');
  return replaced.includes('$') ? undefined : replaced;
}

/** `environment` and `args`: a map, or a list of `NAME=value`. */
export function variablesOf(path: string, node: DataNode | undefined): readonly SetVariable[] {
  if (node?.kind === 'map') {
    return node.entries.map(({ key, keyAt, value }) => ({
      path,
      name: key,
      at: { start: keyAt.start, end: Math.max(keyAt.end, value.end) },
      ...(scalarOf(value) && { value: scalarOf(value) as Word }),
    }));
  }
  return itemsOf(node).flatMap((item) => {
    if (item.kind !== 'scalar') return [];
    const equals = item.text.indexOf('=');
    const { start, end } = item;
    if (equals < 0) return [{ path, name: item.text, at: { start, end } }];
    const value: Word = { start, end, text: item.text.slice(equals + 1), ...(item.secret && { secret: item.secret }) };
    return [{ path, name: item.text.slice(0, equals), at: { start, end }, value }];
  });
}

function portOf(path: string, node: DataNode): readonly Port[] {
  const at = { start: node.start, end: node.end };
  if (node.kind === 'map') {
    const host = textAt(node, 'host_ip');
    const published = textAt(node, 'published');
    return [
      {
        path,
        at,
        target: textAt(node, 'target') ?? '',
        ...(host !== undefined && { host }),
        ...(published !== undefined && { published }),
      },
    ];
  }
  if (node.kind !== 'scalar') return [];
  const text = node.text.replaceAll(/\$\{\w+:?-([^}]*)\}/g, '$1').replace(/\/(tcp|udp)$/, '');
  const found = /^(?:(\[[^\]]*\]|[\d.]+|\$\{?\w+\}?|localhost):)?(?:([^:]*):)?([^:]+)$/.exec(text);
  if (!found) return [];
  const [, first, second, target = ''] = found;
  const addressed = second !== undefined;
  const published = addressed ? second : first;
  return [
    {
      path,
      at,
      target,
      ...(addressed && first !== undefined && { host: first }),
      ...(published !== undefined && published !== '' && { published }),
    },
  ];
}

function mountOf(path: string, node: DataNode): readonly Mount[] {
  const at = { start: node.start, end: node.end };
  if (node.kind === 'map') {
    const source = textAt(node, 'source');
    return [
      {
        path,
        at,
        target: textAt(node, 'target') ?? '',
        bind: textAt(node, 'type') === 'bind',
        ...(source !== undefined && { source }),
      },
    ];
  }
  if (node.kind !== 'scalar') return [];
  const parts = node.text.replaceAll(/\$\{\w+:?-([^}]*)\}/g, '$1').split(':');
  const [source = '', target] = parts;
  if (target === undefined) return [{ path, at, target: source, bind: false }];
  return [{ path, at, source, target, bind: /^[.~/$]/.test(source) }];
}

/** What `sh -c` runs. */
const scriptOf = ([shell, option, script]: readonly Word[]): Word | undefined =>
  /(^|\/)(ba|da|a)?sh$/.test(shell?.text ?? '') && /^-\w*c$/.test(option?.text ?? '') ? script : undefined;

export function startOf(path: string, node: DataNode | undefined): StartCommand | undefined {
  if (!node) return undefined;
  const at = { start: node.start, end: node.end };
  const scalar = scalarOf(node);
  if (scalar) {
    const commands = commandsAt(scalar);
    const [only, ...others] = commands;
    const script = only && others.length === 0 ? scriptOf(only.words) : undefined;
    const words = commands.flatMap((command) => command.words);
    return { path, at, form: 'exec', words, commands: script ? [...commands, ...commandsAt(script)] : commands };
  }
  const words = itemsOf(node).flatMap((item) => scalarOf(item) ?? []);
  const [first] = words;
  if (!first) return undefined;
  const script = scriptOf(words);
  const whole: ShellCommand = {
    ...at,
    env: [],
    words,
    redirects: [],
    joined: 'first',
    inside: 'list',
    background: false,
  };
  return { path, at, form: 'exec', words, commands: script ? [whole, ...commandsAt(script)] : [whole] };
}

/** Whether a file's name says that it is for production. */
export const isProductionFile = (path: string): boolean =>
  /(^|[._-])(prod|production|deploy|live|release|swarm|stack)([._-]|$)/i.test(path.slice(path.lastIndexOf('/') + 1));

/** What a file's services are once a second file is laid over them. */
export function mergedService(base: ComposeService, over: ComposeService | undefined): ComposeService {
  if (!over) return base;
  const overriddenNames = new Set(over.environment.map(({ name }) => name));
  const overriddenTargets = new Set(over.mounts.map(({ target }) => target));
  return {
    ...base,
    ...(over.image && { image: over.image }),
    ...(over.build && { build: { ...base.build, ...over.build } }),
    ...(over.command && { command: over.command }),
    ...(over.entrypoint && { entrypoint: over.entrypoint }),
    environment: [...base.environment.filter(({ name }) => !overriddenNames.has(name)), ...over.environment],
    envFiles: [...base.envFiles, ...over.envFiles],
    ports: [...base.ports, ...over.ports],
    mounts: [...base.mounts.filter(({ target }) => !overriddenTargets.has(target)), ...over.mounts],
    node: mergedNode(base.node, over.node),
  };
}

function mergedNode(base: DataNode, over: DataNode): DataNode {
  if (base.kind !== 'map' || over.kind !== 'map') return over;
  const entries = new Map(base.entries.map((entry) => [entry.key, entry]));
  for (const entry of over.entries) {
    const known = entries.get(entry.key);
    entries.set(entry.key, known ? { ...entry, value: mergedNode(known.value, entry.value) } : entry);
  }
  return { ...base, entries: [...entries.values()] };
}
