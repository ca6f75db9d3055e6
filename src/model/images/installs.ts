import type { ShellCommand } from '../../facts/shell/shell-facts.ts';
import type { Word } from '../../facts/word.ts';

export type PackageManager = 'npm' | 'yarn' | 'pnpm' | 'bun';

/** A command of a package manager, its options read. */
export interface ManagerCommand {
  readonly command: ShellCommand;
  readonly manager: PackageManager;
  /** What it does: the sub-command by its full name; `run` for scripts, `exec` for npx and its like. */
  readonly verb:
    | 'install'
    | 'ci'
    | 'add'
    | 'update'
    | 'prune'
    | 'focus'
    | 'fetch'
    | 'deploy'
    | 'run'
    | 'exec'
    | 'cache'
    | 'config'
    | 'other';
  readonly global: boolean;
  /** The word that is the sub-command; the manager's own where there is none. */
  readonly verbAt: Word;
  /** Arguments that are no options: packages, or the script's name. */
  readonly names: readonly Word[];
  readonly options: readonly Word[];
  /** The install fails where the lockfile does not match. */
  readonly frozen: boolean;
  /** Says itself that devDependencies are left out. */
  readonly omitsDev: Word | undefined;
  /** Says itself that they are to be installed. */
  readonly includesDev: boolean;
}

const WRAPPERS = /^(sudo|env|exec|time|nice|nohup|command|doas|gosu|su-exec|tini|dumb-init|setarch|stdbuf|cross-env)$/;

/** The words of a command after `sudo`, `env A=b`, `exec` and the like. */
export function programWordsOf({ words }: Pick<ShellCommand, 'words'>): readonly Word[] {
  let at = 0;
  let wrapped = false;
  while (at < words.length) {
    const text = words[at]?.text ?? '';
    const name = text.slice(text.lastIndexOf('/') + 1);
    if (WRAPPERS.test(name)) wrapped = true;
    else if (!wrapped || !(text.startsWith('-') || /^\w+=/.test(text))) break;
    at += 1;
    // `gosu user program`
    if (/^(gosu|su-exec)$/.test(name)) at += 1;
  }
  return words.slice(at);
}

/** The program a command starts, without its folder. */
export const programOf = (command: Pick<ShellCommand, 'words'>): string => {
  const text = programWordsOf(command)[0]?.text ?? '';
  return text.slice(text.lastIndexOf('/') + 1);
};

const VERBS: Readonly<Record<PackageManager, Readonly<Record<string, ManagerCommand['verb']>>>> = {
  npm: {
    install: 'install',
    i: 'install',
    in: 'install',
    add: 'install',
    isntall: 'install',
    'install-test': 'install',
    it: 'install',
    ci: 'ci',
    'clean-install': 'ci',
    ic: 'ci',
    'install-clean': 'ci',
    'install-ci-test': 'ci',
    cit: 'ci',
    update: 'update',
    up: 'update',
    upgrade: 'update',
    dedupe: 'update',
    ddp: 'update',
    prune: 'prune',
    run: 'run',
    'run-script': 'run',
    start: 'run',
    test: 'run',
    exec: 'exec',
    x: 'exec',
    cache: 'cache',
    config: 'config',
    set: 'config',
    c: 'config',
  },
  yarn: {
    '': 'install',
    install: 'install',
    add: 'add',
    upgrade: 'update',
    up: 'update',
    dedupe: 'update',
    focus: 'focus',
    run: 'run',
    start: 'run',
    dlx: 'exec',
    exec: 'exec',
    cache: 'cache',
    config: 'config',
    set: 'other',
    workspaces: 'other',
    workspace: 'other',
    global: 'add',
    plugin: 'other',
    init: 'other',
    node: 'other',
    import: 'other',
    pack: 'other',
    policies: 'other',
    autoclean: 'other',
    version: 'other',
    link: 'other',
  },
  pnpm: {
    install: 'install',
    i: 'install',
    add: 'add',
    update: 'update',
    up: 'update',
    dedupe: 'update',
    prune: 'prune',
    fetch: 'fetch',
    deploy: 'deploy',
    run: 'run',
    start: 'run',
    dlx: 'exec',
    exec: 'exec',
    store: 'cache',
    config: 'config',
    set: 'config',
    setup: 'other',
    env: 'other',
    import: 'other',
    rebuild: 'other',
  },
  bun: {
    install: 'install',
    i: 'install',
    add: 'add',
    a: 'add',
    update: 'update',
    run: 'run',
    start: 'run',
    x: 'exec',
    pm: 'other',
    build: 'other',
    upgrade: 'other',
  },
};

const OPTIONS_WITH_VALUE =
  /^(--(prefix|workspace|filter|cwd|dir|registry|cache|loglevel|store-dir|mount|network-timeout|use-yarnrc|modules-folder|omit|include|only|network-concurrency|fetch-timeout|fetch-retries|cache-folder|location)|-w|-C|-F)$/;

