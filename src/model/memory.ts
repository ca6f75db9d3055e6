import type { DataNode } from '../facts/data/data-facts.ts';
import { nodeAt, scalarOf, textAt } from './deployments/data.ts';
import { bytesOf } from './deployments/kubernetes.ts';
import type { TightHeap } from './deployments/running.ts';
import { composeBytesOf, tight } from './deployments/running.ts';
import type { Image } from './images/images.ts';
import { defineView, present } from './view.ts';

/** Heaps that may outgrow the container they are in, by what deployments say and by what their images say. */
export const tightHeaps = defineView({
  name: 'tightHeaps',
  reads: [],
  needs: ['deployments', 'images'],
  build: (_, { deployments, images }) =>
    present([
      ...(deployments.state === 'present' ? deployments.answer.tightHeaps : []),
      ...(images.state === 'present' ? images.answer.production.flatMap(ofImage) : []),
    ]),
});

/** The most generous limit an image runs under, in bytes; undefined where it has none somewhere. */
export function memoryLimitOf({ deployed }: Image): number | undefined {
  const limits = deployed
    .filter(({ development }) => !development)
    .map(({ by, node }) => (by === 'compose' ? limitOfService(node) : limitOfContainer(node)));
  const known = limits.filter((limit) => limit !== undefined);
  return limits.length > 0 && known.length === limits.length ? Math.max(...known) : undefined;
}

function ofImage(image: Image): readonly TightHeap[] {
  const { env, starts, deployed } = image;
  const places = deployed.filter(({ development }) => !development);
  // what a deployment says counts instead
  const isTold = places.some(
    ({ environment, envFiles }) => envFiles.length > 0 || environment.some(({ name }) => name === 'NODE_OPTIONS'),
  );
  const [place] = places;
  if (!place || isTold) return [];
  const options = env.get('NODE_OPTIONS');
  return tight(
    {
      name: place.name,
      environment: options
        ? [
            {
              name: 'NODE_OPTIONS',
              path: options.at.path,
              at: options.at,
              value: { ...options.at, text: options.value },
            },
          ]
        : [],
      commands: starts.flatMap(({ at, commands }) =>
        commands.map(({ words }) => ({ path: at.path, at, form: 'exec' as const, words, commands: [] })),
      ),
    },
    memoryLimitOf(image),
  );
}

const limitOfService = (node: DataNode): number | undefined =>
  composeBytesOf(textAt(node, 'mem_limit') ?? scalarOf(nodeAt(node, 'deploy', 'resources', 'limits', 'memory'))?.text);

function limitOfContainer(node: DataNode): number | undefined {
  const text = scalarOf(nodeAt(node, 'resources', 'limits', 'memory'))?.text;
  return text === undefined ? undefined : bytesOf(text);
}
