/**
 * A small project and what the rule says of it. In `bad` and `unsure` files the expected findings are marked
 * `«like this»`; the marks are taken out before the files are read. Marks may nest.
 */
export interface Example {
  readonly verdict: 'bad' | 'good' | 'unsure';
  readonly title: string;
  /** Path → text. A path below `live/` that ends in `.http` is a recorded exchange. */
  readonly files: Readonly<Record<string, string>>;
  /** The files after the safe edits, where the rule offers some. */
  readonly fixed?: Readonly<Record<string, string>>;
}

type Files = Readonly<Record<string, string>>;

export const bad = (title: string, files: Files, fixed?: Files): Example => ({
  verdict: 'bad',
  title,
  files,
  ...(fixed && { fixed }),
});

export const good = (title: string, files: Files): Example => ({ verdict: 'good', title, files });

export const unsure = (title: string, files: Files): Example => ({ verdict: 'unsure', title, files });
