/** Where a run's time went, for `--timing`. */
export class Stopwatch {
  readonly #milliseconds = new Map<string, number>();

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
