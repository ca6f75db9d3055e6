import type { Gap } from '../document/gap.ts';
import type { Budget } from './budget.ts';
import { Client } from './client.ts';
import { Conversation, OUT_OF_BUDGET } from './conversation.ts';
import { destinationOf, hostOf, systemResolver } from './destination.ts';
import type { Destination } from './destination.ts';
import { askActively, askForLimits } from './active.ts';
import type { Answer, Record, Silence } from './exchange.ts';
import { handshakeWith, OFFERS } from './handshake.ts';
import type { ProbeOptions } from './options.ts';
import { assetsOf, get, originSteps, siblingOf } from './plan.ts';
import type { Run } from './plan.ts';
import type { Proxy } from './proxy.ts';
import { followed } from './redirects.ts';
import type { Credentials } from './redact.ts';

export interface Visit {
  readonly records: readonly Record[];
  readonly gaps: readonly Gap[];
  readonly requests: number;
}

export interface Circumstances extends Omit<ProbeOptions, 'budget' | 'credentials'> {
  readonly credentials: Credentials;
  readonly budget: Budget;
  readonly run: Run;
  readonly deadline: AbortSignal;
}

/** Everything there is to ask of one origin. `urls` share it. */
export async function visitOf(urls: readonly URL[], circumstances: Circumstances): Promise<Visit> {
  const [first] = urls;
  if (!first) return { records: [], gaps: [], requests: 0 };
  const { resolve, resolver = systemResolver, budget, proxyOf } = circumstances;
  const host = hostOf(first);
  // the proxy resolves the name, so nobody here knows where it leads
  if (proxyOf?.(first)) return new Visitor(urls, first, { host, addresses: [], kind: 'public' }, circumstances).visit();
  const given = resolve?.get(host);
  const destination = await destinationOf(host, given === undefined ? resolver : async () => [given], budget.dnsMs);
  if (!('addresses' in destination)) return silentVisitOf(urls, destination, circumstances);
  return new Visitor(urls, first, destination, circumstances).visit();
}

function silentVisitOf(urls: readonly URL[], answer: Silence, { run }: Circumstances): Visit {
  return {
    records: urls.map((url): Record => ({ kind: 'http', question: get('home', url, run), answer, notes: [] })),
    gaps: [],
    requests: 0,
  };
}

class Visitor {
  readonly #urls: readonly URL[];
  readonly #asked: URL;
  readonly #destination: Destination;
  readonly #circumstances: Circumstances;
  readonly #gaps: Gap[] = [];
  readonly #proxy: Proxy | undefined;
  #conversation: Conversation;

  constructor(urls: readonly URL[], asked: URL, destination: Destination, circumstances: Circumstances) {
    this.#urls = urls;
    this.#asked = asked;
    this.#destination = destination;
    this.#circumstances = circumstances;
    this.#proxy = circumstances.proxyOf?.(asked);
    this.#conversation = this.#conversationWith('verified');
  }

