import type { Location } from '../../document/document.ts';
import type { Field, HttpFacts, Range, SilenceFact } from '../../facts/http/http-facts.ts';
import type { Address } from './address.ts';
import { addressOf, isIpAddress, isLocal } from './address.ts';
import { handshakeOf } from './handshake.ts';
import type { Handshake } from './handshake.ts';
import { isEndedNode } from '../node-release.ts';
import { liveResponseOf } from './live-response.ts';
import type { LiveResponse } from './live-response.ts';
import { repeatedCountIn } from './rate-limit.ts';
import type { RepeatedCount } from './rate-limit.ts';

/** One question put to a server. */
export interface Exchange {
  readonly step: string;
  readonly url: Address;
  readonly method: string;
  /** The request line. */
  readonly line: Location;
  /** What the probe knows besides: `address`, `certificate`, `kind` … */
  readonly note: (name: string) => string | undefined;
  readonly response?: LiveResponse;
  readonly silence?: Omit<SilenceFact, 'at'> & { readonly at: Location };
}

/** An asked URL and where its redirects led, within the host. */
export interface Visit {
  readonly hops: readonly [Exchange, ...Exchange[]];
  /** The last response that is no redirect and came from the asked host. */
  readonly final?: LiveResponse;
  /** The last redirect leads nowhere: a circle, no target, or none of http. */
  readonly isBroken: boolean;
}

/** Everything that was seen of one host. */
export interface Site {
  readonly host: string;
  /** On the prober's own machine or network: transport is not judged there. */
  readonly local: boolean;
  /** Asked by its address instead of a name. */
  readonly isIpAddress: boolean;
  readonly kind: 'page' | 'api';
  readonly visits: readonly Visit[];
  /** What plain http answers: the asked URL itself, or its sibling. */
  readonly plain?: Visit;
  /** The first response over https of the asked host, a redirect included, whose certificate could be verified. */
  readonly secure?: LiveResponse;
  /** Finals of the asked URLs that are HTML and a success. */
  readonly pages: readonly LiveResponse[];
  /** Finals of the asked URLs. */
  readonly finals: readonly LiveResponse[];
  /** Every response of the host itself. */
  readonly responses: readonly LiveResponse[];
  /** What the responses show of the program behind them, to tell whether it is the one in the project. */
  readonly identity: Identity;
  /** What was found at the paths that no deployment serves on purpose, and what it is known by. */
  readonly exposed: readonly Exposed[];
  /** The release of Node.js that an answer names, where it gets fixes no more. */
  readonly endedNode?: { readonly text: string; readonly at: Location };
  /** Two answers say that as many requests are left: several counters. */
  readonly repeatedCount?: RepeatedCount;
  /** The day the answers are judged on. */
  readonly today: Date;
  readonly exchanges: readonly Exchange[];
  readonly handshakes: readonly Handshake[];
}

export interface Identity {
  /** Frameworks by their own error pages and `X-Powered-By`. */
  readonly frameworks: ReadonlySet<string>;
  readonly cookies: ReadonlySet<string>;
  /** ETags in the form Express gives them: `W/"2a-…27 characters…"`. */
  readonly hasExpressTags: boolean;
}

export interface Exposed {
  readonly response: LiveResponse;
  /** Marks of the body that an answer for a made-up path does not have: a page served everywhere is no find. */
  readonly has: (mark: string) => { readonly at: Location } | undefined;
}

export interface Recorded {
  readonly path: string;
  readonly facts: HttpFacts;
}

/** The hosts that were asked about, in the order of the transcripts. */
export function sitesOf(recorded: readonly Recorded[], today: Date): readonly Site[] {
  const exchanges = recorded.flatMap(exchangeOf);
  const handshakes = recorded.flatMap(({ path, facts }) => handshakeOf(path, facts, today) ?? []);
  const asked = exchanges.filter(isAsked);
  const hosts = [...new Set(asked.map(({ url }) => url.host))];
  return hosts.map((host) => siteOf(host, exchanges, handshakes, today));
}

const isAsked = ({ step }: Exchange): boolean => step === 'home' || step === 'route';
const isRedirectStep = ({ step }: Exchange): boolean => step.endsWith('redirect');

function exchangeOf({ path, facts }: Recorded): Exchange[] {
  const url = addressOf(facts.request.url);
  if (!url || facts.reply.kind === 'handshake') return [];
  const at = (range: Range): Location => ({ path, start: range[0], end: range[1] });
  const { step, request, reply } = facts;
  return [
    {
      step,
      url,
      method: request.method,
      line: at(request.at),
      note: (name) => valueOf(facts.notes, name),
      ...(reply.kind === 'response'
        ? { response: liveResponseOf(path, step, url, request, reply) }
        : { silence: { ...reply, at: at(reply.at) } }),
    },
  ];
}

const valueOf = (fields: readonly Field[], name: string): string | undefined =>
  fields.find((field) => field.name === name)?.value;

