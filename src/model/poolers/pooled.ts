import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import type { ShellCommand } from '../../facts/shell/shell-facts.ts';
import type { Deployments } from '../deployments/deployments.ts';
import type { Environment } from '../environment/environment.ts';
import type { Images } from '../images/images.ts';
import { isDevelopmentName } from '../images/stage.ts';
import { absent, defineView, present } from '../view.ts';
import type { Pooler } from './poolers.ts';

/** A variable that, wherever the project says its value, leads to a pooler which shares connections by transaction. */
export interface PooledVariable {
  readonly name: string;
  readonly at: Location;
  /** In words for a message: `pgbouncer:6432`. */
  readonly server: string;
}

/** What connects through a pooler that shares connections by transaction. */
export interface Pooled {
  /** Never empty. */
  readonly variables: readonly PooledVariable[];
  /** Commands of production that change the tables: of deployments, images and package scripts. */
  readonly migrations: readonly { readonly at: Location; readonly text: string }[];
}

export const pooled = defineView({
  name: 'pooled',
  reads: [],
  needs: ['environment', 'poolers', 'deployments', 'images', 'manifests'],
  build: (_, { environment, poolers, deployments, images, manifests }) => {
    const own = poolers.state === 'present' ? poolers.answer.all : [];
    const variables = environment.state === 'present' ? variablesOf(environment.answer, own) : [];
    const found = [
      ...(images.state === 'present' ? commandsOfImages(images.answer) : []),
      ...(deployments.state === 'present' ? commandsOfDeployments(deployments.answer) : []),
      ...(manifests.state === 'present'
        ? manifests.answer.all.flatMap(({ scripts }) => scripts.filter(({ name }) => STARTS.test(name)))
        : []),
    ].flatMap(({ at, commands }) => {
      const [text] = commands.flatMap(
        ({ words }) => MIGRATES.exec(words.map((word) => word.text).join(' '))?.[2] ?? [],
      );
      return text === undefined ? [] : [[`${at.path} ${at.start}`, { at, text }] as const];
    });
    return variables.length > 0
      ? present({ variables, migrations: [...new Map(found).values()] })
      : absent('No connection string of the project goes through a pooler.');
  },
});

/** Migrations that hold a lock of their session while they run. */
const MIGRATES =
  /(^|[\s/])(prisma (?:migrate (?:deploy|dev|reset)|db push)|node-pg-migrate (?:up|down|redo)|graphile-migrate migrate)\b/;
const STARTS = /^((pre|post)?(build|start)(:prod(uction)?)?|vercel-build|heroku-postbuild|deploy|release)$/;

interface Commands {
  readonly at: Location;
  readonly commands: readonly ShellCommand[];
}

const commandsOfImages = ({ production }: Images): readonly Commands[] =>
  production.flatMap(({ starts }) =>
    starts.map(({ at, commands, script }) => ({ at, commands: [...commands, ...(script?.commands ?? [])] })),
  );

const commandsOfDeployments = ({ production, workloads, processes }: Deployments): readonly Commands[] => [
  ...[
    ...production.filter(({ name }) => !isDevelopmentName(name)),
    ...workloads.flatMap(({ initContainers, containers }) => [...initContainers, ...containers]),
  ].flatMap(({ command, entrypoint }) =>
    [command, entrypoint].flatMap((each) =>
      each ? [{ at: locationOf(each.path, each.at), commands: each.commands }] : [],
    ),
  ),
  ...processes.map((process) => ({ at: locationOf(process.path, process), commands: process.commands })),
];

function variablesOf({ assignments }: Environment, own: readonly Pooler[]): readonly PooledVariable[] {
  const found = new Map<string, PooledVariable | undefined>();
  for (const { name, value, at, place, development } of assignments) {
    const [, host = '', port = '5432'] = URL.exec(value) ?? [];
    if (host === '' || development || (place !== 'product' && place !== 'template') || LOCAL.test(host)) continue;
    const isPooled = !(found.has(name) && !found.get(name)) && leadsToPooler(host, port, own);
    found.set(name, isPooled ? (found.get(name) ?? { name, at, server: `${host}:${port}` }) : undefined);
  }
  return [...found.values()].filter((each) => each !== undefined);
}

const URL = /^postgres(?:ql)?:\/\/(?:[^@/]*@)?([\w.-]+)(?::(\d{1,5}))?/;
const LOCAL = /^(localhost|127\.0\.0\.1|host\.docker\.internal)$/;

/** One of the project, or that of Supabase: at 6543 by transaction, at 5432 by session. */
const leadsToPooler = (host: string, port: string, own: readonly Pooler[]): boolean =>
  (/\.supabase\.(com|co)$/.test(host) && port === '6543') ||
  own.some(
    ({ name, mode }) =>
      mode !== 'session' && (name === undefined ? /pgbouncer/.test(host) || port === '6432' : host === name),
  );
