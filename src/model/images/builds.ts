import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import type { ShellCommand } from '../../facts/shell/shell-facts.ts';
import type { Source } from '../view.ts';
import { composeFilesOf } from '../deployments/compose.ts';
import { ciScriptsOf, entryOf, isGitHubWorkflow, mapOf, scalarText, textAt } from '../deployments/data.ts';
import type { DataEntry, DataNode } from '../../facts/data/data-facts.ts';
import { joined } from './path.ts';
import { manifestsOf } from './project-manifest.ts';
import type { Scope } from './variables.ts';

/** Somewhere in the project an image is built. */
export interface Build {
  readonly at: Location;
  /** Path of the Dockerfile, where it is said. */
  readonly dockerfile?: string;
  /** Folder of the build context, relative to the root; empty for the root. */
  readonly context?: string;
  /** The stage; `unknown` where it is passed by variable. */
  readonly target?: { readonly name: string } | 'unknown';
  /** Names the image gets. */
  readonly tags: readonly string[];
  readonly args: Scope;
  /** The name of the file or service says it is for development or tests. */
  readonly development: boolean;
}

/** Every place of the project that says how an image is built: compose, scripts, CI, bake. */
export function buildsOf(source: Source): readonly Build[] {
  return [
    ...composeBuilds(source),
    ...commandBuilds(source),
    ...source.facts('yaml').flatMap(({ path, facts }) => facts.documents.flatMap((node) => actionBuilds(path, node))),
    ...source
      .facts('json')
      .flatMap(({ path, facts }) =>
        /bake[^/]*\.json$/.test(path) ? facts.documents.flatMap((node) => bakeBuilds(path, node)) : [],
      ),
    ...source.facts('hcl').flatMap(({ path, facts }) => facts.documents.flatMap((node) => bakeBuilds(path, node))),
  ];
}

const composeBuilds = (source: Source): readonly Build[] =>
  composeFilesOf(source).flatMap(({ path, development, services }) =>
    services.flatMap(({ build, image, at }) =>
      build
        ? [
            {
              at: locationOf(path, at),
              dockerfile: build.dockerfile,
              context: build.context,
              ...(build.target !== undefined && {
                target: /[$]/.test(build.target) ? ('unknown' as const) : { name: build.target },
              }),
              tags: image ? [image.text] : [],
              args: build.args,
              development,
            },
          ]
        : [],
    ),
  );

function commandBuilds(source: Source): readonly Build[] {
  const scripts: readonly (readonly [string, readonly ShellCommand[]])[] = [
    ...source.facts('shell').map(({ path, facts }) => [path, facts.commands] as const),
    ...manifestsOf(source).flatMap(({ path, scripts: own }) => own.map(({ commands }) => [path, commands] as const)),
    ...ciScriptsOf(source).map(({ path, commands }) => [path, commands] as const),
  ];
  return scripts.flatMap(([path, commands]) => commands.flatMap((command) => commandBuild(path, command)));
}

/** `docker build -f … --target … -t … context` */
function commandBuild(path: string, command: ShellCommand): readonly Build[] {
  const words = command.words.map(({ text }) => text);
  const program = words.findIndex((word) => /(^|\/)(docker|podman|buildah|nerdctl)$/.test(word));
  const verb = words.findIndex((word, index) => index > program && /^(build|bud)$/.test(word));
  if (program < 0 || verb < 0 || verb - program > 3) return [];
  const options = optionsIn(words.slice(verb + 1));
  const target = options.named.get('target')?.at(-1);
  const context = options.rest.find((word) => !word.includes('://'));
  return [
    {
      at: locationOf(path, command),
      ...(context !== undefined && !context.includes('$') && { context: joined('', context) }),
      ...dockerfileOption(options.named.get('file')?.at(-1)),
      ...(target !== undefined && { target: target.includes('$') ? ('unknown' as const) : { name: target } }),
      tags: options.named.get('tag') ?? [],
      args: new Map((options.named.get('build-arg') ?? []).map(argOf)),
      development: false,
    },
  ];
}

const dockerfileOption = (file: string | undefined): { dockerfile?: string } =>
  file === undefined || file.includes('$') ? {} : { dockerfile: joined('', file) };

const argOf = (text: string): [string, string | undefined] => {
  const equals = text.indexOf('=');
  if (equals < 0) return [text, undefined];
  const value = text.slice(equals + 1);
  return [text.slice(0, equals), value.includes('$') ? undefined : value];
};

