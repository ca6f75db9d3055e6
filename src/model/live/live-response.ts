import type { Location } from '../../document/document.ts';
import type {
  BodyFact,
  CookieFact,
  ElementFact,
  Field,
  LeakFact,
  MarkFact,
  Range,
  RequestFact,
  ResponseFact,
  StructuredFact,
} from '../../facts/http/http-facts.ts';
import { addressOf, isInternalName } from './address.ts';
import type { Address } from './address.ts';
import { controlsScripts, policyOf, saysAnything, weaknessesOf } from './policy.ts';
import type { Policy, Weakness } from './policy.ts';
import { rateLimitOf } from './rate-limit.ts';
import type { RateLimit } from './rate-limit.ts';

/** A field line of a response. */
export interface Header {
  readonly name: string;
  readonly value: string;
  readonly line: Location;
  readonly valueAt: Location;
}

export interface Cookie extends Omit<CookieFact, 'at' | 'nameAt' | 'attributes'> {
  readonly line: Location;
  readonly nameAt: Location;
  /** The value of an attribute by its lower-case name; of equal ones the last. Undefined without it. */
  readonly attribute: (name: string) => string | undefined;
  readonly attributeAt: (name: string) => Location;
  /** What its name or its value shows: proof of who somebody is, a balancer's own, or anything else. */
  readonly use: 'session' | 'edge' | 'other';
}

export interface Element extends Omit<ElementFact, 'at' | 'attributes'> {
  readonly at: Location;
  readonly attribute: (name: string) => string | undefined;
  /** Where a URL in an attribute leads; undefined where it is none of http. */
  readonly link: (name: string) => Address | undefined;
}

/**
 * page: an HTML document. data: JSON, text, XML, streams. asset: script, style, image, font. redirect: 3xx with
 * Location. empty: no body by definition or in fact.
 */
export type ResponseClass = 'page' | 'data' | 'asset' | 'redirect' | 'empty' | 'other';

export interface LiveResponse {
  readonly step: string;
  readonly url: Address;
  readonly method: string;
  readonly status: number;
  readonly class: ResponseClass;
  /** The status line: where something missing is reported. */
  readonly line: Location;
  /** Essence of Content-Type in lower case: `text/html`; empty without one. */
  readonly type: string;
  /** Field lines of a name, in order; any case. */
  readonly headers: (name: string) => readonly Header[];
  readonly allHeaders: readonly Header[];
  readonly requestHeaders: (name: string) => readonly Header[];
  readonly cookies: readonly Cookie[];
  readonly elements: readonly Element[];
  readonly title: string;
  readonly body: Pick<BodyFact, 'looksLike' | 'bytes' | 'members' | 'securityTxt' | 'version'>;
  /** A release of Node.js that the body or a header names. */
  readonly nodeVersion?: { readonly text: string; readonly at: Location };
  readonly bodyAt: Location;
  readonly leaks: readonly (Omit<LeakFact, 'at'> & { readonly at: Location })[];
  readonly marks: readonly (Omit<MarkFact, 'at'> & { readonly at: Location })[];
  /** Secrets in the body, by the form their issuer gives them. */
  readonly secrets: readonly { readonly at: Location; readonly name: string; readonly mode: string | undefined }[];
  /** A challenge, a parking page or a port for TLS stands in front: it says nothing of the application. */
  readonly stranger: boolean;
  /** The framework whose unchanged error page this is. */
  readonly defaultErrorOf?: string;
  readonly csp: ContentSecurity;
  /** A structured field by its lower-case name. */
  readonly structured: (name: string) => StructuredFact | undefined;
  readonly rateLimit?: RateLimit;
  /** The registrable domain of a host that is named here. */
  readonly siteOf: (host: string) => string;
  readonly isPublicSuffix: (host: string) => boolean;
  /** Names and addresses that mean something only inside somebody's network. */
  readonly isInternal: (host: string) => boolean;
}

/** The content security policies of a response, those of the header first. */
export interface ContentSecurity {
  readonly all: readonly Policy[];
  /** What a browser enforces. */
  readonly enforced: readonly Policy[];
  /** True where one of the enforced says which scripts may run. */
  readonly controlsScripts: boolean;
  /** What all enforced policies that control scripts allow together. */
  readonly weaknesses: readonly Weakness[];
}

