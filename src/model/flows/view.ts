import type { Gap } from '../../document/gap.ts';
import { packageMajorOf } from '../apps/versions.ts';
import type { Program } from '../program/program.ts';
import { absent, defineView, present } from '../view.ts';
import { lazily } from './lazily.ts';
import type { Evidence, Flow, Flows } from './flows.ts';
import { Guards } from './guards.ts';
import { matchedSites } from './matches.ts';
import { receivedOf } from './received.ts';
import { Requests } from './requests.ts';
import { doubtOf, Search } from './search.ts';
import type { SinkName } from './sink.ts';
import { slowMatchesIn } from './slow-matches.ts';
import { sitesOf } from './sites.ts';
import type { Site } from './site.ts';
import { sourceName, trailOf } from './trail.ts';
import type { Hit } from './state.ts';
import type { Surroundings } from './surroundings.ts';

export const flows = defineView({
  name: 'flows',
  reads: ['manifest', 'template'],
  needs: ['program', 'lockfiles'],
  build: (source, { program, lockfiles }) => {
    if (program.state !== 'present') return absent('There is no JavaScript or TypeScript to look at.');
    const gaps: Gap[] = [...program.gaps];
    const versions = packageMajorOf(source, lockfiles);
    return present(
      flowsOf(program.answer, gaps, {
        versions,
        templates: source.facts('template'),
        ...(source.declared && { declared: source.declared }),
      }),
      gaps,
    );
  },
});

/** `gaps` grows by the searches that had to be cut off. */
export function flowsOf(program: Program, gaps: Gap[], surroundings: Surroundings = {}): Flows {
  const requests = lazily(() => new Requests(program, surroundings));
  const search = lazily(() => new Search(program, requests(), new Guards(program)));
  const sites = lazily(() => sitesOf(program, requests(), surroundings));
  const known = new Map<SinkName, readonly Flow[]>();
  return {
    into: (sink) => {
      const before = known.get(sink);
      if (before) return before;
      const found = flowsInto(program, search(), sites().get(sink) ?? [], gaps);
      known.set(sink, found);
      return found;
    },
    fromModels: (sink) => flowsInto(program, search(), sites().get(sink) ?? [], gaps, 'model'),
    slowMatches: lazily(() =>
      slowMatchesIn(program, matchedSites(program), (site, own) => flowTo(program, search(), site, own), gaps),
    ),
    received: (node) => receivedOf(program, requests(), node),
  };
}

function flowsInto(
  program: Program,
  search: Search,
  sites: readonly Site[],
  gaps: Gap[],
  from?: 'model',
): readonly Flow[] {
  const found = new Map<string, Flow>();
  for (const site of sites) {
    const { at } = site;
    const where = `${at.path}:${at.start}:${at.end}`;
    const flow = found.has(where) ? undefined : flowTo(program, search, site, gaps, from);
    if (flow) found.set(where, flow);
  }
  return [...found.values()];
}

function flowTo(program: Program, search: Search, site: Site, gaps: Gap[], from?: 'model'): Flow | undefined {
  const { module, block, at } = site;
  const { sources, label } = site.row;
  const isWanted = ({ state, role }: Hit): boolean => (from ? role.shape === from : isCalled(sources, state.path));
  const place = { module, block, tests: [] };
  const first = search.into(site.value, site.path, place, label, isWanted, from);
  const isStoredAsked = first.hits.length === 0 && site.row.sink === 'template-html';
  const { hits, capped } = isStoredAsked ? search.into(site.value, site.path, place, label, isWanted, 'stored') : first;
  if (capped)
    gaps.push({
      kind: 'capped',
      message: `What reaches ${site.into} could not be followed to its end.`,
      at,
    });
  const [hit] = hits;
  // which names an object has is lost in whatever could not be looked into
  if (!hit || ((label === 'keys' || site.row.sink === 'merge') && doubtOf(hit) > 1)) return undefined;
  return flowOf(program, site, hit);
}

const isCalled = (names: RegExp | undefined, path: readonly string[]): boolean =>
  !names || path.some((name) => names.test(name));

/** Where a value comes in and goes on from there; undefined where it goes straight into the sink. */
function entryOf(source: string, trail: Evidence['trail']): string | undefined {
  const [from, next] = trail;
  return from && next && trail.length > 2
    ? [source, from.at.path, from.at.start, next.at.path, next.at.start].join(' ')
    : undefined;
}

function flowOf(program: Program, site: Site, hit: Hit): Flow {
  const { into } = site;
  const doubt = doubtOf(hit) + (site.guessed ? 1 : 0);
  const source = sourceName(program, hit);
  const trail = trailOf(program, hit, site.at, into);
  const repair = entryOf(source, trail);
  return {
    source,
    into,
    sink: site.at,
    kind: hit.kind,
    from: { shape: hit.role.shape, path: hit.state.path },
    evidence: {
      at: site.at,
      trail,
      ...(repair !== undefined && { repair }),
      ...(doubt === 1 && { confidence: 'likely' }),
      ...(doubt > 1 && { unsure: 'A step on the way had to be guessed.' }),
    },
  };
}
