import { Client } from './client.ts';
import type { Conversation } from './conversation.ts';
import { destinationOf, hostOf, refusalOf, systemResolver } from './destination.ts';
import type { Destination } from './destination.ts';
import { silence } from './exchange.ts';
import type { Answer, Reply } from './exchange.ts';
import { get } from './plan.ts';
import type { Circumstances, Page } from './visit.ts';

/** Follows redirects within the host of `from` to a page; those that leave it stay in the transcript of the last hop. */
export async function followed(
  conversation: Conversation,
  from: URL,
  answer: Reply,
  circumstances: Circumstances,
  destination: Destination,
  step = 'home',
): Promise<Page | undefined> {
  const visited = new Set([from.href]);
  let url = from;
  let last: Answer = answer;
  while (last.kind === 'response' && isRedirect(last)) {
    const target = targetOf(last, url);
    // no Location, no http, a circle, too many: the transcripts show it
    if (!target || visited.has(target.href) || visited.size > circumstances.budget.redirects) return undefined;
    if (!isInScope(from, target)) {
      if (circumstances.followOffsite) await visitOffsite(conversation, target, circumstances, destination);
      return undefined;
    }
    visited.add(target.href);
    if (isRecorded(conversation, target)) return undefined;
    url = target;
    const isSameOrigin = url.origin === from.origin;
    last = await conversation.ask({
      ...get(`${step}-redirect`, url, circumstances.run),
      credentials: isSameOrigin && step === 'home' ? 'with' : 'without',
    });
  }
  if (last.kind !== 'response') return undefined;
  return { url, answer: last, html: Buffer.from(last.body).toString('latin1') };
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

/** One GET of another host, after its address was looked at: a redirect must not lead us into somebody's network. */
async function visitOffsite(
  conversation: Conversation,
  target: URL,
  { budget, deadline, run, ca, resolver = systemResolver, resolve, proxyOf }: Circumstances,
  from: Destination,
): Promise<void> {
  const host = hostOf(target);
  if (proxyOf?.(target)) {
    const refusal = silence('withheld', 'through a proxy nobody knows where it leads');
    conversation.record({ kind: 'http', question: get('offsite', target, run), answer: refusal, notes: [] });
    return;
  }
  const given = resolve?.get(host);
  const found = await destinationOf(host, given === undefined ? resolver : async () => [given], budget.dnsMs);
  const question = get('offsite', target, run);
  if (!('addresses' in found)) {
    conversation.record({ kind: 'http', question, answer: found, notes: [] });
    return;
  }
  const refusal = refusalOf(from.kind, found.kind);
  if (refusal !== undefined) {
    conversation.record({ kind: 'http', question, answer: silence('withheld', refusal), notes: [] });
    return;
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
}