/** What a command asks of a package manager; undefined where it asks nothing. */
export function managerCommandOf(command: ShellCommand): ManagerCommand | undefined {
  let words = programWordsOf(command);
  let name = nameOf(words[0]);
  if (name === 'corepack' && isManager(nameOf(words[1]))) {
    words = words.slice(1);
    name = nameOf(words[0]);
  }
  const [program] = words;
  if (!program) return undefined;
  if (name === 'npx' || name === 'bunx' || name === 'pnpx') return executed(command, name, words);
  if (!isManager(name)) return undefined;
  const { options, rest } = split(words.slice(1));
  const [first, second] = rest;
  const focus = name === 'yarn' && first?.text === 'workspaces' && second?.text === 'focus';
  const verb: ManagerCommand['verb'] = focus
    ? 'focus'
    : (VERBS[name][first?.text ?? ''] ?? (first && name !== 'npm' ? 'run' : 'other'));
  const implicitRun = verb === 'run' && !/^(run|run-script)$/.test(first?.text ?? '');
  const names = rest.slice(focus ? 2 : implicitRun || (name === 'yarn' && first === undefined) ? 0 : 1);
  const isGlobal =
    options.some(({ text }) => /^(-g|--global|--location=global)$/.test(text)) ||
    (name === 'yarn' && first?.text === 'global');
  return {
    command,
    manager: name,
    verb: verb === 'install' && names.length > 0 && name !== 'yarn' ? 'add' : verb,
    global: isGlobal,
    verbAt: first ?? program,
    names: name === 'yarn' && first?.text === 'global' ? names.slice(1) : names,
    options,
    frozen: isFrozen(name, verb, options, command),
    omitsDev: omissionIn(options),
    includesDev: options.some(({ text }) =>
      /^--(include=dev|also=dev(elopment)?|production=false|prod=false|no-production|dev)$/.test(text),
    ),
  };
}

const nameOf = (word: Word | undefined): string =>
  (word ? word.text.slice(word.text.lastIndexOf('/') + 1) : '').replace(/@[\w.-]+$/, '');

const isManager = (name: string): name is PackageManager => ['npm', 'yarn', 'pnpm', 'bun'].includes(name);

/** `npx pnpm@9 install` is pnpm; any other npx is itself. */
function executed(command: ShellCommand, name: string, words: readonly Word[]): ManagerCommand | undefined {
  const { options, rest } = split(words.slice(1));
  const [tool] = rest;
  if (tool && isManager(nameOf(tool))) {
    const at = words.indexOf(tool);
    return managerCommandOf({ ...command, words: words.slice(at) });
  }
  const [program] = words;
  if (!program) return undefined;
  const manager = name === 'bunx' ? 'bun' : name === 'pnpx' ? 'pnpm' : 'npm';
  return {
    command,
    manager,
    verb: 'exec',
    global: false,
    verbAt: program,
    names: rest,
    options,
    frozen: false,
    omitsDev: undefined,
    includesDev: false,
  };
}

function split(words: readonly Word[]): { options: Word[]; rest: Word[] } {
  const options: Word[] = [];
  const rest: Word[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (!word) continue;
    if (!word.text.startsWith('-') || word.text === '-') rest.push(word);
    else {
      const next = words[at + 1];
      if (OPTIONS_WITH_VALUE.test(word.text) && next && !next.text.startsWith('-')) {
        options.push({ start: word.start, end: next.end, text: `${word.text}=${next.text}` });
        at += 1;
      } else options.push(word);
    }
  }
  return { options, rest };
}

const isFrozen = (
  manager: PackageManager,
  verb: ManagerCommand['verb'],
  options: readonly Word[],
  { env }: ShellCommand,
): boolean => {
  if (
    verb === 'ci' ||
    verb === 'fetch' ||
    (manager === 'bun' && verb === 'install' && options.some(({ text }) => text === '--ci'))
  )
    return true;
  const ci = env.some(({ name, value }) => name === 'CI' && value?.text !== 'false' && value?.text !== '0');
  return (
    options.some(({ text }) => /^--(frozen-lockfile|immutable|immutable-cache|frozen)(=true)?$/.test(text)) ||
    (ci && (manager === 'pnpm' || manager === 'bun'))
  );
};

const omissionIn = (options: readonly Word[]): Word | undefined =>
  options.find(({ text }) =>
    /^(--omit=["']?dev["']?|--only=prod(uction)?|--production(=true)?|--prod(=true)?|-P|--no-dev|--no-optional-dev)$/.test(
      text,
    ),
  );

export const isInstall = ({ verb, global }: ManagerCommand): boolean =>
  !global && (verb === 'install' || verb === 'ci' || verb === 'focus' || verb === 'fetch' || verb === 'update');
