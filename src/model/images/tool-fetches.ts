import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import type { ShellCommand } from '../../facts/shell/shell-facts.ts';
import type { Word } from '../../facts/word.ts';
import type { BuiltStage } from './image.ts';
import { isInstall, managerCommandOf, programOf, programWordsOf } from './installs.ts';
import type { ProjectManifest } from './project-manifest.ts';
import type { Start } from './start.ts';
import { packageOfTool } from './tools-run.ts';
import type { Scope } from './variables.ts';
import { substituted } from './variables.ts';

/** A tool fetched from the registry in a version that is not fixed. */
export interface ToolFetch {
  readonly at: Location;
  readonly name: string;
  /** `npm install -g`, `npx` … */
  readonly how: string;
  /** In the command that runs in production. */
  readonly atStart: boolean;
}

export function toolFetchesOf(
  stages: readonly BuiltStage[],
  starts: readonly Start[],
  manifest: ProjectManifest | undefined,
): readonly ToolFetch[] {
  const installs = stages.some(
    ({ commands, copies }) =>
      commands.some(({ manager: asked }) => asked && isInstall(asked)) ||
      copies.some(({ sources }) => sources.some((source) => source.includes('node_modules'))),
  );
  const project = manifest ?? (installs ? 'unknown' : 'none');
  const whileBuilding = stages.flatMap(({ commands }) =>
    commands.flatMap(({ command, layer }) => fetchesOf(command, layer.scope, project, layer.stage.path, false)),
  );
  const atStart = starts.flatMap(({ command, at }) =>
    command ? fetchesOf(command, new Map(), project, at.path, true) : [],
  );
  return [...whileBuilding, ...atStart];
}

function fetchesOf(
  command: ShellCommand,
  scope: Scope,
  project: ProjectManifest | 'unknown' | 'none',
  path: string,
  atStart: boolean,
): readonly ToolFetch[] {
  const found = (word: Word, how: string): ToolFetch[] => {
    const { text, unknown } = substituted(word.text, scope);
    if (unknown.length > 0 || !isFloating(text)) return [];
    return [{ at: locationOf(path, word), name: text, how, atStart }];
  };
  if (programOf(command) === 'corepack') {
    const words = programWordsOf(command);
    const verb = words[1]?.text ?? '';
    const asked = words.slice(2).filter(({ text }) => /^(npm|yarn|pnpm)@/.test(text));
    return /^(prepare|install|use|up)$/.test(verb) ? asked.flatMap((word) => found(word, `corepack ${verb}`)) : [];
  }
  const asked = managerCommandOf(command);
  if (!asked) return [];
  const { manager, names, options, verb, verbAt } = asked;
  if (asked.global && (verb === 'add' || verb === 'install' || verb === 'update')) {
    return names
      .filter(({ text }) => !/^[./~]|^(https?|git|file):/.test(text))
      .flatMap((word) => found(word, `${manager} ${manager === 'yarn' ? 'global add' : 'install -g'}`));
  }
  if (verb !== 'exec' || options.some(({ text }) => /^--no(-install)?$/.test(text))) return [];
  const fetching = /^(npx|bunx|pnpx)$/.test(programOf(command)) || /^(dlx|x|exec)$/.test(verbAt.text);
  if (!fetching || (verbAt.text === 'exec' && manager !== 'npm')) return [];
  const [tool] = names;
  const name = tool?.text.replace(/(.)@.*$/, '$1') ?? '';
  const own = packageOfTool(name);
  const dlx = verbAt.text === 'dlx';
  const known =
    project === 'unknown' ||
    (project !== 'none' &&
      [...project.dependencies, ...project.devDependencies].some(
        (dependency) =>
          dependency === own || dependency === name || dependency.endsWith(`/${name}`) || dependency === `${name}-cli`,
      ));
  if (!tool || (known && !dlx) || /^[./]/.test(name)) return [];
  return found(tool, /^(npx|bunx|pnpx)$/.test(programOf(command)) ? programOf(command) : `${manager} ${verbAt.text}`);
}

/** No version, a range, or a tag. */
function isFloating(text: string): boolean {
  const version = /.@(.+)$/.exec(text)?.[1];
  return version === undefined || !/^v?\d+\.\d+\.\d+([-+][\w.+-]*)?$/.test(version);
}
