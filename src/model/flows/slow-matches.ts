import type { Gap } from '../../document/gap.ts';
import { slownessOf } from '../patterns/slowness.ts';
import type { Slowness } from '../patterns/slowness.ts';
import type { Program } from '../program/program.ts';
import type { Flow, SlowMatch } from './flows.ts';
import { checkedPatterns } from './matches.ts';
import type { Pattern, Site } from './site.ts';

const MAX_SHOWN = 50;
/** What Node.js takes of a request line and its headers is 16 KB; a body is as long as its limit lets it be. */
const LONG =
  /^(body|rawBody|request|payload|req\.(json|parseBody|formData|text|raw)\(?\)?|json\(\)|text\(\)|formData\(\)|file|files|fields|input|rawInput)$/;
const LONG_SHAPES = /^(data|text|procedure|h3-event|adonis-context|graphql-arguments)$/;

/** `flowTo` finds the way of a client's text, or of a client's text of any length, to a place. */
export function slowMatchesIn(
  program: Program,
  sites: readonly Site[],
  flowTo: (site: Site, gaps: Gap[]) => Flow | undefined,
  gaps: Gap[],
): readonly SlowMatch[] {
  const found = new Map<string, SlowMatch>();
  for (const site of sites) {
    const { at, patterns = [] } = site;
    const where = `${at.path}:${at.start}:${at.end}`;
    if (found.has(where)) continue;
    // most texts come from no client: to judge their patterns would be for nothing
    const unseen: Gap[] = [];
    const flow = flowTo(site, unseen);
    const slow = flow || unseen.length > 0 ? slowestOf(patterns) : undefined;
    if (slow) gaps.push(...unseen);
    if (!flow || !slow) continue;
    const isPolynomial = slow.slowness.growth === 'polynomial';
    if (isPolynomial && !flowTo({ ...site, row: { ...site.row, label: 'long-text' } }, gaps)) continue;
    const { shape, path } = flow.from;
    const isLong =
      LONG_SHAPES.test(shape) || ((shape === 'koa-context' ? path[1] !== 'query' : true) && LONG.test(path[0] ?? ''));
    found.set(where, {
      evidence: flow.evidence,
      pattern: slow.shown,
      source: flow.source,
      isLong,
      slowness: slow.slowness,
    });
  }
  for (const { node, pattern } of checkedPatterns(program)) {
    const at = program.locationOf(node);
    const slow = slowestOf([pattern]);
    if (slow?.slowness.growth !== 'exponential') continue;
    found.set(`${at.path}:${at.start}:${at.end}`, {
      evidence: { at, trail: [] },
      pattern: slow.shown,
      isLong: true,
      slowness: slow.slowness,
    });
  }
  return [...found.values()];
}

function slowestOf(patterns: readonly Pattern[]): { readonly shown: string; readonly slowness: Slowness } | undefined {
  const [slowest] = patterns
    .flatMap(({ source, flags }) => {
      const slowness = slownessOf(source, flags);
      const shown = source.length > MAX_SHOWN ? `/${source.slice(0, MAX_SHOWN)}…/` : `/${source}/`;
      return slowness ? [{ shown, slowness }] : [];
    })
    .toSorted((a, b) => b.slowness.degree - a.slowness.degree);
  return slowest;
}