export function liveResponseOf(
  path: string,
  step: string,
  url: Address,
  request: RequestFact,
  response: ResponseFact,
): LiveResponse {
  const at = (range: Range): Location => ({ path, start: range[0], end: range[1] });
  const headerOf = (field: Field): Header => ({
    name: field.name,
    value: field.value,
    line: at(field.at),
    valueAt: at(field.valueAt),
  });
  const named = (fields: readonly Header[], name: string): readonly Header[] =>
    fields.filter((field) => field.name.toLowerCase() === name.toLowerCase());
  const allHeaders = response.fields.map(headerOf);
  const requestHeaders = request.fields.map(headerOf);
  const type = (named(allHeaders, 'content-type')[0]?.value.split(';')[0] ?? '').trim().toLowerCase();
  const responseClass = classOf(request.method, type, response);
  const found = response.body.html?.elements ?? [];
  const csp = contentSecurityOf(response, responseClass, at);
  const base = baseOf(found, url, csp);
  const elements = found.map((element) => elementOf(element, base, at));
  const headers = (name: string): readonly Header[] => named(allHeaders, name);
  const structured = (name: string): StructuredFact | undefined =>
    response.structured.find((fact) => fact.name === name);
  const rateLimit = rateLimitOf({ headers, structured });
  const marks = response.body.marks.map((mark) => ({ ...mark, at: at(mark.at) }));
  const domain = (host: string): ResponseFact['domains'][number] | undefined =>
    response.domains.find((fact) => fact.host === host);
  const defaultErrorOf = defaultErrorFrameworkOf(response);
  const nodeVersion = nodeVersionOf(response, allHeaders, at);
  const stranger =
    marks.some(({ name }) => name === 'parked' || name === 'tls-expected' || name.startsWith('challenge-')) ||
    named(allHeaders, 'cf-mitigated').length > 0;
  return {
    step,
    url,
    method: request.method,
    status: response.status,
    class: responseClass,
    line: at(response.at),
    type,
    headers,
    allHeaders,
    requestHeaders: (name) => named(requestHeaders, name),
    cookies: response.cookies.map((cookie) => liveCookieOf(cookie, at)),
    elements: responseClass === 'page' ? elements : [],
    title: response.body.html?.title ?? '',
    body: response.body,
    bodyAt: at(response.body.at),
    leaks: response.body.leaks.map((leak) => ({ ...leak, at: at(leak.at) })),
    secrets: response.body.secrets.map(({ start, end, name, mode }) => ({ at: at([start, end]), name, mode })),
    marks,
    stranger: stranger && response.status !== 200 ? true : stranger && marks.some(isWholePage),
    ...(nodeVersion && { nodeVersion }),
    ...(defaultErrorOf !== undefined && { defaultErrorOf }),
    structured,
    ...(rateLimit && { rateLimit }),
    csp,
    siteOf: (host) => domain(host)?.site ?? host,
    isPublicSuffix: (host) => domain(host)?.suffix ?? false,
    isInternal: isInternalName,
  };
}

function nodeVersionOf(
  { body: { nodeVersion } }: ResponseFact,
  headers: readonly Header[],
  at: (range: Range) => Location,
): LiveResponse['nodeVersion'] {
  if (nodeVersion) return { text: nodeVersion.text, at: at(nodeVersion.at) };
  const pattern = /\bnode(?:\.?js)?[ /]v?(\d{1,3}\.\d{1,3}(?:\.\d{1,3})?)\b/i;
  const header = headers.find(
    ({ name, value }) => /^(?:server|x-powered-by|x-runtime|x-generator)$/i.test(name) && pattern.test(value),
  );
  const text = header && pattern.exec(header.value)?.[1];
  return header && text !== undefined ? { text, at: header.line } : undefined;
}

function contentSecurityOf(
  { policies }: ResponseFact,
  responseClass: ResponseClass,
  at: (range: Range) => Location,
): ContentSecurity {
  const all = policies
    .filter(({ from }) => from === 'header' || responseClass === 'page')
    .map((policy) => policyOf(policy, at));
  const enforced = all.filter(
    (policy) => policy.disposition === 'enforce' && policy.ignored === undefined && saysAnything(policy),
  );
  return {
    all,
    enforced,
    controlsScripts: enforced.some(controlsScripts),
    weaknesses: weaknessesOf(enforced),
  };
}

/** A page behind Cloudflare may load its challenge script; only the challenge's own title makes it a stranger. */
const isWholePage = ({ name }: MarkFact | { name: string }): boolean =>
  name === 'challenge-cloudflare' || name === 'parked';

