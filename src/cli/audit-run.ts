import { join, relative, resolve } from 'node:path';
import { rules as known } from '../../rules/index.ts';
import { AuditError } from '../document/audit-error.ts';
import { audit } from '../engine/audit.ts';
import type { AuditOptions, AuditResult } from '../engine/audit.ts';
import { FactsCache } from '../engine/cache.ts';
import { Stopwatch } from '../engine/stopwatch.ts';
import { load } from '../load/load.ts';
import type { Project } from '../load/project.ts';
import { targetOf } from '../load/target.ts';
import type { Target } from '../load/target.ts';
import type { Rule } from '../rule/rule.ts';
import { DEFAULT_GATE } from '../score/gate.ts';
import { advisoriesFor } from './advisories.ts';
import { BASELINE_FILE, baselineIn } from './baseline-file.ts';
import { BUILD, EXTRACTORS } from './build.ts';
import { cacheFileOf, resultFileOf } from './cache-file.ts';
import { configOf } from './config.ts';
import type { ReadConfig } from './config.ts';
import type { AuditFlags } from './flags.ts';
import { historyFor, isRepeatable } from './history.ts';
import { KeptResult, keyOf } from './kept-result.ts';
import type { Asked } from './kept-result.ts';
import type { Observation } from './probe-run.ts';
import type { Progress } from './progress.ts';
import type { Run } from './report-of.ts';
import { selected } from './selection.ts';

export interface AuditRun extends Run {
  readonly stopwatch: Stopwatch;
  /** Where the known findings are, or are to be. */
  readonly baselineFile: string;
  /** What was seen of the deployments, where there are some. */
  readonly observation?: Observation;
  /** Whether only part of the project was looked at. */
  readonly isPartial: boolean;
}

/** What the command line and the configuration ask for, done: load, extract, check. */
export async function auditRunOf(named: readonly string[], flags: AuditFlags, progress: Progress): Promise<AuditRun> {
  const cwd = process.cwd();
  const stopwatch = new Stopwatch();
  const target = targetOf(named, cwd);
  const read = await configOf(target.root, cwd, flags.config);
  const rules = rulesOf(flags, read);
  const baselineFile = baselineFileOf(target, flags, read);
  const baseline = flags.baseline === false ? undefined : await baselineIn(baselineFile);

  const start = performance.now();
  const loaded = await load(target.root, {
    onProgress: (done, all) => progress.say(`Reading the files: ${done} of ${all}`),
  });
  stopwatch.add('load', performance.now() - start);
  const observation = await observed(await withOwnPaths(flags, loaded), progress);
  const project = withObservation(withDocument(loaded, read), observation);
  const only = await onlyOf(target, flags, project);
  const today = new Date();
  const advisories = await advisoriesFor(project, flags, progress);
  const asked = {
    today,
    known: known.map(({ id }) => id),
    ignore: flags.ignores ? read.ignore : 'none',
    ...definedOf({ assume: flags.assume ?? read.config.assume, only }),
    ...(advisories && { advisories }),
    ...(read.config.declare && { declared: read.config.declare }),
    ...(baseline && { baseline: new Set(baseline.findings.map(({ fingerprint }) => fingerprint)) }),
  } as const;
  const kept = await keptResultOf(project, rules, asked, flags);
  const result = kept?.get() ?? (await fresh());
  return {
    project,
    path: relative(cwd, target.root) || '.',
    urls: observation?.urls ?? [],
    ...(observation && { observation }),
    ...(only && { only }),
    rules,
    known,
    result,
    today,
    gate: {
      level: flags.gate ?? read.config.gate ?? DEFAULT_GATE.level,
      minScore: flags.minScore ?? read.config.minScore ?? null,
      minCoverage: flags.minCoverage ?? read.config.minCoverage ?? null,
    },
    stopwatch,
    baselineFile,
    isPartial: only !== undefined || rules.length < known.length,
  };

  async function fresh(): Promise<AuditResult> {
    const cache = cacheOf(target.root, flags);
    const history = historyFor(project, rules, flags, progress);
    const found = await audit(project, rules, {
      ...asked,
      ...(cache && { cache }),
      history,
      stopwatch,
      onProgress: (done, all) => progress.say(`Understanding the code: ${done} of ${all} files`),
    });
    cache?.save();
    if (isRepeatable(await history)) kept?.keep(found);
    return found;
  }
}

