import type { Header, LiveResponse } from './live-response.ts';

/** How many requests a response says are allowed and left. */
export interface RateLimit {
  readonly limit?: number;
  readonly remaining?: number;
  /** Seconds until the window starts anew, or the time it does, as the server counts. */
  readonly reset?: string;
  /** The name of the policy, where there is one. */
  readonly policy: string;
  readonly at: Header;
}

/** A count that was handed out before: what is left only ever goes down within a window, so there are two counters. */
export interface RepeatedCount extends RateLimit {
  /** The paths of both answers. */
  readonly paths: readonly [first: string, second: string];
}

export function repeatedCountIn(responses: readonly LiveResponse[]): RepeatedCount | undefined {
  const seen = new Map<string, string>();
  let ends = Number.NEGATIVE_INFINITY;
  for (const { step, url, rateLimit } of responses) {
    if (rateLimit?.remaining === undefined || step === 'forwarded-for') continue;
    const { policy, limit, at, remaining, reset } = rateLimit;
    const end = Number(reset ?? Number.NaN);
    // a window of its own has begun
    if (end > ends) seen.clear();
    ends = Number.isNaN(end) ? ends : end;
    const count = [policy, limit, at.name.toLowerCase(), remaining].join(' ');
    const earlier = seen.get(count);
    if (earlier !== undefined) return { ...rateLimit, paths: [earlier, url.path] };
    seen.set(count, url.path);
  }
  return undefined;
}

/** Reads the four ways of saying it: `X-RateLimit-*`, the drafts of `RateLimit-*`, `RateLimit: limit=…`, and the list. */
export function rateLimitOf(response: Pick<LiveResponse, 'headers' | 'structured'>): RateLimit | undefined {
  return (
    listed(response) ?? combined(response) ?? separate(response, 'RateLimit-') ?? separate(response, 'X-RateLimit-')
  );
}

function listed({ headers, structured }: Pick<LiveResponse, 'headers' | 'structured'>): RateLimit | undefined {
  const [at] = headers('ratelimit');
  const member = structured('ratelimit')?.members?.[0];
  const parameter = (name: string): string | undefined => member?.parameters.find((one) => one.name === name)?.value;
  if (!at || !member || parameter('r') === undefined) return undefined;
  const policy = member.values[0]?.text ?? '';
  const declared = structured('ratelimit-policy')?.members?.find(({ values }) => values[0]?.text === policy);
  const quota = declared?.parameters.find(({ name }) => name === 'q')?.value;
  return {
    ...numbers(quota, parameter('r')),
    ...(parameter('t') !== undefined && { reset: parameter('t') ?? '' }),
    policy,
    at,
  };
}

function combined({ headers }: Pick<LiveResponse, 'headers'>): RateLimit | undefined {
  const [at] = headers('ratelimit');
  if (!at) return undefined;
  const part = (name: string): string | undefined =>
    at.value
      .split(',')
      .map((text) => text.trim())
      .find((text) => text.startsWith(`${name}=`))
      ?.slice(name.length + 1);
  if (part('remaining') === undefined) return undefined;
  const reset = part('reset');
  return { ...numbers(part('limit'), part('remaining')), ...(reset !== undefined && { reset }), policy: '', at };
}

function separate({ headers }: Pick<LiveResponse, 'headers'>, prefix: string): RateLimit | undefined {
  const [at] = headers(`${prefix}Remaining`);
  if (!at) return undefined;
  const reset = headers(`${prefix}Reset`)[0]?.value;
  return {
    ...numbers(headers(`${prefix}Limit`)[0]?.value, at.value),
    ...(reset !== undefined && { reset }),
    policy: '',
    at,
  };
}

function numbers(limit: string | undefined, remaining: string | undefined): Pick<RateLimit, 'limit' | 'remaining'> {
  const allowed = wholeNumber(limit);
  const left = wholeNumber(remaining);
  return { ...(allowed !== undefined && { limit: allowed }), ...(left !== undefined && { remaining: left }) };
}

const wholeNumber = (text: string | undefined): number | undefined => {
  const digits = /^\s*(\d{1,9})\b/.exec(text ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
};
