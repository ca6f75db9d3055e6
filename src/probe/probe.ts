import { randomBytes } from 'node:crypto';
import type { Document } from '../document/document.ts';
import type { Gap } from '../document/gap.ts';
import { ACTIVE, LIMITS, PASSIVE } from './budget.ts';
import type { Budget } from './budget.ts';
import type { ProbeOptions } from './options.ts';
import { redactorOf } from './redact.ts';
import type { Credentials } from './redact.ts';
import { documentOf } from './transcript.ts';
import { visitOf } from './visit.ts';

export interface Recording {
  /** One transcript for each exchange, in the order of asking. */
  readonly documents: readonly Document[];
  readonly gaps: readonly Gap[];
  /** Requests sent, handshakes aside. */
  readonly requests: number;
}

/** Asks the deployments behind the URLs and writes down what they answer. Never throws for what a server does. */
export async function probe(urls: readonly URL[], options: ProbeOptions = {}): Promise<Recording> {
  const run = { id: options.runId ?? randomBytes(6).toString('hex') };
  const budget = budgetOf(options);
  const deadline = AbortSignal.timeout(budget.totalMs);
  const given = options.credentials ?? { headers: [] };
  const redact = redactorOf([given, ...urls.map(credentialsIn)]);
  const recording = { documents: [] as Document[], gaps: [] as Gap[], requests: 0 };
  for (const group of byOrigin(urls)) {
    const credentials = { headers: [...given.headers, ...group.flatMap((url) => credentialsIn(url).headers)] };
    const visit = await visitOf(group.map(withoutCredentials), { ...options, credentials, budget, run, deadline });
    const first = recording.documents.length + 1;
    recording.documents.push(...visit.records.map((record, index) => documentOf(record, first + index, redact)));
    recording.gaps.push(...visit.gaps.map((gap) => ({ ...gap, message: redact(gap.message) })));
    recording.requests += visit.requests;
  }
  return recording;
}

export function budgetOf({ active = 'none', budget }: ProbeOptions): Budget {
  const base = active === 'limits' ? LIMITS : active === 'checks' ? ACTIVE : PASSIVE;
  return { ...base, ...budget };
}

function byOrigin(urls: readonly URL[]): readonly (readonly URL[])[] {
  const groups = new Map<string, URL[]>();
  for (const url of urls) {
    const group = groups.get(url.origin);
    if (!group) groups.set(url.origin, [url]);
    else if (!group.some(({ href }) => href === url.href)) group.push(url);
  }
  return [...groups.values()];
}

/** `https://name:password@host/` as the header it stands for. */
function credentialsIn({ username, password }: URL): Credentials {
  if (username === '' && password === '') return { headers: [] };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { headers: [['Authorization', `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`]] };
}

function withoutCredentials(url: URL): URL {
  const clean = new URL(url);
  clean.username = '';
  clean.password = '';
  clean.hash = '';
  return clean;
}