function classOf(method: string, type: string, { status, fields, body }: ResponseFact): ResponseClass {
  const located = fields.some(({ name }) => name.toLowerCase() === 'location');
  if (status >= 300 && status < 400 && located) return 'redirect';
  if (method === 'HEAD' || status === 204 || status === 304 || body.bytes === 0) return 'empty';
  if (type === 'text/html' || type === 'application/xhtml+xml') return 'page';
  if (type === '') return body.looksLike === 'html' ? 'page' : 'data';
  if (
    /^(?:image|font|audio|video)\/|^(?:text|application)\/(?:x-)?(?:javascript|ecmascript)$|^text\/css$|wasm$/.test(
      type,
    )
  )
    return 'asset';
  if (/json$|^text\/|xml$|protobuf|grpc|yaml/.test(type)) return 'data';
  return 'other';
}

const DEFAULT_ERRORS: readonly (readonly [mark: string, framework: string])[] = [
  ['express-cannot', 'Express'],
  ['express-error-page', 'Express'],
  ['express-hidden-error', 'Express'],
  ['nest-not-found', 'NestJS'],
  ['fastify-not-found', 'Fastify'],
  ['hapi-not-found', 'hapi'],
  ['koa-not-found', 'Koa'],
  ['hono-not-found', 'Hono'],
  ['next-not-found', 'Next.js'],
];

function defaultErrorFrameworkOf({ status, body }: ResponseFact): string | undefined {
  if (status < 400) return undefined;
  return DEFAULT_ERRORS.find(([mark]) => body.marks.some(({ name }) => name === mark))?.[1];
}

/** What relative URLs of the page are relative to: the first base element that names something, where it may. */
function baseOf(elements: readonly ElementFact[], url: Address, { enforced }: ContentSecurity): Address {
  const href = elements
    .filter(({ tag }) => tag === 'base')
    .flatMap(({ attributes }) => attributes.find(({ name }) => name === 'href')?.value ?? [])[0];
  const base = href === undefined ? undefined : addressOf(href.trim(), url.href);
  if (!base) return url;
  const isAllowed = enforced.every((policy) => {
    const sources = policy.directive('base-uri')?.values;
    return !sources || sources.some(({ text }) => [`*`, `${base.scheme}:`].includes(text) || text.includes(base.host));
  });
  return isAllowed ? base : url;
}

function elementOf(element: ElementFact, base: Address, at: (range: Range) => Location): Element {
  const attribute = (name: string): string | undefined =>
    element.attributes.find((candidate) => candidate.name === name)?.value;
  return {
    tag: element.tag,
    inHead: element.inHead,
    at: at(element.at),
    attribute,
    link: (name) => {
      const value = attribute(name);
      return value === undefined ? undefined : addressOf(value.trim(), base.href);
    },
  };
}

const SESSION_NAME = /sess|sid$|^sid|connect\.sid|koa[:.]s|auth|token|jwt|login|remember|appsession/i;
/** Script-readable by design, or of no value to a thief. */
const HARMLESS_NAME = /csrf|xsrf|theme|lang|locale|consent|^_ga|^_gid|^_fbp|login_hint/i;
const EDGE_NAME =
  /^(?:AWSALB|AWSELB|heroku-session-affinity|__cf|_cf|cf_|GCLB|GAESA|ARRAffinity|incap_|visid_incap|nlbi_|BIGipServer|ak_bmsc|bm_sv|TS01)/i;

function liveCookieOf(cookie: CookieFact, at: (range: Range) => Location): Cookie {
  const last = (name: string): CookieFact['attributes'][number] | undefined =>
    cookie.attributes.findLast((attribute) => attribute.name === name);
  return {
    name: cookie.name,
    value: cookie.value,
    size: cookie.size,
    line: at(cookie.at),
    nameAt: at(cookie.nameAt),
    attribute: (name) => last(name)?.value,
    attributeAt: (name) => at(last(name)?.at ?? cookie.at),
    use: useOf(cookie),
  };
}

function useOf({ name, value }: CookieFact): Cookie['use'] {
  if (EDGE_NAME.test(name)) return 'edge';
  if (HARMLESS_NAME.test(name)) return 'other';
  return SESSION_NAME.test(name) || value.shape === 'jwt' || value.shape === 'signed' ? 'session' : 'other';
}
