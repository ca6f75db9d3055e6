import { AuditError } from '../document/audit-error.ts';
import type { Document } from '../document/document.ts';
import type { Gap } from '../document/gap.ts';
import { extractorOf } from '../facts/extract.ts';
import { secretsIn } from '../facts/secrets.ts';
import type { HttpFacts } from '../facts/http/http-facts.ts';
import { reasonOf, sitesOf } from '../model/live/site.ts';
import { readRecording, writeRecording } from '../probe/recording.ts';
import { escaped } from '../probe/escaped.ts';
import type { ProbeFlags } from './probe-flags.ts';
import { probeOptionsOf, urlsOf } from './probe-options.ts';
import type { Progress } from './progress.ts';
import { remedyOf } from './remedy.ts';

export interface Observation {
  readonly documents: readonly Document[];
  readonly gaps: readonly Gap[];
  /** The URLs that were asked, without what was in them to log in. */
  readonly urls: readonly string[];
  /** Why each URL that could not be observed was not, and below it what to do: the run is no verdict on them. */
  readonly unobserved: readonly string[];
}

/** Looks at the deployments, or at what was recorded of them. */
export async function observationOf(
  targets: readonly string[],
  flags: ProbeFlags,
  progress: Progress,
): Promise<Observation> {
  const { documents, gaps } =
    flags.replay === undefined ? await asked(targets, flags, progress) : replayed(flags.replay);
  if (flags.record !== undefined) recorded(flags.record, documents.map(withoutSecrets));
  const visits = await visitsOf(documents);
  return {
    documents,
    gaps,
    urls: visits.map(({ url }) => url),
    unobserved: visits.flatMap(({ fault }) => fault ?? []),
  };
}

async function asked(
  targets: readonly string[],
  flags: ProbeFlags,
  progress: Progress,
): Promise<{ documents: readonly Document[]; gaps: readonly Gap[] }> {
  const { probe } = await import('../probe/probe.ts');
  let count = 0;
  return probe(urlsOf(targets), {
    ...probeOptionsOf(flags),
    onAsk: ({ method, url }) => {
      count += 1;
      progress.say(`Asking ${escaped(url.host)}: ${count}, ${method} ${escaped(url.pathname).slice(0, 60)}`);
    },
  });
}

function replayed(folder: string): { documents: readonly Document[]; gaps: readonly Gap[] } {
  let documents: readonly Document[] = [];
  try {
    documents = readRecording(folder);
  } catch {
    // said below, as for an empty one
  }
  if (documents.length > 0) return { documents, gaps: [] };
  throw new AuditError(
    3,
    'The folder that --replay names holds no transcript.',
    'Make one with --record <folder>: its files end in .http.',
  );
}

/** A recording is passed on: what a page gave away is written down as what it was, not as its value. */
function withoutSecrets(document: Document): Document {
  const names = new Set<string>();
  let text = '';
  let from = 0;
  for (const { start, end, name, masked, kind, strength, mode } of secretsIn(document)) {
    text += `${document.text.slice(from, start)}${masked}`;
    from = end;
    const isItsOwnProof = kind === 'token' || kind === 'private-key' || kind === 'url';
    if (isItsOwnProof && (strength === 'shaped' || strength === 'verified') && mode === undefined) names.add(name);
  }
  if (from === 0) return document;
  const notes = [...names].map((name) => `# secret: ${name}\n`);
  return { ...document, text: `${notes.join('')}${text}${document.text.slice(from)}` };
}

function recorded(folder: string, documents: readonly Document[]): void {
  try {
    writeRecording(folder, documents);
  } catch {
    throw new AuditError(2, 'The folder that --record names cannot be written.', 'Name one that can.');
  }
}

/** Each asked URL, and why it was not observed where it was not. */
async function visitsOf(documents: readonly Document[]): Promise<readonly { url: string; fault?: string }[]> {
  const extract = await extractorOf('http');
  const sites = sitesOf(
    documents.map((document) => ({ path: document.path, facts: extract(document).facts as unknown as HttpFacts })),
    new Date(),
  );
  return sites.flatMap(({ visits }) =>
    visits.map(({ hops, final, isBroken }) => {
      const url = escaped(hops[0].url.href);
      const last = hops.at(-1) ?? hops[0];
      if (final || isBroken) return { url };
      const remedy = remedyOf(last);
      const fault = `${url} ${escaped(reasonOf(last))}`;
      return { url, fault: remedy === undefined ? fault : `${fault}\n  ${escaped(remedy)}` };
    }),
  );
}
