import { setTimeout as after } from 'node:timers/promises';
import type { Budget } from './budget.ts';
import type { Client } from './client.ts';
import type { Credentials } from './redact.ts';
import { silence } from './exchange.ts';
import type { Answer, Pair, Question, Record } from './exchange.ts';

export const OUT_OF_BUDGET = 'the request budget is used up';

/** Errors in a row after which a server is left alone. */
const MAX_TROUBLE = 3;
const MAX_PATIENCE_MS = 10_000;

/** Everything that is asked of one host: counted, paced, recorded in the order of asking. */
export class Conversation {
  readonly records: Record[] = [];
  asked = 0;
  /** Set once the server is in trouble and must not be asked more than it was. */
  isTroubled = false;
  readonly #client: Client;
  readonly #budget: Budget;
  readonly #deadline: AbortSignal;
  readonly #allowed: number;
  readonly #notes: readonly Pair[];
  readonly #credentials: (url: URL) => Credentials['headers'];
  readonly #onAsk: (question: Question) => void;
  readonly #paceMs: number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  #nextAt = 0;
  #trouble = 0;

  constructor(
    client: Client,
    options: {
      budget: Budget;
      deadline: AbortSignal;
      allowed: number;
      isLoopback: boolean;
      notes: readonly Pair[];
      credentials: (url: URL) => Credentials['headers'];
      onAsk: (question: Question) => void;
    },
  ) {
    this.#client = client;
    this.#budget = options.budget;
    this.#deadline = options.deadline;
    this.#allowed = options.allowed;
    this.#notes = options.notes;
    this.#credentials = options.credentials;
    this.#onAsk = options.onAsk;
    this.#paceMs = options.isLoopback ? 0 : 1000 / options.budget.rate;
  }

  /**
   * The answer, and its record in the place of the asking. `unrecorded` for all but the last of a burst. `via` another
   * client than the usual one, to the same host.
   */
  async ask(
    question: Question,
    recording: 'recorded' | 'unrecorded' = 'recorded',
    via: Client = this.#client,
  ): Promise<Answer> {
    const full =
      question.credentials === 'with'
        ? { ...question, headers: [...question.headers, ...this.#credentials(question.url)] }
        : question;
    const place = this.records.length;
    if (recording === 'recorded')
      this.record({ kind: 'http', question: full, answer: silence('withheld', ''), notes: [] });
    const answer = await this.#paced(full, via);
    if (recording === 'recorded') {
      this.records[place] = { kind: 'http', question: full, answer, notes: this.#notes };
    }
    return answer;
  }

  record(record: Record): void {
    this.records.push(record);
  }

  async close(): Promise<void> {
    await this.#client.close();
  }

  async #paced(question: Question, client: Client): Promise<Answer> {
    if (this.asked >= this.#allowed) return silence('withheld', OUT_OF_BUDGET);
    this.asked += 1;
    this.#onAsk(question);
    if (this.#running >= this.#budget.concurrency) await new Promise<void>((go) => this.#waiting.push(go));
    this.#running += 1;
    try {
      const now = Date.now();
      const startAt = Math.max(now, this.#nextAt);
      this.#nextAt = startAt + this.#paceMs;
      // patience ends with the time of the probe; the client then says so instead of asking
      if (startAt > now) await after(startAt - now, undefined, { signal: this.#deadline }).catch(() => {});
      const answer = await client.answerTo(question);
      this.#heed(answer);
      return answer;
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  /** A server that asks for patience gets it; one that fails again and again is in trouble. */
  #heed(answer: Answer): void {
    const hasFailed = answer.kind === 'response' ? answer.status >= 500 : true;
    this.#trouble = hasFailed ? this.#trouble + 1 : 0;
    if (this.#trouble >= MAX_TROUBLE) this.isTroubled = true;
    if (answer.kind !== 'response' || (answer.status !== 429 && answer.status !== 503)) return;
    const patience = answer.headers.find(([name]) => name.toLowerCase() === 'retry-after')?.[1] ?? '';
    const ms = /^\d{1,4}$/.test(patience) ? Number(patience) * 1000 : 1000;
    this.#nextAt = Math.max(this.#nextAt, Date.now() + Math.min(ms, MAX_PATIENCE_MS));
  }
}
