import type { DockerInstruction } from '../../facts/dockerfile/dockerfile-facts.ts';
import type { DocumentFacts } from '../../facts/facts.ts';
import type { Word } from '../../facts/word.ts';
import type { Scope } from './variables.ts';
import { substituted } from './variables.ts';

export interface Dockerfile {
  readonly path: string;
  /** Folder of the file, empty for the root. */
  readonly folder: string;
  readonly stages: readonly Stage[];
  /** ARGs before the first FROM. */
  readonly globals: Scope;
  /** Its name says it is for development, tests or CI. */
  readonly development: boolean;
}

export interface Stage {
  readonly path: string;
  readonly index: number;
  /** After `AS`. */
  readonly name?: string;
  /** The FROM instruction. */
  readonly from: DockerInstruction;
  /** What is written after FROM. */
  readonly image: Word;
  /** The image, global ARGs replaced. */
  readonly imageText: string;
  /** ARGs of the image that have no default: it is decided when the image is built. */
  readonly imageUnknown: readonly string[];
  /** After FROM, in order. */
  readonly instructions: readonly DockerInstruction[];
  /** Its name says it is for development, tests or CI. */
  readonly development: boolean;
}

/** ARGs that BuildKit sets by itself. */
const PLATFORM_ARGS: Scope = new Map([
  ['TARGETPLATFORM', 'linux/amd64'],
  ['TARGETOS', 'linux'],
  ['TARGETARCH', 'amd64'],
  ['TARGETVARIANT', ''],
  ['BUILDPLATFORM', 'linux/amd64'],
  ['BUILDOS', 'linux'],
  ['BUILDARCH', 'amd64'],
  ['BUILDVARIANT', ''],
]);

const DEVELOPMENT =
  /(^|[._/-])(dev|devel|development|develop|local|test|tests|testing|pr-test|e2e|ci|lint|debug|upload|upload-artifact|devcontainer|gitpod|maildev|mailhog|mailpit)\d*([._/-]|$)/i;

export const isDevelopmentName = (name: string): boolean => DEVELOPMENT.test(name);

/** Folders that hold no deployment of the project: tests, samples, editors' containers. */
export const isSampleFolder = (path: string): boolean =>
  /(^|\/)(\.devcontainer|tests?|__tests__|e2e|fixtures?|__fixtures__|(?:[\w-]+-)?examples?|samples?|cypress|playground|\.github)\//i.test(
    path,
  );

export function dockerfileOf({ path, facts }: DocumentFacts<'dockerfile'>, args: Scope = new Map()): Dockerfile {
  const { instructions } = facts;
  const firstFrom = instructions.findIndex(({ keyword }) => keyword === 'FROM');
  const globals = new Map(PLATFORM_ARGS);
  for (const { keyword, pairs } of instructions.slice(0, Math.max(firstFrom, 0))) {
    if (keyword !== 'ARG') continue;
    for (const { name, value } of pairs) {
      const fallback = value && !value.secret ? substituted(value.text, globals).text : undefined;
      globals.set(name, args.has(name) ? args.get(name) : fallback);
    }
  }
  const base = path.slice(path.lastIndexOf('/') + 1);
  return {
    path,
    folder: path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '',
    stages: stagesOf(path, instructions, globals),
    globals,
    development: isDevelopmentName(base.replace(/\.?dockerfile\.?/i, '.')) || isSampleFolder(path),
  };
}

function stagesOf(path: string, instructions: readonly DockerInstruction[], globals: Scope): readonly Stage[] {
  const stages: (Omit<Stage, 'instructions'> & { instructions: DockerInstruction[] })[] = [];
  for (const instruction of instructions) {
    const [image, as, name] = instruction.words;
    if (instruction.keyword === 'FROM' && image) {
      const { text, unknown } = substituted(image.text, globals);
      const named = /^as$/i.test(as?.text ?? '') && name ? name.text : undefined;
      stages.push({
        path,
        index: stages.length,
        ...(named !== undefined && { name: named }),
        from: instruction,
        image,
        imageText: text,
        imageUnknown: unknown,
        instructions: [],
        development: named !== undefined && isDevelopmentName(named),
      });
    } else if (instruction.keyword !== 'FROM') stages.at(-1)?.instructions.push(instruction);
  }
  return stages.map((stage) => (waits(stage) ? { ...stage, development: true } : stage));
}

/** It starts nothing and stays, for somebody to work in it: `CMD ["tail", "-f", "/dev/null"]`. */
const waits = ({ instructions }: Pick<Stage, 'instructions'>): boolean =>
  /^(tail -f \/dev\/null|sleep (infinity|inf))$/.test(
    (instructions.findLast(({ keyword }) => keyword === 'CMD')?.words ?? []).map(({ text }) => text).join(' '),
  );

/** The stage a `FROM` or `--from` names: by name, or by number. */
export function stageNamed(stages: readonly Stage[], name: string): Stage | undefined {
  const wanted = name.toLowerCase();
  return (
    stages.findLast((stage) => stage.name?.toLowerCase() === wanted) ??
    (/^\d+$/.test(name) ? stages[Number(name)] : undefined)
  );
}

/** The earlier stage a stage starts from. */
export const parentOf = ({ stages }: Dockerfile, stage: Stage): Stage | undefined =>
  stageNamed(stages.slice(0, stage.index), stage.imageText);

/** The stages a stage copies from, by COPY or a mount. */
export function sourcesOf({ stages }: Dockerfile, stage: Stage): readonly Stage[] {
  const names = stage.instructions.flatMap(({ flags }) =>
    flags.flatMap(({ name, value, options }) => (name === 'from' ? [value] : options['from'] ? [options['from']] : [])),
  );
  return names.map((name) => stageNamed(stages.slice(0, stage.index), name)).filter((found) => found !== undefined);
}
