/**
 * What the caller must know and can act on: what happened, and what to do. Thrown only for what the caller did wrong
 * (2) or where nothing could be looked at (3); what is wrong in the target is data.
 */
export class AuditError extends Error {
  readonly exitCode: 2 | 3;
  /** Imperative: how to get further. */
  readonly advice: string;

  constructor(exitCode: 2 | 3, message: string, advice: string) {
    super(message);
    this.name = 'AuditError';
    this.exitCode = exitCode;
    this.advice = advice;
  }
}