function siteOf(host: string, all: readonly Exchange[], allHandshakes: readonly Handshake[], today: Date): Site {
  const exchanges = all.filter(({ url }) => url.host === host);
  const visits = exchanges.filter(isAsked).map((first) => visitOf(first, exchanges));
  const plainFirst = exchanges.find(({ step, url }) => url.scheme === 'http' && (step === 'http' || step === 'home'));
  const responses = exchanges.flatMap(({ response }) => (response && !response.stranger ? [response] : []));
  const finals = visits.flatMap(({ final }) => (final ? [final] : []));
  const secure = exchanges.find(
    ({ step, url, response, note }) =>
      url.scheme === 'https' &&
      response &&
      !response.stranger &&
      note('certificate') === undefined &&
      (step === 'home' || step === 'route' || step === 'https' || step.endsWith('redirect')),
  )?.response;
  const endedNode = responses
    .flatMap(({ nodeVersion }) => nodeVersion ?? [])
    .find(({ text }) => isEndedNode(Number(text.split('.')[0]), today));
  const repeatedCount = repeatedCountIn(responses);
  const address = exchanges.map(({ note }) => note('address')).find((note) => note !== undefined);
  return {
    host,
    local: isLocal(host) || isLocalNote(address),
    isIpAddress: isIpAddress(host),
    kind: kindOf(exchanges, finals),
    visits,
    ...(plainFirst && { plain: visitOf(plainFirst, exchanges) }),
    ...(secure && { secure }),
    pages: finals.filter((response) => response.class === 'page' && response.status < 300),
    finals,
    responses,
    ...(endedNode && { endedNode }),
    ...(repeatedCount && { repeatedCount }),
    today,
    exchanges,
    identity: identityOf(responses),
    exposed: exposedIn(responses),
    handshakes: allHandshakes.filter(({ url }) => url.host === host),
  };
}

function identityOf(responses: readonly LiveResponse[]): Identity {
  const named = responses.flatMap((response) => response.headers('x-powered-by').map(({ value }) => value));
  const shown = responses.flatMap(({ defaultErrorOf }) => defaultErrorOf ?? []);
  return {
    frameworks: new Set([...shown, ...named]),
    cookies: new Set(responses.flatMap((response) => response.cookies.map(({ name }) => name))),
    hasExpressTags: responses.some((response) =>
      response.headers('etag').some(({ value }) => /^W\/"[\da-f]{1,8}-[\w+/]{27}"$/.test(value)),
    ),
  };
}

function exposedIn(responses: readonly LiveResponse[]): readonly Exposed[] {
  const everywhere = new Set(
    responses
      .filter(({ step }) => step === 'missing' || step === 'missing-script')
      .flatMap(({ marks }) => marks.map(({ name }) => name)),
  );
  return responses
    .filter(({ step, status }) => step === 'exposed' && (status === 200 || status === 206))
    .map((response) => ({
      response,
      has: (mark) => (everywhere.has(mark) ? undefined : response.marks.find(({ name }) => name === mark)),
    }));
}

/** `203.0.113.7 public`; an address the user gave for a name stands for wherever the name will lead. */
function isLocalNote(note: string | undefined): boolean {
  const [address = '', kind] = note?.split(' ') ?? [];
  return address !== '' && kind !== 'given' && isLocal(address);
}

function visitOf(first: Exchange, exchanges: readonly Exchange[]): Visit {
  const hops: [Exchange, ...Exchange[]] = [first];
  const candidates = exchanges.filter((exchange) => isAsked(exchange) || isRedirectStep(exchange));
  let last = first;
  while (last.response?.class === 'redirect') {
    const target = addressOf(last.response.headers('location')[0]?.value ?? '', last.url.href);
    const next = candidates.find((candidate) => candidate.url.href === target?.href && !hops.includes(candidate));
    if (!next) break;
    hops.push(next);
    last = next;
  }
  const { response } = last;
  return {
    hops,
    isBroken: isDeadEnd(last, hops),
    ...(response && response.class !== 'redirect' && !response.stranger && { final: response }),
  };
}

/** Browsers give up after 20; nobody needs half of that. */
const MAX_HOPS = 10;

function isDeadEnd({ response, url }: Exchange, hops: readonly Exchange[]): boolean {
  if (!response || response.status < 300 || response.status >= 400 || [300, 304].includes(response.status))
    return false;
  const target = addressOf(response.headers('location')[0]?.value ?? '', url.href);
  const isKnown = hops.some((hop) => hop.url.href === target?.href);
  return response.class !== 'redirect' || !target || isKnown || hops.length > MAX_HOPS;
}

/** Why a visit that ended here has no final response. */
export function reasonOf({ url, silence, response }: Exchange): string {
  if (silence) return `did not answer: ${[silence.cause, silence.detail].filter((word) => word !== '').join(', ')}.`;
  if (response?.marks.some(({ name }) => name === 'tls-expected'))
    return 'is a port for TLS, and was asked without it.';
  if (response?.stranger) return 'is answered by a challenge or a parking page, not by the application.';
  const target = addressOf(response?.headers('location')[0]?.value ?? '', url.href);
  return `redirects to ${target?.origin ?? 'another place'}, which was not judged: ask that one.`;
}

function kindOf(exchanges: readonly Exchange[], finals: readonly LiveResponse[]): Site['kind'] {
  const told = exchanges.map(({ note }) => note('kind')).find((note) => note !== undefined);
  if (told === 'page' || told === 'api') return told;
  if (finals.length === 0) return 'page';
  return finals.some((response) => response.class === 'page' && response.defaultErrorOf === undefined) ? 'page' : 'api';
}