const SHORT: Readonly<Record<string, string>> = { '-f': 'file', '-t': 'tag' };
const WITHOUT_VALUE =
  /^--(no-cache|pull|push|load|quiet|rm|force-rm|squash|compress|debug|check|allow-insecure-entitlement)$/;

function optionsIn(words: readonly string[]): { named: Map<string, string[]>; rest: string[] } {
  const named = new Map<string, string[]>();
  const rest: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) {
      rest.push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const name = SHORT[word] ?? word.slice(2, equals < 0 ? undefined : equals);
    if (equals < 0 && (WITHOUT_VALUE.test(word) || /^-[qo]$/.test(word))) continue;
    const value = equals < 0 ? (words[(at += 1)] ?? '') : word.slice(equals + 1);
    named.set(name, [...(named.get(name) ?? []), value]);
  }
  return { named, rest };
}

/** Steps of a workflow that use docker/build-push-action. */
function actionBuilds(path: string, node: DataNode): readonly Build[] {
  if (!isGitHubWorkflow(path)) return [];
  const jobs = mapOf(entryOf(node, 'jobs'));
  return jobs.flatMap(({ value: job }) => {
    const steps = entryOf(job, 'steps');
    if (steps?.kind !== 'list') return [];
    return steps.items.flatMap((step) => {
      if (!(textAt(step, 'uses') ?? '').startsWith('docker/build-push-action@')) return [];
      const inputs = entryOf(step, 'with');
      const target = textAt(inputs, 'target');
      const file = textAt(inputs, 'file');
      const context = textAt(inputs, 'context');
      return [
        {
          at: locationOf(path, step),
          ...dockerfileOption(file?.replace(/^\$\{\{ *github\.workspace *\}\}\//, '')),
          ...(context !== undefined && !/[${]|:\/\//.test(context) && { context: joined('', context) }),
          ...(target !== undefined && { target: target.includes('$') ? ('unknown' as const) : { name: target } }),
          tags: (textAt(inputs, 'tags') ?? '').split(/[\s,]+/).filter((tag) => tag !== ''),
          args: new Map(
            (textAt(inputs, 'build-args') ?? '')
              .split('\n')
              .filter((line) => line.includes('='))
              .map((line) => argOf(line.trim())),
          ),
          development: false,
        },
      ];
    });
  });
}

function bakeBuilds(path: string, node: DataNode): readonly Build[] {
  const targets = mapOf(entryOf(node, 'target'));
  const variables = mapOf(entryOf(node, 'variable'));
  return targets.map(({ key, keyAt, value: own }) => {
    const value = inherited(own, targets);
    const target = textAt(value, 'target');
    const tags = entryOf(value, 'tags');
    return {
      at: locationOf(path, keyAt),
      ...dockerfileOption(textAt(value, 'dockerfile')),
      ...(textAt(value, 'context') !== undefined && { context: joined('', textAt(value, 'context') ?? '') }),
      ...(target !== undefined && { target: target.includes('$') ? ('unknown' as const) : { name: target } }),
      tags: tags?.kind === 'list' ? tags.items.map(scalarText) : [],
      args: new Map(mapOf(entryOf(value, 'args')).map((arg) => [arg.key, bakeValue(arg.value, variables)])),
      development: /\b(dev|test)\b/.test(key),
    };
  });
}

/** A text, or the default of the variable it stands for; absent for what only the build computes. */
function bakeValue(node: DataNode, variables: readonly DataEntry[]): string | undefined {
  const text = scalarText(node);
  const name = /^(?:\$\{)?([A-Za-z_]\w*)\}?$/.exec(text)?.[1];
  const variable = variables.find(({ key }) => key === name)?.value;
  if (variable) return textAt(variable, 'default');
  return /\$\{|[()?]/.test(text) ? undefined : text;
}

/** A target with what it takes over: of several, the last one that says something counts. */
function inherited(own: DataNode, targets: readonly DataEntry[], depth = 0): DataNode {
  const names = entryOf(own, 'inherits');
  if (own.kind !== 'map' || names?.kind !== 'list' || depth > 5) return own;
  const parents = names.items.flatMap((item) => {
    const parent = targets.find(({ key }) => key === scalarText(item))?.value;
    return parent ? mapOf(inherited(parent, targets, depth + 1)) : [];
  });
  return { ...own, entries: [...own.entries, ...parents.toReversed()] };
}
