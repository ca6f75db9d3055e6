/** Limits of a probe. What lies beyond each is written into the transcript or becomes a gap, never silence. */
export interface Budget {
  readonly totalMs: number;
  readonly dnsMs: number;
  readonly connectMs: number;
  readonly headersMs: number;
  /** Wall time of one body; a drip does not stretch it. */
  readonly bodyMs: number;
  /** Requests to one origin, handshakes aside; each further URL of it adds three. */
  readonly requests: number;
  readonly concurrency: number;
  /** Requests a second to hosts other than the own machine. */
  readonly rate: number;
  readonly redirects: number;
  readonly headerBytes: number;
  readonly headerFields: number;
  readonly wireBytes: number;
  readonly decodedBytes: number;
  /** Decoded bytes for each byte on the wire. */
  readonly ratio: number;
}

const KIBIBYTE = 1024;

export const PASSIVE: Budget = {
  totalMs: 30_000,
  dnsMs: 3000,
  connectMs: 5000,
  headersMs: 10_000,
  bodyMs: 10_000,
  requests: 14,
  concurrency: 4,
  rate: 10,
  redirects: 10,
  headerBytes: 64 * KIBIBYTE,
  headerFields: 200,
  wireBytes: 1024 * KIBIBYTE,
  decodedBytes: 2048 * KIBIBYTE,
  ratio: 100,
};

export const ACTIVE: Budget = { ...PASSIVE, totalMs: 60_000, requests: 60 };

/** Slow headers alone take a little over two minutes. */
export const LIMITS: Budget = { ...PASSIVE, totalMs: 300_000, requests: 400 };
