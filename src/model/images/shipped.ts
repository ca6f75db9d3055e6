import type { Build } from './builds.ts';
import { joined } from './path.ts';
import type { Dockerfile, Stage } from './stage.ts';
import { parentOf, sourcesOf, stageNamed } from './stage.ts';

/** A stage that becomes an image, and how it is known. */
export interface ShippedStage {
  readonly stage: Stage;
  readonly because: 'target' | 'command' | 'last';
}

/** Names of stages that are made to run, whichever of them the visible builds name. */
const SHIPS = /^(release|prod|production|final|runner|runtime|deploy|live)$/i;

/** The builds of a Dockerfile. One that names no file builds `Dockerfile` in its context. */
export const buildsOfFile = (builds: readonly Build[], { path }: Dockerfile): readonly Build[] =>
  builds.filter(({ dockerfile, context }) => {
    if (dockerfile !== undefined) return dockerfile === path || joined(context ?? '', dockerfile) === path;
    return joined(context ?? '', 'Dockerfile') === path;
  });

/**
 * The stages of a Dockerfile that become images. Not simply the last: every literal target of a build; where a target is
 * passed by variable, or several stages bring a command, every stage with one; else the last.
 */
export function shippedStagesOf(dockerfile: Dockerfile, builds: readonly Build[]): readonly ShippedStage[] {
  const { stages } = dockerfile;
  const last = stages.at(-1);
  if (!last) return [];
  const targets = builds.map(({ target }) => target);
  const named = targets
    .map((target) => (typeof target === 'object' ? stageNamed(stages, target.name) : undefined))
    .filter((stage) => stage !== undefined && !stage.development);
  const byTarget = distinct(named).map((stage) => ({ stage, because: 'target' as const }));
  if (targets.includes('unknown')) {
    const withCommand = stages.filter((stage) => !stage.development && hasCommand(dockerfile, stage));
    if (withCommand.length > 0) return withCommand.map((stage) => ({ stage, because: 'command' as const }));
  }
  const bySaying = stages.filter((stage) => SHIPS.test(stage.name ?? '') && ownCommand(stage));
  // a build without a target makes the last stage, too
  const buildsDefault =
    byTarget.length === 0 || builds.some(({ target, development }) => target === undefined && !development);
  if (buildsDefault) return merged(byTarget, byDefault(dockerfile, last));
  return merged(
    byTarget,
    bySaying.map((stage) => ({ stage, because: 'command' as const })),
  );
}

function byDefault(dockerfile: Dockerfile, last: Stage): readonly ShippedStage[] {
  const serving = dockerfile.stages.filter((stage) => !stage.development && ownCommand(stage));
  const parts = partsOf(dockerfile, last);
  const others = serving.filter(
    (stage) => stage !== last && !parts.has(stage) && !isPartOfAnother(dockerfile, stage, serving),
  );
  if (others.length === 0) return [{ stage: last, because: 'last' }];
  const both = last.development ? others : [...others, last];
  return both.map((stage) => ({ stage, because: 'command' as const }));
}

const isPartOfAnother = (dockerfile: Dockerfile, stage: Stage, serving: readonly Stage[]): boolean =>
  serving.some((other) => other !== stage && partsOf(dockerfile, other).has(stage));

/** The stages a stage starts or copies from, by any number of steps. */
export function partsOf(dockerfile: Dockerfile, stage: Stage): ReadonlySet<Stage> {
  const parts = new Set<Stage>();
  const visit = (at: Stage): void => {
    const parent = parentOf(dockerfile, at);
    for (const part of [...(parent ? [parent] : []), ...sourcesOf(dockerfile, at)]) {
      if (parts.has(part)) continue;
      parts.add(part);
      visit(part);
    }
  };
  visit(stage);
  return parts;
}

const ownCommand = ({ instructions }: Stage): boolean =>
  instructions.some(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT');

function hasCommand(dockerfile: Dockerfile, stage: Stage): boolean {
  if (ownCommand(stage)) return true;
  const parent = parentOf(dockerfile, stage);
  return parent !== undefined && hasCommand(dockerfile, parent);
}

const distinct = (stages: readonly (Stage | undefined)[]): readonly Stage[] =>
  [...new Set(stages)].filter((stage) => stage !== undefined);

function merged(first: readonly ShippedStage[], second: readonly ShippedStage[]): readonly ShippedStage[] {
  return [...first, ...second.filter(({ stage }) => !first.some((known) => known.stage === stage))];
}
