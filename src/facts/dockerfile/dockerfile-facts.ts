import type { Span } from '../../document/document.ts';
import type { ShellCommand } from '../shell/shell-facts.ts';
import type { Pair, Word } from '../word.ts';

/** Source: https://docs.docker.com/reference/dockerfile/ */
export interface DockerfileFacts {
  /** In the order they are written. */
  readonly instructions: readonly DockerInstruction[];
}

/** One instruction, its continuation lines and here-documents included. */
export interface DockerInstruction extends Span {
  /** Upper case. */
  readonly keyword: string;
  readonly keywordAt: Span;
  readonly flags: readonly DockerFlag[];
  /** `exec`: the arguments are a JSON array. */
  readonly form: 'exec' | 'shell';
  /** The arguments after the flags; of HEALTHCHECK, what follows CMD. */
  readonly words: readonly Word[];
  /** Of ENV, ARG and LABEL. */
  readonly pairs: readonly Pair[];
  /** What RUN, CMD, ENTRYPOINT and HEALTHCHECK start, the script of `sh -c` in exec form included. */
  readonly commands: readonly ShellCommand[];
  /** Names of ARGs and ENVs that occur in it as `$NAME`. */
  readonly variables: readonly string[];
}

/** `--name=value`, of `--mount` with its options. */
export interface DockerFlag extends Span {
  readonly name: string;
  readonly value: string;
  readonly options: Readonly<Record<string, string>>;
}
