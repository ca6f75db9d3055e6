import type { Gap } from '../document/gap.ts';
import { Client } from './client.ts';
import type { Conversation } from './conversation.ts';
import { destinationOf, hostOf, refusalOf, systemResolver } from './destination.ts';
import type { Destination } from './destination.ts';
import type { Answer, Reply } from './exchange.ts';
import { get } from './plan.ts';
import type { Circumstances, Page } from './visit.ts';

/** Where a chain of redirects ended. */
export interface End {
  readonly page?: Page;
  readonly gap?: Gap;
}

/** Follows redirects within the host of `from`; those that leave it are recorded in the last hop and not followed. */
export async function followed(
  conversation: Conversation,
  from: URL,
  answer: Reply,
  circumstances: Circumstances,
  destination: Destination,
  step = 'home',
): Promise<End> {
  const visited = new Set([from.href]);
  let url = from;
  let last: Answer = answer;
  while (last.kind === 'response' && isRedirect(last)) {
    const target = targetOf(last, url);
    // no Location, no http, a circle, too many: the transcripts show it
    if (!target || visited.has(target.href) || visited.size > circumstances.budget.redirects) return {};
    if (!isInScope(from, target)) {
      if (!circumstances.followOffsite) return { gap: leaves(url, target) };
      const refusal = await visitOffsite(conversation, target, circumstances, destination);
      return { gap: refusal ?? leaves(url, target) };
    }
    visited.add(target.href);
    if (isRecorded(conversation, target)) return {};
    url = target;
    const isSameOrigin = url.origin === from.origin;
    last = await conversation.ask({
      ...get(`${step}-redirect`, url, circumstances.run),
      credentials: isSameOrigin && step === 'home' ? 'with' : 'without',
    });
  }
  if (last.kind !== 'response') return {};
  return { page: { url, answer: last, html: Buffer.from(last.body).toString('latin1') } };
}

const isRedirect = ({ status, headers }: Reply): boolean =>
  status >= 300 && status < 400 && headers.some(([name]) => name.toLowerCase() === 'location');

function targetOf({ headers }: Reply, base: URL): URL | undefined {
  const location = headers.find(([name]) => name.toLowerCase() === 'location')?.[1] ?? '';
  // field values are bytes: what is not ASCII was UTF-8
  const text = Buffer.from(location, 'latin1').toString('utf8');
  if (text.length > 8192 || !URL.canParse(text, base.href)) return undefined;
  const target = new URL(text, base);
  target.hash = '';
  target.username = '';
  target.password = '';
  return target.protocol === 'http:' || target.protocol === 'https:' ? target : undefined;
}

/** The asked host at its own port, or at the usual ones. */
const isInScope = (asked: URL, target: URL): boolean =>
  hostOf(target) === hostOf(asked) && (target.port === asked.port || target.port === '');

const isRecorded = ({ records }: Conversation, { href }: URL): boolean =>
  records.some(
    (record) =>
      record.kind === 'http' &&
      record.question.url.href === href &&
      /^(?:home|route)$|redirect$/.test(record.question.step),
  );

const leaves = (url: URL, target: URL): Gap => ({
  kind: 'unreached',
  message: `${url.href} redirects to ${target.origin}, another origin: probe that one, or add --follow-offsite.`,
});

/** One GET of another host, after its address was looked at: a redirect must not lead us into somebody's network. */
async function visitOffsite(
  conversation: Conversation,
  target: URL,
  { budget, deadline, run, ca, resolver = systemResolver, resolve }: Circumstances,
  from: Destination,
): Promise<Gap | undefined> {
  const host = hostOf(target);
  const given = resolve?.get(host);
  const found = await destinationOf(host, given === undefined ? resolver : async () => [given], budget.dnsMs);
  const question = get('offsite', target, run);
  if (!('addresses' in found)) {
    conversation.record({ kind: 'http', question, answer: found, notes: [] });
    return undefined;
  }
  const refusal = refusalOf(from.kind, found.kind);
  if (refusal !== undefined) {
    return { kind: 'unreached', message: `${target.origin} was not visited: ${refusal}.` };
  }
  const client = new Client(found, { budget, deadline, verify: true, ...(ca !== undefined && { ca }) });
  try {
    const answer = await client.answerTo(question);
    conversation.record({
      kind: 'http',
      question,
      answer,
      notes: [['address', `${found.addresses[0]?.address ?? ''} ${found.kind}`]],
    });
  } finally {
    await client.close();
  }
  return undefined;
}
