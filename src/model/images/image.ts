import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import type { DockerInstruction } from '../../facts/dockerfile/dockerfile-facts.ts';
import type { ShellCommand } from '../../facts/shell/shell-facts.ts';
import type { Word } from '../../facts/word.ts';
import type { Base } from './base.ts';
import { baseOf } from './base.ts';
import type { Copy } from './copies.ts';
import { copiesOf } from './copies.ts';
import type { ImageReference } from './image-reference.ts';
import { imageReferenceOf } from './image-reference.ts';
import type { ManagerCommand } from './installs.ts';
import { managerCommandOf, programOf, programWordsOf } from './installs.ts';
import { endedSystemOf } from './system-life.ts';
import type { NodeVersion } from './node-versions.ts';
import { nodeVersionsOf } from './node-versions.ts';
import { joined } from './path.ts';
import type { Dockerfile, Stage } from './stage.ts';
import { parentOf } from './stage.ts';
import type { Scope } from './variables.ts';
import { substituted } from './variables.ts';

/** One instruction as it takes effect in a stage. */
export interface Layer {
  readonly stage: Stage;
  readonly instruction: DockerInstruction;
  readonly at: Location;
  /** What `$NAME` means in it. */
  readonly scope: Scope;
  /** Where its commands run. */
  readonly workdir: string;
  /** The user its commands run as. */
  readonly user: string | undefined;
}

export interface Setting {
  readonly value: string;
  /** Whether every variable in it could be replaced. */
  readonly known: boolean;
  readonly at: Location;
  readonly secret: boolean;
}

/** A stage with everything it inherits: what is left in an image built from it. */
export interface BuiltStage {
  readonly stage: Stage;
  readonly dockerfile: Dockerfile;
  /** The Dockerfile stages it consists of, the first of them on top of the base. */
  readonly chain: readonly Stage[];
  readonly base: Base;
  readonly reference: ImageReference;
  /** What is written after the FROM that names the base. */
  readonly baseAt: Location;
  /** The ARGs that decide the base and have no default. */
  readonly baseUnknown: readonly string[];
  readonly layers: readonly Layer[];
  /** What its RUN instructions run, in order. */
  readonly commands: readonly BuildCommand[];
  readonly copies: readonly Copy[];
  readonly env: ReadonlyMap<string, Setting>;
  /** What it brings in itself, without what it inherits from another stage. */
  readonly nodeVersions: readonly NodeVersion[];
  /** The system its base names, where that gets no more fixes. */
  readonly endedSystem?: { readonly name: string; readonly ended: string };
  /** Names of accounts that RUN creates. */
  readonly accountsMade: readonly string[];
  readonly user?: Setting;
  readonly workdir: string;
  readonly entrypoint?: Layer;
  readonly cmd?: Layer;
  readonly healthcheck?: Layer;
  readonly stopSignal?: Setting;
}

/** Finds the stage another Dockerfile of the project ships under an image name. */
export type BuiltHere = (reference: ImageReference) => { dockerfile: Dockerfile; stage: Stage } | undefined;

const MAX_CHAIN = 20;

export function builtStageOf(
  dockerfile: Dockerfile,
  stage: Stage,
  builtHere: BuiltHere,
  today: Date,
  args: Scope = new Map(),
): BuiltStage {
  const links = chainOf(dockerfile, stage, builtHere);
  const first = links[0] ?? { dockerfile, stage };
  const reference = imageReferenceOf(first.stage.imageText);
  const base = baseOf(reference, today);
  const run = new Evaluation();
  for (const link of links) run.stage(link.dockerfile, link.stage, args);
  const built = {
    stage,
    dockerfile,
    chain: links.map((link) => link.stage),
    base,
    reference,
    baseAt: locationOf(first.stage.path, first.stage.image),
    baseUnknown: first.stage.imageUnknown,
    ...run.result(),
  };
  const endedSystem = endedSystemOf(reference, today);
  return {
    ...built,
    nodeVersions: nodeVersionsOf(built, today),
    accountsMade: accountsMadeBy(built.commands),
    ...(endedSystem && { endedSystem }),
  };
}

interface Link {
  readonly dockerfile: Dockerfile;
  readonly stage: Stage;
}

/** The stages below a stage and itself, lowest first. */
function chainOf(dockerfile: Dockerfile, stage: Stage, builtHere: BuiltHere): readonly Link[] {
  const links: Link[] = [];
  let link: Link | undefined = { dockerfile, stage };
  while (link && links.length < MAX_CHAIN && !links.some((known) => known.stage === link?.stage)) {
    links.unshift(link);
    const parent: Stage | undefined = parentOf(link.dockerfile, link.stage);
    link = parent ? { dockerfile: link.dockerfile, stage: parent } : builtHere(imageReferenceOf(link.stage.imageText));
  }
  return links;
}

/** Carries environment, user, folder and commands from instruction to instruction. */
class Evaluation {
  readonly #layers: Layer[] = [];
  readonly #env = new Map<string, Setting>();
  #user: Setting | undefined;
  #workdir = '/';
  #entrypoint: Layer | undefined;
  #cmd: Layer | undefined;
  #healthcheck: Layer | undefined;
  #stopSignal: Setting | undefined;