function rulesOf(flags: AuditFlags, { config }: ReadConfig): readonly Rule[] {
  return selected(known, { only: flags.only ?? config.only ?? [], skip: flags.skip ?? config.skip ?? [] });
}

function baselineFileOf({ root }: Target, { baseline }: AuditFlags, { config }: ReadConfig): string {
  if (typeof baseline === 'string') return resolve(baseline);
  return join(root, config.baseline ?? BASELINE_FILE);
}

/** A configuration from elsewhere, or one that git ignores, is a document too: what it ignores can be wrong. */
function withDocument(project: Project, { document }: ReadConfig): Project {
  if (!document || project.documents.some(({ path }) => path === document.path)) return project;
  return { ...project, documents: [...project.documents, document] };
}

/** `--routes`: what the code says it answers is asked as well. */
export async function withOwnPaths(flags: AuditFlags, project: Project): Promise<AuditFlags> {
  if (!flags.routes || flags.url === undefined) return flags;
  const { ownPathsOf } = await import('./own-paths.ts');
  return { ...flags, path: [...new Set([...(flags.path ?? []), ...(await ownPathsOf(project, flags))])] };
}

async function observed(flags: AuditFlags, progress: Progress): Promise<Observation | undefined> {
  if (flags.url === undefined && flags.replay === undefined) return undefined;
  if (flags.offline && flags.url !== undefined) {
    throw new AuditError(2, '--offline and --url contradict each other.', 'Leave one of them out, or use --replay.');
  }
  const { observationOf } = await import('./probe-run.ts');
  return observationOf(flags.url ?? [], flags, progress);
}

/** The transcripts are documents like any other. */
function withObservation(project: Project, observation: Observation | undefined): Project {
  if (!observation) return project;
  return {
    ...project,
    documents: [...project.documents, ...observation.documents].toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    gaps: [...project.gaps, ...observation.gaps],
  };
}

async function onlyOf(
  { only }: Target,
  { changed }: AuditFlags,
  project: Project,
): Promise<readonly string[] | undefined> {
  if (changed === undefined) return only;
  const { changedSince } = await import('../load/changed.ts');
  const files = await changedSince(changed === true ? 'HEAD' : changed, project);
  if (!only) return files;
  return files.filter((file) => only.some((name) => file === name || (name.endsWith('/') && file.startsWith(name))));
}

const cacheOf = (root: string, { cache }: AuditFlags): FactsCache | undefined =>
  cache && EXTRACTORS !== undefined ? new FactsCache(cacheFileOf(root), EXTRACTORS) : undefined;

/** What the last run came to; a deployment is looked at anew, and `--timing` is about a run. */
async function keptResultOf(
  project: Project,
  rules: readonly Rule[],
  asked: Omit<Asked, 'history'>,
  { cache, timing, url, replay, history }: AuditFlags,
): Promise<KeptResult | undefined> {
  if (!cache || BUILD === undefined || timing || url !== undefined || replay !== undefined) return undefined;
  return new KeptResult(resultFileOf(project.root), await keyOf(project, rules, { ...asked, history }, BUILD));
}

/** Without the keys whose value is undefined. */
function definedOf(options: {
  readonly [Key in 'assume' | 'only']: AuditOptions[Key] | undefined;
}): Pick<AuditOptions, 'assume' | 'only'> {
  const { assume, only } = options;
  return { ...(assume && { assume }), ...(only && { only }) };
}
