import { afterEach, describe, expect, it } from 'vitest';
import { ADVERSARIES } from './adversaries/adversaries.ts';
import type { Running } from './adversaries/adversary.ts';
import { probe } from './probe.ts';

/** Short enough for a test, long enough for a busy machine. */
const BUDGET = { totalMs: 3000, connectMs: 800, headersMs: 800, bodyMs: 800 };
const CANARY = 'canary-7f3a91c2d4';
const SLACK_MS = 2000;

let running: Running | undefined;
afterEach(() => running?.close());

describe.each(ADVERSARIES)('$title', ({ start, leaves }) => {
  it('is survived, within bounds, and understood', async () => {
    running = await start();
    const begin = Date.now();
    const { documents, requests } = await probe([new URL(running.url)], {
      budget: BUDGET,
      credentials: { headers: [['X-Secret', CANARY]] },
      followOffsite: true,
    });
    expect(Date.now() - begin).toBeLessThan(BUDGET.totalMs + SLACK_MS);
    expect(requests).toBeLessThanOrEqual(14);
    const text = documents.map((document) => document.text).join('\n');
    expect(documents[0]?.text).toMatch(leaves instanceof RegExp ? leaves : literally(leaves));
    expect(text).not.toMatch(/(?![\n\t])\p{Cc}|\p{Cf}/u);
    expect(text).not.toContain(CANARY);
    expect(text).not.toContain(Buffer.from(CANARY).toString('base64'));
    for (const line of running.seen ?? []) expect(line).not.toContain(CANARY);
  });
});

const literally = (text: string): RegExp => new RegExp(text.replaceAll(/[$()*+./?[\\\]^{|}-]/g, '\\$&'));
