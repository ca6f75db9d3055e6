import { intersects, validRange } from 'semver';
import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import { isEndedNode, majorOfCodename, NODE_LINES, nodeStatusOf, youngestLts, youngestNode } from '../node-release.ts';
import { absent, defineView, present } from '../view.ts';
import type { Manifests } from './manifests.ts';

/** Every place of the project that says which Node.js it wants. */
export interface NodeVersions {
  readonly demands: readonly NodeDemand[];
  /** The line to move to on the day of the audit. */
  readonly recommended: number;
}

export interface NodeDemand {
  /** Where it is said: `engines.node`, `.nvmrc`, `Dockerfile`, `CI` … */
  readonly by: string;
  readonly kind: 'range' | 'pin' | 'image' | 'ci';
  readonly text: string;
  readonly at: Location;
  /** Release lines it allows, oldest first; empty where it cannot be told. */
  readonly majors: readonly number[];
  /** None of them gets fixes any more. */
  readonly ended: boolean;
  /** Of several CI tries. */
  readonly matrix: boolean;
  /** Folder of the package it is about; empty for the root. */
  readonly folder: string;
}

export const nodeVersions = defineView({
  name: 'nodeVersions',
  reads: ['version-file'],
  needs: ['manifests', 'images', 'workflows'],
  build: (source, { manifests, images, workflows }) => {
    const demand = demandsOn(source.today);
    const demands: NodeDemand[] = [];
    if (manifests.state === 'present') demands.push(...declared(manifests.answer, demand));
    for (const { path, facts } of source.facts('version-file')) {
      const pin = facts.tools.find(({ name }) => name === 'node');
      if (pin) demands.push(demand({ by: nameOf(path), kind: 'pin', text: pin.version, at: locationOf(path, pin) }));
    }
    if (images.state === 'present') {
      for (const image of images.answer.production) {
        for (const { major, at, text } of image.nodeVersions) {
          demands.push({ ...demand({ by: nameOf(at.path), kind: 'image', text, at }), majors: [major] });
        }
      }
    }
    if (workflows.state === 'present') {
      for (const { at, version, matrix } of workflows.answer.nodeVersions) {
        demands.push({ ...demand({ by: nameOf(at.path), kind: 'ci', text: version, at }), matrix });
      }
    }
    const gaps = manifests.state === 'present' ? manifests.gaps : [];
    if (demands.length === 0) return absent('Nothing in the project says which Node.js it wants.');
    return present({ demands: distinct(demands), recommended: youngestLts(source.today)?.major ?? 24 }, gaps);
  },
});

type Said = Pick<NodeDemand, 'by' | 'kind' | 'text' | 'at'>;

const demandsOn =
  (today: Date) =>
  (said: Said): NodeDemand => {
    const majors = majorsOf(said.text, today);
    const ended = majors.length > 0 && majors.every((major) => isEndedNode(major, today) === true);
    return { ...said, majors, ended, matrix: false, folder: folderOf(said.at.path) };
  };

const declared = ({ all }: Manifests, demand: (said: Said) => NodeDemand): readonly NodeDemand[] =>
  all.flatMap(({ engines, pinned }) => [
    ...(engines ? [demand({ by: 'engines.node', kind: 'range', text: engines.range, at: engines.at })] : []),
    ...pinned.map(({ by, version, at }) => demand({ by, kind: 'pin', text: version, at })),
  ]);

/** `>=18`, `20.x`, `v22.11.0`, `lts/iron`, `lts/*`, `22-alpine` → the release lines it allows on that day. */
export function majorsOf(text: string, today: Date): readonly number[] {
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/^v(?=\d)/, '');
  const one = (major: number | undefined): readonly number[] => (major === undefined ? [] : [major]);
  if (/^(node|latest|current|stable)$/.test(plain)) return one(youngestNode(today)?.major);
  if (/^lts(\/\*)?$/.test(plain)) return one(youngestLts(today)?.major);
  const codename = majorOfCodename(plain.replace(/^lts\//, '').replace(/-.*$/, ''));
  if (codename !== undefined) return [codename];
  const tag = /^(\d{1,3})(?:\.\d+){0,2}-[a-z]/.exec(plain)?.[1];
  if (tag !== undefined) return [Number(tag)];
  if (plain.length > 100 || validRange(plain) === null) return [];
  return NODE_LINES.filter((line) => nodeStatusOf(line, today) !== 'unreleased' && line.major > 0)
    .map(({ major }) => major)
    .filter((major) => intersects(plain, `>=${major}.0.0 <${major + 1}.0.0`));
}

const distinct = (demands: readonly NodeDemand[]): readonly NodeDemand[] => [
  ...new Map(demands.map((demand) => [`${demand.at.path}:${demand.at.start}`, demand])).values(),
];

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const folderOf = (path: string): string =>
  /(^|\/)\.(github|gitlab|circleci)\//.test(path) ? '' : path.slice(0, Math.max(0, path.lastIndexOf('/')));
