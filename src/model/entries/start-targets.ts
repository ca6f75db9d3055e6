import type { ShellCommand } from '../../facts/shell/shell-facts.ts';

/** What a command starts: a file (with what is loaded before it, or by a framework that serves it), a script of the package, or a framework. */
export type StartTarget =
  | { readonly kind: 'file'; readonly file: string; readonly preload?: true; readonly by?: 'fastify' }
  | { readonly kind: 'run'; readonly script: string; readonly workspace?: string }
  | { readonly kind: 'ecosystem'; readonly file: string }
  | { readonly kind: 'framework'; readonly name: string };

const MAX_DEPTH = 8;

/** Start something else and pass the rest of their words on; a number of words may stand between. */
const WRAPPERS = new Set([
  'exec',
  'env',
  'sudo',
  'nohup',
  'time',
  'dumb-init',
  'tini',
  '/sbin/tini',
  '/usr/bin/tini',
  '/usr/bin/dumb-init',
  'cross-env',
  'cross-env-shell',
  'dotenv',
  'dotenvx',
  'env-cmd',
  'npx',
  'bunx',
  'gosu',
  'su-exec',
  'catchsegv',
  'op',
  'infisical',
  'doppler',
  'wait-for-it',
  'better-npm-run',
  'opentelemetry-instrument',
]);

const RUNTIMES = new Set([
  'node',
  'nodejs',
  'ts-node',
  'ts-node-dev',
  'tsnd',
  'ts-node-esm',
  'tsx',
  'babel-node',
  'swc-node',
  'esno',
  'nodemon',
  'bun',
  'supervisor',
  'vite-node',
  'forever',
  'micro',
  'fastify',
]);

/** Their next word is their value. */
const FLAGS_WITH_VALUE = new Set([
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '--env-file',
  '--env-file-if-exists',
  '-C',
  '--conditions',
  '--project',
  '-P',
  '--exec',
  '-x',
  '--watch',
  '-w',
  '--ext',
  '-e',
  '--ignore',
  '-i',
  '--delay',
  '--port',
  '-p',
  '--address',
  '-a',
  '-l',
  '--log-level',
  '--minUptime',
  '-m',
  '-o',
  '--pidFile',
  '--sourceDir',
  '--workingDir',
  '--spinSleepTime',
  '--tsconfig',
  '--config',
  '-c',
]);

const FRAMEWORKS: Readonly<Record<string, readonly string[]>> = {
  next: ['start'],
  nuxt: ['start', 'preview'],
  nuxi: ['start', 'preview'],
  'remix-serve': [],
  'react-router-serve': [],
  astro: ['preview'],
  strapi: ['start', 'develop'],
  medusa: ['start'],
  directus: ['start'],
  keystone: ['start'],
  gatsby: ['serve'],
  payload: ['start'],
  n8n: ['start'],
};

export const startTargetsOf = (commands: readonly ShellCommand[]): readonly StartTarget[] =>
  commands
    .filter(({ inside }) => inside !== 'substitution')
    .flatMap(({ words }) => targetsOf(words.map(({ text }) => text)));

export function targetsOf(words: readonly string[], depth = 0): readonly StartTarget[] {
  const [first = '', ...rest] = words;
  if (first === '' || depth > MAX_DEPTH) return [];
  const name = first.slice(first.lastIndexOf('/') + 1);
  if (/^\w+=/.test(first)) return targetsOf(rest, depth + 1);
  if (WRAPPERS.has(name) || WRAPPERS.has(first)) return targetsOf(afterOptions(name, rest), depth + 1);
  if (/^(wait-for|wait-for-it)(\.sh)?$/.test(name) || name === 'with-contenv') {
    const dashes = rest.indexOf('--');
    return targetsOf(dashes < 0 ? rest.slice(1) : rest.slice(dashes + 1), depth + 1);
  }
  if (/^(npm|pnpm|yarn|bun)$/.test(name)) return ofPackageManager(name, rest, depth);
  if (/^(concurrently|npm-run-all|run-s|run-p|npm-run-all2)$/.test(name)) return ofSeveral(name, rest, depth);
  if (/^pm2(-runtime|-docker|-dev)?$/.test(name)) return ofPm2(rest, depth);
  if (name === 'nest') return rest[0] === 'start' ? [{ kind: 'file', file: nestEntryOf(rest.slice(1)) }] : [];
  if (name === 'sails') return [{ kind: 'file', file: 'app.js' }];
  const verbs = Object.hasOwn(FRAMEWORKS, name) ? FRAMEWORKS[name] : undefined;
  if (verbs && (verbs.length === 0 || verbs.includes(rest[0] ?? ''))) return [{ kind: 'framework', name }];
  if (RUNTIMES.has(name)) return ofRuntime(name, rest, depth);
  if (/^(ba|da|a)?sh$/.test(name)) return ofShell(rest, depth);
  if (/\.([mc]?[jt]s|sh)$/.test(first) || /^\.{0,2}\/[\w./-]+$/.test(first)) return [{ kind: 'file', file: first }];
  return [];
}

/** `nest start api` of a monorepo starts that application. */
const nestEntryOf = (words: readonly string[]): string => {
  const application = words.find((word) => !word.startsWith('-'));
  return application === undefined ? 'src/main' : `apps/${application}/src/main`;
};

