import type { Conversation } from './conversation.ts';
import type { Destination } from './destination.ts';
import type { Answer } from './exchange.ts';
import { activeSteps, bodyLadderSteps, BURST, forwardedForSteps, get } from './plan.ts';
import { slowHeadersRecord } from './slow-headers.ts';
import type { Circumstances, Page } from './visit.ts';

/** The opt-in checks that are bounded by their number alone. */
export async function askActively(conversation: Conversation, page: Page, { run }: Circumstances): Promise<void> {
  // one after the other, so that a server in trouble is noticed
  for (const question of activeSteps(page.url, run)) {
    if (conversation.isTroubled) return;
    await conversation.ask(question);
  }
  const map = sourceMapIn(conversation);
  if (map) await conversation.ask(get('source-map', map, run));
  if (!namesRateLimit(page.answer)) return;
  for (const question of forwardedForSteps(page.url, run)) await conversation.ask(question);
}

/** The map that the first script of the page names, on the same origin. */
function sourceMapIn({ records }: Conversation): URL | undefined {
  for (const record of records) {
    if (record.kind !== 'http' || record.question.step !== 'script' || record.answer.kind !== 'response') continue;
    const tail = Buffer.from(record.answer.body.subarray(-1000)).toString('latin1');
    const link = /\/\/[#@] sourceMappingURL=(?!data:)([^\s'"]{1,300})\s{0,5}$/.exec(tail)?.[1];
    if (link === undefined || !URL.canParse(link, record.question.url.href)) continue;
    const map = new URL(link, record.question.url);
    if (map.origin === record.question.url.origin) return map;
  }
  return undefined;
}

const namesRateLimit = ({ headers }: Page['answer']): boolean =>
  headers.some(([name]) => /^(?:x-)?ratelimit(?:-|$)/i.test(name));

/** The opt-in checks that cost the server time: a burst, a ladder of bodies, a slow client. */
export async function askForLimits(
  conversation: Conversation,
  page: Page,
  destination: Destination,
  circumstances: Circumstances,
): Promise<void> {
  if (!conversation.isTroubled) await climbBodies(conversation, page, circumstances);
  if (!conversation.isTroubled) await askInABurst(conversation, page, circumstances);
  if (!conversation.isTroubled) conversation.record(await slowHeadersRecord(page.url, destination, circumstances));
}

/** Larger and larger bodies, until one is refused. Says something only where a body parser was seen at work. */
async function climbBodies(conversation: Conversation, page: Page, { run, postPath }: Circumstances): Promise<void> {
  const hasParser = conversation.records.some(
    (record) =>
      record.kind === 'http' &&
      record.question.step === 'bad-json' &&
      record.answer.kind === 'response' &&
      record.answer.status === 400,
  );
  if (!hasParser && postPath === undefined) return;
  for (const question of bodyLadderSteps(page.url, run, postPath)) {
    const answer = await conversation.ask(question);
    if (answer.kind === 'silence' || answer.status === 413) return;
  }
}

/** The same page again and again, until it is refused. The last answer is recorded, with how many there were. */
async function askInABurst(conversation: Conversation, page: Page, { run, burst }: Circumstances): Promise<void> {
  const count = Math.min(burst ?? BURST.requests, BURST.most);
  const question = get('burst', page.url, run);
  const statuses = new Map<number, number>();
  let errors = 0;
  let last: Answer | undefined;
  let sent = 0;
  while (sent < count && errors < 3) {
    last = await conversation.ask(question, 'unrecorded');
    sent += 1;
    if (last.kind === 'silence') errors += 1;
    else statuses.set(last.status, (statuses.get(last.status) ?? 0) + 1);
    if (last.kind === 'response' && (last.status === 429 || last.status === 503)) break;
  }
  if (!last) return;
  const told = [...statuses].map(([status, times]) => `${times} × ${status}`).join(', ');
  conversation.record({
    kind: 'http',
    question,
    answer: last,
    notes: [
      ['sent', String(sent)],
      ['statuses', told],
    ],
  });
}
