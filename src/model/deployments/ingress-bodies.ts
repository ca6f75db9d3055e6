import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import { itemsOf, mapOf, nodeAt, scalarOf, textAt } from './data.ts';
import type { KubernetesObject } from './kubernetes.ts';

/**
 * The largest body an Ingress of nginx lets through, where it says one.
 * Source: https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#custom-max-body-size
 */
export interface IngressBody {
  readonly at: Location;
  /** As it is written: `50m`. */
  readonly text: string;
  /** 0 stands for any size; undefined where it cannot be read. */
  readonly bytes: number | undefined;
  /** It is said of every path of a host, not of one that takes uploads alone. */
  readonly everywhere: boolean;
}

const ANNOTATION = 'nginx.ingress.kubernetes.io/proxy-body-size';

export const ingressBodiesOf = (objects: readonly KubernetesObject[]): readonly IngressBody[] =>
  objects
    .filter(({ kind, development }) => kind === 'Ingress' && !development)
    .flatMap(({ path, node }) =>
      mapOf(nodeAt(node, 'metadata', 'annotations')).flatMap(({ key, value }) => {
        const scalar = key === ANNOTATION ? scalarOf(value) : undefined;
        if (!scalar) return [];
        const { text } = scalar;
        return [{ at: locationOf(path, scalar), text, bytes: bytesOf(text), everywhere: isEverywhere(node) }];
      }),
    );

const MIB = 1024 * 1024;
const UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['k', 1024],
  ['m', MIB],
  ['g', 1024 * MIB],
]);

function bytesOf(text: string): number | undefined {
  const found = /^(\d{1,12})([kmg]?)$/i.exec(text);
  return found ? Number(found[1]) * (UNITS.get((found[2] ?? '').toLowerCase()) ?? 1) : undefined;
}

const isEverywhere = (node: KubernetesObject['node']): boolean =>
  itemsOf(nodeAt(node, 'spec', 'rules')).some((rule) =>
    itemsOf(nodeAt(rule, 'http', 'paths')).some((path) =>
      /^\/?(\(?\.\*\)?|\(\/\|\$\)\(\.\*\))?$/.test(textAt(path, 'path') ?? '/'),
    ),
  );