function afterOptions(name: string, words: readonly string[]): readonly string[] {
  const dashes = words.indexOf('--');
  if (dashes >= 0) return words.slice(dashes + 1);
  let at = 0;
  while (at < words.length && (words[at]?.startsWith('-') || /^\w+=/.test(words[at] ?? ''))) {
    const takesValue = (name === 'dotenv' || name === 'env-cmd') && /^-[ef]$/.test(words[at] ?? '');
    at += takesValue ? 2 : 1;
  }
  // `env-cmd local.env node server.js` of older versions
  if (name === 'env-cmd' && at === 0 && /(^|[./-])env(\.|$)|rc(\.json)?$/.test(words[0] ?? '')) at += 1;
  return words.slice(name === 'gosu' || name === 'su-exec' ? at + 1 : at);
}

function ofPackageManager(name: string, words: readonly string[], depth: number): readonly StartTarget[] {
  let workspace: string | undefined;
  const plain: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const option = /^(?:--filter|--workspace|--prefix|--dir|--cwd|-F|-w|-C)(?:=(.*))?$/.exec(word);
    if (option) workspace = option[1] ?? words[(at += 1)];
    else if (word === '--') break;
    else if (!word.startsWith('-')) plain.push(word);
  }
  if (name === 'yarn' && plain[0] === 'workspace') [, workspace] = plain.splice(0, 2);
  const [verb = '', script = ''] = plain;
  const place = workspace === undefined ? {} : { workspace };
  if (verb === 'start' || verb === 'test') return verb === 'start' ? [{ kind: 'run', script: 'start', ...place }] : [];
  if (verb === 'run' || verb === 'run-script') {
    return /\.[mc]?[jt]sx?$/.test(script) ? [{ kind: 'file', file: script }] : [{ kind: 'run', script, ...place }];
  }
  if (verb === 'exec' || verb === 'dlx' || verb === 'x') return targetsOf(plain.slice(1), depth + 1);
  if (name === 'bun' && /\.[mc]?[jt]sx?$/.test(verb)) return [{ kind: 'file', file: verb }];
  if (name === 'npm' || verb === '' || /^(install|i|add|build|ci|audit|publish)$/.test(verb)) return [];
  const direct = targetsOf(plain, depth + 1);
  return direct.length > 0 ? direct : [{ kind: 'run', script: verb, ...place }];
}

/** `concurrently "npm:api" "node worker.js"`, `run-p api worker`. */
const ofSeveral = (name: string, words: readonly string[], depth: number): readonly StartTarget[] =>
  words
    .filter((word) => !word.startsWith('-'))
    .flatMap((word): readonly StartTarget[] => {
      if (word.startsWith('npm:')) return [{ kind: 'run', script: word.slice(4) }];
      if (name !== 'concurrently') return [{ kind: 'run', script: word }];
      return targetsOf(word.split(/\s+/), depth + 1);
    });

function ofPm2(words: readonly string[], depth: number): readonly StartTarget[] {
  const file = words.find(
    (word) => !word.startsWith('-') && !/^(start|startOrRestart|startOrReload|reload|restart)$/.test(word),
  );
  if (file === undefined) return [];
  if (/\.(json|ya?ml)$|(^|\/)(ecosystem|pm2|process)[\w.-]*\.c?js$|\.config\.[cm]?js$/.test(file))
    return [{ kind: 'ecosystem', file }];
  if (file === 'npm' || file === 'yarn') {
    const dashes = words.indexOf('--');
    return dashes < 0 ? [] : ofPackageManager(file, words.slice(dashes + 1), depth + 1);
  }
  return [{ kind: 'file', file }];
}

function ofShell(words: readonly string[], depth: number): readonly StartTarget[] {
  const script = words.indexOf('-c');
  if (script >= 0) return targetsOf((words[script + 1] ?? '').split(/\s+/), depth + 1);
  const file = words.find((word) => !word.startsWith('-'));
  return file === undefined ? [] : [{ kind: 'file', file }];
}

function ofRuntime(name: string, words: readonly string[], depth: number): readonly StartTarget[] {
  const targets: StartTarget[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const preload = /^(?:-r|--require|--import)(?:=(.+))?$/.exec(word);
    if (word === '--run') return [...targets, { kind: 'run', script: words[at + 1] ?? 'start' }];
    if (name === 'node' && /^(-e|--eval|-p|--print|--test|--check|-v|--version)$/.test(word)) return targets;
    if (preload) {
      const file = preload[1] ?? words[(at += 1)] ?? '';
      if (/^\.{0,2}\//.test(file)) targets.push({ kind: 'file', file, preload: true });
    } else if (name === 'nodemon' && (word === '--exec' || word === '-x')) {
      return [...targets, ...targetsOf([...(words[at + 1] ?? '').split(/\s+/), ...words.slice(at + 2)], depth + 1)];
    } else if (FLAGS_WITH_VALUE.has(word) && !isFlagOf(name, word)) at += 1;
    else if (!word.startsWith('-') && !/^(watch|start|run)$/.test(word)) {
      return [...targets, { kind: 'file', file: word, ...(name === 'fastify' && { by: name }) }];
    }
  }
  return targets;
}

/** Without a value in this runtime. */
const isFlagOf = (name: string, flag: string): boolean =>
  (flag === '--watch' && name !== 'nodemon') ||
  (flag === '-w' && name === 'tsx') ||
  (/^(-P|-w|-o|--watch)$/.test(flag) && name === 'fastify');
