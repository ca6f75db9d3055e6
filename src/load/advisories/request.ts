/** A reason to say "not checked". */
export class NoAnswer extends Error {}

export interface RequestLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** The JSON a service answers. Throws NoAnswer on anything else: refusals, redirects, slow, huge or broken answers. */
export async function answerOf(url: URL, init: RequestInit, { timeoutMs, maxBytes }: RequestLimits): Promise<unknown> {
  const host = url.host;
  try {
    const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok) throw new NoAnswer(`${host} answered ${response.status}`);
    return JSON.parse(await textOf(response, maxBytes)) as unknown;
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    if (error instanceof SyntaxError) throw new NoAnswer(`${host} did not answer JSON`);
    const slow = error instanceof Error && error.name === 'TimeoutError';
    throw new NoAnswer(slow ? `${host} took longer than ${timeoutMs / 1000} seconds` : `${host} could not be reached`);
  }
}

async function textOf(response: Response, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > maxBytes) throw new NoAnswer(`${new URL(response.url).host} answered more than ${maxBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

export const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

export const textIn = (value: unknown, longest = 300): string =>
  typeof value === 'string' ? value.slice(0, longest) : '';
