import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import type { ShellCommand } from '../../facts/shell/shell-facts.ts';
import type { Word } from '../../facts/word.ts';
import type { BuiltStage, Layer } from './image.ts';
import { managerCommandOf, programOf, programWordsOf } from './installs.ts';
import type { ProjectManifest, Script } from './project-manifest.ts';

/** What runs as process 1 of a container, as far as it can be followed. */
export interface Start {
  /** The instruction, or the line of a deployment, that decides it. */
  readonly at: Location;
  /** `sh` is process 1 and the program its child: a shell form, or a script that does not `exec`. */
  readonly shell: boolean;
  /** A program made to be process 1 comes first: tini, dumb-init, catatonit. */
  readonly init: boolean;
  /** It sends signals to all that was started below it. */
  readonly reachesAll?: true;
  /** The entry script of the project it goes through. */
  readonly script?: EntryScript;
  /** The command that stays: the program itself, or the package manager that starts it. */
  readonly command?: ShellCommand;
  /** Where a package script is started: the script, and what it comes down to. */
  readonly packageScript?: Script;
  /** What runs in the end, package scripts followed. */
  readonly commands: readonly ShellCommand[];
  /** The package manager that stands between process 1 and the program. */
  readonly through?: string;
  /** A watcher or development server among what runs. `mild`: it only compiles while loading. */
  readonly devRunner?: { readonly text: string; readonly mild: boolean };
}

export interface EntryScript {
  readonly path: string;
  readonly commands: readonly ShellCommand[];
  /** Ends by handing over to the command it is given. */
  readonly passesOn: boolean;
}

export interface StartContext {
  readonly manifest: ProjectManifest | undefined;
  /** The script of the project a path in the image comes from. */
  readonly scriptAt: (path: string) => EntryScript | undefined;
}

const INIT = /^(tini|tini-static|dumb-init|catatonit|docker-init|s6-svscan|init)$/;

/** Sources: https://github.com/Yelp/dumb-init#session-behavior, https://github.com/krallin/tini#process-group-killing */
export function reachesAll(words: readonly Word[]): boolean {
  const name = nameOf(words[0]);
  const options = words.slice(1, words.length - withoutInit(words).length + 1).map(({ text }) => text);
  return name === 'dumb-init'
    ? !options.some((option) => /^(-c|--single-child)$/.test(option))
    : /^tini(-static)?$/.test(name) && options.some((option) => /^-\w*g/.test(option));
}

/** What an image starts when nothing else is said. */
export function startOfImage(built: BuiltStage, context: StartContext): Start | undefined {
  const start = startIn(built, context);
  const first = (built.entrypoint ?? built.cmd)?.instruction.words ?? [];
  return start && reachesAll(first) ? { ...start, reachesAll: true } : start;
}

function startIn({ entrypoint, cmd, base }: BuiltStage, context: StartContext): Start | undefined {
  const layer = cmd ?? entrypoint;
  if (!layer) return undefined;
  if (entrypoint?.instruction.form === 'shell') return shellStart(entrypoint, context);
  const first = entrypoint?.instruction.words ?? [];
  const afterInit = withoutInit(first);
  const program = afterInit[0];
  const script = program && context.scriptAt(program.text);
  const init = afterInit.length < first.length;
  if (script && !script.passesOn)
    return scriptStart(
      script,
      locationOf(layer.stage.path, entrypoint?.instruction ?? layer.instruction),
      init,
      context,
    );
  const runsCmdOnly = !program || script !== undefined || program.text.endsWith('docker-entrypoint.sh');
  if (cmd && runsCmdOnly) {
    const { instruction } = cmd;
    if (instruction.form === 'shell')
      return { ...shellStart(cmd, context), ...(init && { init }), ...(script && { script }) };
    if (!program && base.family === 'distroless')
      return {
        at: cmd.at,
        shell: false,
        init,
        commands: instruction.commands,
        ...(instruction.commands[0] && { command: instruction.commands[0] }),
      };
    const start = execStart(instruction.words, cmd.at, context, instruction.commands.slice(1));
    return { ...start, ...(init && { init: true }), ...(script && { script }) };
  }
  return {
    ...execStart(
      [...first, ...(cmd?.instruction.form === 'exec' ? cmd.instruction.words : [])],
      layer.at,
      context,
      entrypoint?.instruction.commands.slice(1),
    ),
  };
}

