import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import type { DataNode } from '../../facts/data/data-facts.ts';
import { commandsAt } from '../../facts/shell/commands.ts';
import type { ShellCommand } from '../../facts/shell/shell-facts.ts';
import type { Word } from '../../facts/word.ts';
import { entryOf, scalarText } from '../deployments/data.ts';
import type { Deployments } from '../deployments/deployments.ts';
import type { Deployed } from './deployed.ts';
import type { BuiltStage } from './image.ts';
import { managerCommandOf, programWordsOf } from './installs.ts';
import type { ProjectManifest } from './project-manifest.ts';
import type { Start, StartContext } from './start.ts';
import { execStart, reachesAll } from './start.ts';

/** What runs in production: what deployments say instead of the image where they are known to be for production. */
export function startsOf(
  own: Start | undefined,
  deployed: readonly Deployed[],
  context: StartContext,
): readonly Start[] {
  const certain = deployed.filter((place) => place.certain);
  const overriding = (
    certain.length > 0 ? certain : own ? [] : deployed.filter(({ development }) => !development)
  ).filter(({ command, entrypoint }) => command ?? entrypoint);
  const others = overriding.map((place) => startOfDeployed(place, context));
  const keepsOwn = own !== undefined && (certain.length === 0 || overriding.length < certain.length);
  return keepsOwn ? [own, ...others] : others;
}

function startOfDeployed({ command, entrypoint, at }: Deployed, context: StartContext): Start {
  const words = [...(entrypoint?.words ?? []), ...(command?.words ?? [])];
  const span = command?.at ?? entrypoint?.at ?? at;
  const inner: readonly ShellCommand[] = (entrypoint ?? command)?.commands.slice(1) ?? [];
  const start = execStart(words, { path: at.path, start: span.start, end: span.end }, context, inner);
  return reachesAll(words) ? { ...start, reachesAll: true } : start;
}

const SERVER_PACKAGES = [
  'express',
  'fastify',
  'koa',
  '@nestjs/core',
  '@hapi/hapi',
  'hono',
  '@hono/node-server',
  'next',
  'nuxt',
  'restify',
  'polka',
  '@feathersjs/express',
  'apollo-server',
  '@apollo/server',
  'graphql-yoga',
  'socket.io',
  'ws',
  '@remix-run/serve',
  'sails',
  '@adonisjs/core',
  'moleculer-web',
  'h3',
  'elysia',
];

/** Whether an image answers requests, by its ports or by what it depends on. */
export function servesRequests(
  { layers }: BuiltStage,
  deployed: readonly Deployed[],
  manifest: ProjectManifest | undefined,
): boolean {
  return (
    layers.some(({ instruction }) => instruction.keyword === 'EXPOSE') ||
    deployed.some(({ node }) => entryOf(node, 'ports') !== undefined) ||
    SERVER_PACKAGES.some((name) => manifest?.dependencies.has(name) ?? false)
  );
}

/** Whether something outside the image asks it how it is, or may. */
export function isWatched(deployed: readonly Deployed[], { workloads, platformFiles }: Deployments): boolean {
  const checked = deployed.some(({ node }) =>
    ['healthcheck', 'livenessProbe', 'readinessProbe', 'startupProbe'].some((key) => entryOf(node, key)),
  );
  return checked || workloads.length > 0 || platformFiles.length > 0;
}

/** A program that a health check starts. */
export interface HealthCheck {
  readonly program: string;
  readonly at: Location;
}

export function healthChecksOf({ healthcheck }: BuiltStage, deployed: readonly Deployed[]): readonly HealthCheck[] {
  const own = healthcheck?.instruction.commands.flatMap(({ words: [first] }) =>
    first ? [{ program: nameIn(first.text), at: locationOf(healthcheck.stage.path, first) }] : [],
  );
  const others = deployed.flatMap(({ node, at }) =>
    composeTest(entryOf(entryOf(node, 'healthcheck'), 'test'), at.path),
  );
  return [...(own ?? []), ...others];
}

const nameIn = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** `[CMD, curl, …]`, `[CMD-SHELL, "curl …"]`, or the script itself. */
function composeTest(test: DataNode | undefined, path: string): readonly HealthCheck[] {
  const words = test?.kind === 'list' ? test.items : [];
  const [mode, program] = words;
  const script = test?.kind === 'scalar' ? test : mode && scalarText(mode) === 'CMD-SHELL' ? program : undefined;
  if (script?.kind === 'scalar') {
    return commandsAt(script).flatMap(({ words: [first] }) =>
      first ? [{ program: nameIn(first.text), at: locationOf(path, script) }] : [],
    );
  }
  if (!mode || scalarText(mode) !== 'CMD' || !program) return [];
  return [{ program: nameIn(scalarText(program)), at: locationOf(path, program) }];
}

/** A Kubernetes Job, or a command line tool without anything that would make it a server. */
export function isOneOff(
  built: BuiltStage,
  deployed: readonly Deployed[],
  manifest: ProjectManifest | undefined,
): boolean {
  if (deployed.length > 0 && deployed.every(({ kind }) => kind === 'Job' || kind === 'CronJob')) return true;
  const isTool = manifest?.bin === true && !manifest.scripts.some(({ name }) => name === 'start');
  return isTool && !servesRequests(built, deployed, manifest);
}

/** What deployments and start commands say of NODE_ENV, beside the image. */
export function nodeEnvIn(
  starts: readonly Start[],
  deployed: readonly Deployed[],
): 'production' | 'unknown' | 'not set' {
  const running = deployed.filter(({ development }) => !development);
  const values = running.map(({ environment }) => environment.find(({ name }) => name === 'NODE_ENV')?.value?.text);
  if (
    running.length > 0 &&
    values.some((value) => value === 'production' || (value?.includes('production') && value.includes('$')))
  )
    return 'production';
  const commands = starts.flatMap((start) => [
    ...(start.script?.commands ?? []),
    ...(start.command ? [start.command] : []),
    ...start.commands,
    ...(start.packageScript?.commands ?? []),
  ]);
  const setsIt = commands.some(
    ({ env, words }) =>
      env.some(({ name, value }) => name === 'NODE_ENV' && value?.text === 'production') ||
      words.some(({ text }) => /^NODE_ENV=["']?production/.test(text) || text === '--env=production') ||
      (/^(next|nuxt|nuxi)$/.test(programIn(words)) && words.some(({ text }) => text === 'start')),
  );
  if (setsIt) return 'production';
  const byManager = commands.some(({ words }) => /^pm2(-runtime|-docker)?$/.test(programIn(words)));
  const passed = values.some((value) => value?.includes('$') === true);
  return passed ||
    byManager ||
    running.some(({ envFiles, node }) => envFiles.length > 0 || entryOf(node, 'envFrom') !== undefined)
    ? 'unknown'
    : 'not set';
}

function programIn(words: readonly Word[]): string {
  const asked = managerCommandOf({
    start: 0,
    end: 0,
    env: [],
    words,
    redirects: [],
    joined: 'first',
    inside: 'list',
    background: false,
  });
  return nameIn((asked?.verb === 'exec' ? asked.names[0]?.text : programWordsOf({ words })[0]?.text) ?? '');
}
