import builds from 'node-releases/data/processed/envs.json' with { type: 'json' };
import schedule from 'node-releases/data/release-schedule/release-schedule.json' with { type: 'json' };

/** One release line of Node.js. Source: the schedule of nodejs/Release, by way of the `node-releases` package. */
export interface NodeLine {
  /** 0 stands for every 0.x line. */
  readonly major: number;
  readonly start: Date;
  /** Absent for lines that never become LTS. */
  readonly lts?: Date;
  readonly maintenance?: Date;
  /** The last day on which it gets fixes. */
  readonly end: Date;
  /** Lower case; absent for lines without one. */
  readonly codename?: string;
}

/** Where a line is in its life on a given day. `maintenance` is said of LTS lines only. */
export type NodeStatus = 'unreleased' | 'current' | 'lts' | 'maintenance' | 'ended';

interface Scheduled {
  readonly start: string;
  readonly end: string;
  readonly lts?: string;
  readonly maintenance?: string;
  readonly codename?: string;
}

/** Oldest first. */
export const NODE_LINES: readonly NodeLine[] = Object.entries(schedule as Readonly<Record<string, Scheduled>>)
  .filter(([version]) => !/^v0\.(?!12$)/.test(version))
  .map(([version, { start, end, lts, maintenance, codename }]) => ({
    major: Number(/^v(\d+)/.exec(version)?.[1]),
    start: new Date(start),
    end: new Date(end),
    ...(lts && { lts: new Date(lts) }),
    ...(maintenance && { maintenance: new Date(maintenance) }),
    ...(codename && { codename: codename.toLowerCase() }),
  }))
  .toSorted((a, b) => a.major - b.major);

/** The day the table was made: that of the youngest build it lists. */
export const NODE_LINES_AS_OF = new Date(
  builds.reduce((latest, { date }) => (date && date > latest ? date : latest), '2026-01-01'),
);

export const nodeLineOf = (major: number): NodeLine | undefined => NODE_LINES.find((line) => line.major === major);

/** `krypton` → 24; undefined for what is no codename. */
export const majorOfCodename = (codename: string): number | undefined =>
  NODE_LINES.find((line) => line.codename === codename.toLowerCase())?.major;

const DAY_MS = 86_400_000;

export function nodeStatusOf({ start, lts, maintenance, end }: NodeLine, today: Date): NodeStatus {
  if (today < start) return 'unreleased';
  // fixed until the end of its last day
  if (today.getTime() >= end.getTime() + DAY_MS) return 'ended';
  if (lts && maintenance && today >= maintenance) return 'maintenance';
  return lts && today >= lts ? 'lts' : 'current';
}

/** Whether a major gets no more fixes; undefined for one the table does not know. */
export function isEndedNode(major: number, today: Date): boolean | undefined {
  const line = nodeLineOf(major);
  if (!line) return undefined;
  return nodeStatusOf(line, today) === 'ended';
}

/** The line new work should run on: the youngest LTS. What the tags `lts` and `lts/*` mean on that day. */
export const youngestLts = (today: Date): NodeLine | undefined =>
  NODE_LINES.findLast((line) => ['lts', 'maintenance'].includes(nodeStatusOf(line, today)));

/** What the tags `latest`, `current` and `node` mean on that day. */
export const youngestNode = (today: Date): NodeLine | undefined =>
  NODE_LINES.findLast((line) => nodeStatusOf(line, today) !== 'unreleased');

/** The smallest LTS line at or above a major that still gets fixes: where to move with the least change. */
export const nextSupportedLts = (major: number, today: Date): NodeLine | undefined =>
  NODE_LINES.find((line) => line.major >= major && ['lts', 'maintenance'].includes(nodeStatusOf(line, today))) ??
  youngestLts(today);
