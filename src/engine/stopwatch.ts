/** Where a run's time went, for `--timing`. */
export class Stopwatch {
  readonly #milliseconds = new Map<string, number>();

  time<T>(what: string, work: () => T): T {
    const start = performance.now();
    const result = work();
    this.add(what, performance.now() - start);
    return result;
  }

  add(what: string, milliseconds: number): void {
    this.#milliseconds.set(what, (this.#milliseconds.get(what) ?? 0) + milliseconds);
  }

  /** Longest first. */
  get times(): readonly { readonly what: string; readonly milliseconds: number }[] {
    return [...this.#milliseconds]
      .map(([what, milliseconds]) => ({ what, milliseconds }))
      .toSorted((a, b) => b.milliseconds - a.milliseconds);
  }
}