export function withoutInit(words: readonly Word[]): readonly Word[] {
  const name = nameOf(words[0]);
  if (!INIT.test(name)) return words;
  let at = 1;
  while (words[at]?.text.startsWith('-')) at += 1;
  return words.slice(at);
}

const nameOf = (word: Word | undefined): string => word?.text.slice(word.text.lastIndexOf('/') + 1) ?? '';

/** `["tini", "--", "node", "x"]`, `["sh", "-c", "…"]`, `["npm", "start"]` */
export function execStart(
  written: readonly Word[],
  at: Location,
  context: StartContext,
  inner: readonly ShellCommand[] = [],
): Start {
  const words = withoutInit(written);
  const init = words.length < written.length;
  const [first] = words;
  const last = words.at(-1);
  if (!first || !last) return { at, shell: false, init, commands: [] };
  const command: ShellCommand = {
    start: first.start,
    end: last.end,
    env: [],
    words,
    redirects: [],
    joined: 'first',
    inside: 'list',
    background: false,
  };
  if (/^(ba|da|a)?sh$/.test(nameOf(first)) && /^-\w*c$/.test(words[1]?.text ?? '') && inner.length > 0) {
    return { at, init, ...shellForm(inner, context) };
  }
  const script =
    context.scriptAt(first.text) ??
    (/^(ba|da|a)?sh$/.test(nameOf(first)) && words[1] ? context.scriptAt(words[1].text) : undefined);
  if (script && !script.passesOn) return scriptStart(script, at, init, context);
  if (script?.passesOn) return { ...execStart(words.slice(1), at, context), ...(init && { init }), script };
  return { at, init, shell: false, ...followed(command, context) };
}

function shellStart({ instruction, at }: Layer, context: StartContext): Start {
  return { at, init: false, ...shellForm(instruction.commands, context) };
}

/** The last command of a list that runs in a shell. */
export function shellForm(commands: readonly ShellCommand[], context: StartContext): Omit<Start, 'at' | 'init'> {
  const last = commands.findLast(({ inside, words }) => inside === 'list' && words.length > 0);
  if (!last) return { shell: true, commands };
  const exec = last.words[0]?.text === 'exec';
  const initFirst = INIT.test(nameOf(programWordsOf(last)[0]));
  return { shell: !exec && !initFirst, ...followed(last, context) };
}

function scriptStart(script: EntryScript, at: Location, init: boolean, context: StartContext): Start {
  const last = script.commands.findLast(
    ({ words, inside }) => words.length > 0 && inside !== 'substitution' && inside !== 'function',
  );
  if (!last) return { at, shell: true, init, script, commands: [] };
  const exec = last.words[0]?.text === 'exec' || INIT.test(nameOf(last.words[0]));
  // it hears the signal itself, and passes it on
  const traps = script.commands.some(({ words: [first, ...rest] }) =>
    first?.text === 'trap' ? rest.some(({ text }) => /^(SIG)?TERM$|^15$/.test(text)) : false,
  );
  return { at, shell: !exec && !traps, init, script, ...followed(last, context) };
}

const MAX_SCRIPTS = 6;

/** Package scripts replaced by what they run. */
function followed(
  command: ShellCommand,
  { manifest }: StartContext,
): Pick<Start, 'command' | 'commands' | 'packageScript' | 'through' | 'devRunner'> {
  let commands: readonly ShellCommand[] = [command];
  let packageScript: Script | undefined;
  const seen = new Set<string>();
  for (let step = 0; step < MAX_SCRIPTS; step += 1) {
    const name = commands.map(scriptNameOf).findLast((found) => found !== undefined);
    const script =
      name === undefined || seen.has(name) ? undefined : manifest?.scripts.find((candidate) => candidate.name === name);
    if (!script || script.commands.length === 0) break;
    seen.add(script.name);
    packageScript ??= script;
    commands = script.commands;
  }
  const through = managerThrough(command, packageScript);
  const devRunner = commands.map(devRunnerOf).find((found) => found !== undefined);
  return {
    command,
    commands,
    ...(packageScript && { packageScript }),
    ...(through !== undefined && { through }),
    ...(devRunner && { devRunner }),
  };
}