  stage(dockerfile: Dockerfile, stage: Stage, given: Scope): void {
    const args = new Map<string, string | undefined>();
    for (const instruction of stage.instructions) {
      const scope: Scope = new Map([
        ...args,
        ...[...this.#env].map(([name, { value, known }]) => [name, known ? value : undefined] as const),
      ]);
      const layer: Layer = {
        stage,
        instruction,
        at: locationOf(stage.path, instruction),
        scope,
        workdir: this.#workdir,
        user: this.#user?.value,
      };
      this.#layers.push(layer);
      if (instruction.keyword === 'ARG') this.#arg(instruction, scope, dockerfile.globals, given, args);
      else this.#apply(layer);
    }
  }

  #arg(
    { pairs }: DockerInstruction,
    scope: Scope,
    globals: Scope,
    given: Scope,
    args: Map<string, string | undefined>,
  ): void {
    for (const { name, value } of pairs) {
      const own = value && !value.secret ? substituted(value.text, scope) : undefined;
      const fallback = own ? (own.unknown.length === 0 ? own.text : undefined) : globals.get(name);
      args.set(name, given.has(name) ? given.get(name) : fallback);
    }
  }

  #apply(layer: Layer): void {
    const { instruction, stage, scope } = layer;
    const [first] = instruction.words;
    switch (instruction.keyword) {
      case 'ENV':
        for (const { name, value, start, end } of instruction.pairs) {
          this.#env.set(
            name,
            settingOf(value?.text ?? '', scope, locationOf(stage.path, { start, end }), value?.secret !== undefined),
          );
        }
        return;
      case 'USER':
        if (first) this.#user = settingOf(first.text, scope, locationOf(stage.path, first));
        return;
      case 'WORKDIR':
        if (first) {
          const { text } = substituted(first.text, scope);
          this.#workdir = `/${joined(text.startsWith('/') ? '' : this.#workdir, text)}`;
        }
        return;
      case 'ENTRYPOINT':
        this.#entrypoint = layer;
        // it resets a CMD inherited from below
        if (this.#cmd && this.#cmd.stage !== stage) this.#cmd = undefined;
        return;
      case 'CMD':
        this.#cmd = layer;
        return;
      case 'HEALTHCHECK':
        this.#healthcheck = layer;
        return;
      case 'STOPSIGNAL':
        if (first) this.#stopSignal = settingOf(first.text, scope, locationOf(stage.path, first));
        return;
      default:
    }
  }

  result(): Pick<
    BuiltStage,
    'layers' | 'commands' | 'copies' | 'env' | 'workdir' | 'user' | 'entrypoint' | 'cmd' | 'healthcheck' | 'stopSignal'
  > {
    return {
      layers: this.#layers,
      commands: buildCommandsOf(this.#layers),
      copies: copiesOf(this.#layers),
      env: this.#env,
      workdir: this.#workdir,
      ...(this.#user && { user: this.#user }),
      ...(this.#entrypoint && { entrypoint: this.#entrypoint }),
      ...(this.#cmd && { cmd: this.#cmd }),
      ...(this.#healthcheck && { healthcheck: this.#healthcheck }),
      ...(this.#stopSignal && { stopSignal: this.#stopSignal }),
    };
  }
}

function settingOf(text: string, scope: Scope, at: Location, secret = false): Setting {
  const { text: value, unknown } = substituted(text, scope);
  return { value, known: unknown.length === 0, at, secret };
}

/** A command that runs while the image is built, and the layer it belongs to. */
export interface BuildCommand {
  readonly layer: Layer;
  readonly command: ShellCommand;
  readonly at: Location;
  /** Name and arguments, `sudo`, `env A=b` and the like taken off. */
  readonly words: readonly Word[];
  /** Without its folder; empty where only variables are set. */
  readonly program: string;
  /** What it asks of a package manager. */
  readonly manager?: ManagerCommand;
}

/** Names among the arguments of useradd and its like; which of them are names does not matter. */
const accountsMadeBy = (commands: readonly BuildCommand[]): readonly string[] =>
  commands
    .filter(({ program }) => /^(useradd|adduser|addgroup|groupadd|usermod|echo|sed)$/.test(program))
    .flatMap(({ words, layer }) =>
      words.slice(1).flatMap(({ text }) => substituted(text, layer.scope).text.split(/[:/\s]/)),
    );

/** Every command of the RUN instructions, in order. */
export const buildCommandsOf = (layers: readonly Layer[]): readonly BuildCommand[] =>
  layers.flatMap((layer) =>
    layer.instruction.keyword === 'RUN'
      ? layer.instruction.commands.map((command) => buildCommandOf(layer, command))
      : [],
  );

function buildCommandOf(layer: Layer, command: ShellCommand): BuildCommand {
  const manager = managerCommandOf(command);
  return {
    layer,
    command,
    at: locationOf(layer.stage.path, command),
    words: programWordsOf(command),
    program: programOf(command),
    ...(manager && { manager }),
  };
}
