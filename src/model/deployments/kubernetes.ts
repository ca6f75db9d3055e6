import type { Span } from '../../document/document.ts';
import type { DataMap, DataNode } from '../../facts/data/data-facts.ts';
import type { Word } from '../../facts/word.ts';
import { isDevelopmentName, isSampleFolder } from '../images/stage.ts';
import type { Source } from '../view.ts';
import { entryOf, itemsOf, nodeAt, scalarOf, textAt } from './data.ts';
import type { SetVariable, StartCommand } from './compose.ts';
import { startOf } from './compose.ts';

/** One object of a manifest. Source: https://kubernetes.io/docs/reference/kubernetes-api/ */
export interface KubernetesObject {
  readonly path: string;
  readonly kind: string;
  readonly name: string;
  /** The value of its `kind`. */
  readonly at: Span;
  readonly node: DataMap;
  /** Its file is an overlay for development or tests, or a sample. */
  readonly development: boolean;
}

/** An object that runs containers. */
export interface Workload extends KubernetesObject {
  /** The pod's spec. */
  readonly pod: DataNode;
  readonly containers: readonly Container[];
  readonly initContainers: readonly Container[];
}

export interface Container {
  readonly path: string;
  readonly name: string;
  /** Its name, else the whole entry. */
  readonly at: Span;
  readonly node: DataNode;
  readonly image?: Word;
  readonly environment: readonly SetVariable[];
  readonly entrypoint?: StartCommand;
  readonly command?: StartCommand;
  readonly ports: readonly string[];
}

const POD_SPEC: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  Deployment: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  Rollout: ['spec', 'template', 'spec'],
};

export function kubernetesObjectsOf(source: Source): readonly KubernetesObject[] {
  return source.facts('yaml').flatMap(({ path, facts }) => facts.documents.flatMap((node) => objectsIn(path, node)));
}

function objectsIn(path: string, node: DataNode): readonly KubernetesObject[] {
  const kind = scalarOf(entryOf(node, 'kind'));
  if (node.kind !== 'map' || !kind || textAt(node, 'apiVersion') === undefined) return [];
  if (kind.text === 'List') return itemsOf(entryOf(node, 'items')).flatMap((item) => objectsIn(path, item));
  const { start, end } = kind;
  const development = isSampleFolder(path) || isDevelopmentName(`/${path}`);
  return [
    {
      path,
      kind: kind.text,
      name: textAt(entryOf(node, 'metadata'), 'name') ?? '',
      at: { start, end },
      node,
      development,
    },
  ];
}

/**
 * The workloads of the project. A second file that speaks of the same workload without naming its image is a patch:
 * what it adds is taken as said of the workload.
 */
export function workloadsOf(objects: readonly KubernetesObject[]): readonly Workload[] {
  const all = objects.flatMap((object) => {
    const pod = nodeAt(object.node, ...(POD_SPEC[object.kind] ?? ['-']));
    return pod ? [{ object, pod }] : [];
  });
  const whole = all.filter(({ pod }) => itemsOf(entryOf(pod, 'containers')).some((item) => entryOf(item, 'image')));
  return whole.map(({ object, pod }) => {
    const patches = all.filter(
      (other) =>
        other.object !== object &&
        other.object.kind === object.kind &&
        other.object.name === object.name &&
        !whole.includes(other),
    );
    const merged = patches.reduce<DataNode>((node, patch) => mergedPod(node, patch.pod), pod);
    return {
      ...object,
      pod: merged,
      containers: itemsOf(entryOf(merged, 'containers')).map((node) => containerOf(object.path, node)),
      initContainers: itemsOf(entryOf(merged, 'initContainers')).map((node) => containerOf(object.path, node)),
    };
  });
}

/** Maps entry by entry, lists of named things thing by thing. */
function mergedPod(base: DataNode, patch: DataNode, depth = 0): DataNode {
  if (depth > 20) return base;
  if (base.kind === 'map' && patch.kind === 'map') {
    const entries = new Map(base.entries.map((entry) => [entry.key, entry]));
    for (const entry of patch.entries) {
      const known = entries.get(entry.key);
      entries.set(
        entry.key,
        known ? { ...entry, keyAt: known.keyAt, value: mergedPod(known.value, entry.value, depth + 1) } : entry,
      );
    }
    return { ...base, entries: [...entries.values()] };
  }
  if (base.kind === 'list' && patch.kind === 'list') {
    const items = base.items.map((item) => {
      const other = patch.items.find(
        (candidate) => textAt(candidate, 'name') !== undefined && textAt(candidate, 'name') === textAt(item, 'name'),
      );
      return other ? mergedPod(item, other, depth + 1) : item;
    });
    return { ...base, items };
  }
  return base;
}

function containerOf(path: string, node: DataNode): Container {
  const name = scalarOf(entryOf(node, 'name'));
  const image = scalarOf(entryOf(node, 'image'));
  const entrypoint = startOf(path, entryOf(node, 'command'));
  const command = startOf(path, entryOf(node, 'args'));
  const { start, end } = name ?? node;
  return {
    path,
    name: name?.text ?? '',
    at: { start, end },
    node,
    ...(image && { image }),
    environment: itemsOf(entryOf(node, 'env')).flatMap((item) => environmentOf(path, item)),
    ...(entrypoint && { entrypoint }),
    ...(command && { command }),
    ports: itemsOf(entryOf(node, 'ports')).flatMap((port) => textAt(port, 'containerPort') ?? []),
  };
}

function environmentOf(path: string, item: DataNode): readonly SetVariable[] {
  const name = textAt(item, 'name');
  if (name === undefined) return [];
  const value = scalarOf(entryOf(item, 'value'));
  const { start, end } = item;
  return [{ path, name, at: { start, end }, ...(value && { value }) }];
}

/** Whether a container's or its pod's security context says something; the container's word counts. */
export function securityOf({ pod }: Workload, { node }: Container, key: string): DataNode | undefined {
  return nodeAt(node, 'securityContext', key) ?? nodeAt(pod, 'securityContext', key);
}

/** `512Mi`, `1G`, `0.5Gi` in bytes. */
export function bytesOf(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)\s*([KMGTkmgt]?)(i?)[bB]?$/.exec(text.trim());
  if (!found) return undefined;
  const [, number = '', unit = '', binary] = found;
  const power = ['', 'k', 'm', 'g', 't'].indexOf(unit.toLowerCase());
  return Number(number) * (binary === 'i' ? 1024 : 1000) ** power;
}

export const isJob = ({ kind }: KubernetesObject): boolean => kind === 'Job' || kind === 'CronJob';