  async visit(): Promise<Visit> {
    const { active = 'none' } = this.#circumstances;
    try {
      const page = await this.#askedPages();
      await Promise.all([this.#askOrigin(page), this.#shakeHands()]);
      if (page && active !== 'none' && this.#isAllowed()) {
        await askActively(this.#conversation, page, this.#circumstances);
        if (active === 'limits' && !this.#proxy)
          await askForLimits(this.#conversation, page, this.#destination, this.#circumstances);
      }
    } finally {
      await this.#conversation.close();
    }
    this.#admitWithheld();
    return {
      records: this.#conversation.records,
      gaps: this.#gaps,
      requests: this.#conversation.asked,
    };
  }

  /** The asked URLs and where they lead; the last page of the first. */
  async #askedPages(): Promise<Page | undefined> {
    const [first, ...others] = this.#urls;
    if (!first) return undefined;
    let answer = await this.#conversation.ask({ ...get('home', first, this.#circumstances.run), credentials: 'with' });
    if (answer.kind === 'silence' && answer.cause === 'certificate') {
      await this.#goOnUnverified(answer.detail);
      answer = await this.#conversation.ask(get('home', first, this.#circumstances.run));
    }
    const page = await this.#finalOf(first, answer);
    const rest = [
      ...others,
      ...(this.#circumstances.routes ?? [])
        .filter((path) => path !== first.pathname)
        .map((path) => new URL(path, first)),
    ];
    for (const url of rest) {
      const step = others.includes(url) ? 'home' : 'route';
      const seen = await this.#conversation.ask({ ...get(step, url, this.#circumstances.run), credentials: 'with' });
      await this.#finalOf(url, seen);
    }
    return page;
  }

  async #finalOf(url: URL, answer: Answer): Promise<Page | undefined> {
    // the transcript says why
    if (answer.kind === 'silence') return undefined;
    return followed(this.#conversation, url, answer, this.#circumstances, this.#destination);
  }

  /** A bad certificate is described, not obeyed: from here on nothing the user gave is sent. */
  async #goOnUnverified(code: string): Promise<void> {
    await this.#conversation.close();
    this.#conversation = this.#conversationWith({ unverified: code });
    if (this.#circumstances.credentials.headers.length > 0) {
      this.#gaps.push({
        kind: 'unreached',
        message: `The certificate of ${this.#asked.host} cannot be verified (${code}), so your credentials were not sent.`,
      });
    }
  }

  async #askOrigin(page: Page | undefined): Promise<void> {
    const { run } = this.#circumstances;
    const sibling = siblingOf(this.#asked);
    const isLoopback = this.#destination.kind === 'loopback' && !this.#circumstances.resolve?.has(hostOf(this.#asked));
    const isKnown = page && sibling && page.url.protocol === sibling.protocol;
    const tasks: Promise<unknown>[] = [];
    if (sibling && !isLoopback && !isKnown) {
      tasks.push(this.#askSibling(sibling, this.#asked.protocol === 'https:' ? 'http' : 'https'));
    }
    if (page) {
      const { script, style } = assetsOf(page.html, page.url);
      // twice without credentials: what a nonce must not be, and whether replicas agree
      tasks.push(this.#conversation.ask(get('again', page.url, run)));
      if (script) tasks.push(this.#conversation.ask(get('script', script, run)));
      if (style) tasks.push(this.#conversation.ask(get('style', style, run)));
      tasks.push(...originSteps(page.url, run).map((question) => this.#conversation.ask(question)));
      tasks.push(this.#askBothFamilies(page.url));
    }
    await Promise.all(tasks);
  }

  /** Where a name leads to addresses of both kinds, one request over each: they may be different machines. */
  async #askBothFamilies(page: URL): Promise<void> {
    const { budget, deadline, ca, run } = this.#circumstances;
    const { addresses } = this.#destination;
    const families = [4, 6].map((family) => addresses.filter((address) => address.family === family));
    if (families.some(({ length }) => length === 0)) return;
    for (const [index, own] of families.entries()) {
      const options = { budget, deadline, verify: true, ...(ca !== undefined && { ca }) };
      const client = new Client({ ...this.#destination, addresses: own }, options);
      await this.#conversation.ask(get(index === 0 ? 'ipv4' : 'ipv6', page, run), 'recorded', client);
      await client.close();
    }
  }

  async #askSibling(url: URL, step: string): Promise<void> {
    const answer = await this.#conversation.ask(get(step, url, this.#circumstances.run));
    if (answer.kind === 'response') {
      await followed(this.#conversation, url, answer, this.#circumstances, this.#destination, step);
    }
  }

  async #shakeHands(): Promise<void> {
    const { budget, deadline, ca } = this.#circumstances;
    const secure = this.#conversation.records.find(
      (record) =>
        record.kind === 'http' && record.question.url.protocol === 'https:' && record.answer.kind === 'response',
    );
    const url =
      this.#asked.protocol === 'https:' ? this.#asked : secure?.kind === 'http' ? secure.question.url : undefined;
    if (!url || hostOf(url) !== hostOf(this.#asked)) return;
    const ms = budget.connectMs;
    const options = { ms, signal: deadline, ...(ca !== undefined && { ca }) };
    const root = new URL('/', url);
    if (this.#proxy) {
      this.#gaps.push({
        kind: 'unreached',
        message: `${this.#asked.host} was asked through a proxy: its addresses and its versions of TLS were not looked at.`,
      });
      return;
    }
    const handshakes = await Promise.all(OFFERS.map((offer) => handshakeWith(root, this.#destination, offer, options)));
    for (const handshake of handshakes) this.#conversation.record({ kind: 'tls', handshake, notes: [] });
  }

  #conversationWith(trust: 'verified' | { unverified: string }): Conversation {
    const { budget, deadline, ca, credentials, kind, sameApp, resolve, onAsk, routes = [] } = this.#circumstances;
    const address = this.#destination.addresses[0]?.address ?? '';
    const isGiven = resolve?.has(this.#destination.host) === true;
    const client = new Client(this.#destination, {
      budget,
      deadline,
      verify: trust === 'verified',
      ...(ca !== undefined && { ca }),
      ...(this.#proxy && { proxy: this.#proxy }),
    });
    const isOurs = (url: URL): boolean =>
      trust === 'verified' &&
      url.origin === this.#asked.origin &&
      (url.protocol === 'https:' || this.#destination.kind === 'loopback');
    return new Conversation(client, {
      budget,
      deadline,
      allowed: budget.requests + 3 * (this.#urls.length - 1 + routes.length),
      isLoopback: this.#destination.kind === 'loopback',
      notes: [
        ['address', this.#proxy ? 'unknown proxied' : `${address} ${isGiven ? 'given' : this.#destination.kind}`],
        ...(trust === 'verified' ? [] : [['certificate', `invalid ${trust.unverified}`] as const]),
        ...(kind === undefined ? [] : [['kind', kind] as const]),
        ...(sameApp ? [['same-app', 'said'] as const] : []),
      ],
      credentials: (url) => (isOurs(url) ? credentials.headers : []),
      onAsk: onAsk ?? (() => {}),
    });
  }

  #isAllowed(): boolean {
    if (this.#destination.kind === 'loopback') return true;
    const host = hostOf(this.#asked);
    if (this.#circumstances.authorized?.has(host)) return true;
    this.#gaps.push({
      kind: 'unreached',
      message: `Active checks of ${host} were not made: say that its owner allows them with --authorized ${host}.`,
    });
    return false;
  }

  #admitWithheld(): void {
    const isWithheld = (record: Record): boolean =>
      record.kind === 'http' &&
      record.answer.kind === 'silence' &&
      record.answer.cause === 'withheld' &&
      record.answer.detail === OUT_OF_BUDGET;
    const withheld = this.#conversation.records.filter(isWithheld);
    if (withheld.length === 0) return;
    this.#gaps.push({
      kind: 'capped',
      message: `${withheld.length} requests to ${this.#asked.host} were not sent: the request budget is used up.`,
    });
  }
}

export interface Page {
  readonly url: URL;
  readonly answer: Answer & { kind: 'response' };
  readonly html: string;
}