/** npm, yarn, pnpm, npx; bun only where it runs a script of package.json. */
function managerThrough(command: ShellCommand, packageScript: Script | undefined): string | undefined {
  const asked = managerCommandOf(command);
  const program = programOf(command);
  if (program === 'node') return packageScript ? 'node --run' : undefined;
  if (asked?.manager === 'bun' && !packageScript) return undefined;
  return asked?.verb === 'run' || asked?.verb === 'exec' ? program : undefined;
}

/** A program for development that a command starts. */
export function devRunnerOf(command: ShellCommand): Start['devRunner'] {
  const asked = managerCommandOf(command);
  const words = asked?.verb === 'exec' ? asked.names : programWordsOf(command);
  const options = command.words.map(({ text }) => text);
  const program = nameOf(words[0]).replace(/(.)@.*$/, '$1');
  const verb = words[1]?.text ?? '';
  const watches =
    options.some((text) => /^--watch(-path)?(=|$)/.test(text)) ||
    (options.includes('-w') && /^(nest|webpack|tsx)$/.test(program));
  const found = (text: string, mild = false): Start['devRunner'] => ({ text, mild });
  if (
    /^(nodemon|ts-node-dev|tsnd|node-dev|supervisor|webpack-dev-server|live-server|browser-sync|concurrently)$/.test(
      program,
    )
  ) {
    return program === 'concurrently' ? undefined : found(program);
  }
  if (/^(ts-node|ts-node-esm|babel-node|esno|esmo)$/.test(program)) return found(program);
  if (
    /^(next|nuxt|nuxi|astro|remix|svelte-kit|gatsby|expo|strapi|medusa|directus)$/.test(program) &&
    /^(dev|develop)$/.test(verb)
  ) {
    return found(`${program} ${verb}`);
  }
  if (program === 'vite' && (verb === '' || /^(-|dev$|serve$)/.test(verb))) return found('vite');
  if (program === 'tsx') return watches || verb === 'watch' ? found('tsx watch') : found('tsx', true);
  if (/^(webpack|ng|vue-cli-service)$/.test(program) && verb === 'serve') return found(`${program} serve`);
  if (program === 'react-scripts' && verb === 'start') return found('react-scripts start');
  if (program === 'nest' && verb === 'start')
    return watches || options.includes('--debug') ? found('nest start --watch') : found('nest start', true);
  if ((program === 'node' || program === 'bun') && watches) return found(`${program} --watch`);
  if (
    program === 'node' &&
    options.some(
      (text, index) =>
        /^(-r|--require|--import|--loader)$/.test(text) &&
        /^(ts-node|tsx|@babel\/register|esbuild-register|@swc-node\/register)(\/|$)/.test(options[index + 1] ?? ''),
    )
  ) {
    return found('a compiler at load time', true);
  }
  return undefined;
}

/** What a command comes down to: package scripts replaced by everything they run. */
export function followedCommands(
  command: ShellCommand,
  manifest: ProjectManifest | undefined,
  depth = 0,
): readonly ShellCommand[] {
  const name = scriptNameOf(command);
  const script = name === undefined ? undefined : manifest?.scripts.find((candidate) => candidate.name === name);
  if (!script || script.commands.length === 0 || depth > MAX_SCRIPTS) return [command];
  return script.commands.flatMap((inner) => followedCommands(inner, manifest, depth + 1));
}

/** The script of package.json that a command runs. */
export function scriptNameOf(command: ShellCommand): string | undefined {
  const asked = managerCommandOf(command);
  if (asked?.verb === 'run') {
    const name = asked.names[0]?.text;
    return /^(start|test)$/.test(asked.verbAt.text) && asked.manager === 'npm'
      ? asked.verbAt.text
      : (name ?? asked.verbAt.text);
  }
  const words = programWordsOf(command);
  if (programOf(command) !== 'node') return undefined;
  const run = words.findIndex(({ text }) => text === '--run' || text.startsWith('--run='));
  return run < 0 ? undefined : (words[run]?.text.split('=')[1] ?? words[run + 1]?.text);
}
