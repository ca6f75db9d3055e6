/** What a name stands for at a point of a Dockerfile; `undefined` for one that is only known when the image is built. */
export type Scope = ReadonlyMap<string, string | undefined>;

/** A text with its `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}` replaced. */
export interface Substituted {
  readonly text: string;
  /** The names that could not be replaced; they stand in the text as written. */
  readonly unknown: readonly string[];
}

const REFERENCE = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+?])([^{}]*))?\})/g;

export function substituted(text: string, scope: Scope): Substituted {
  const unknown: string[] = [];
  const result = text.replaceAll(
    REFERENCE,
    (written: string, plain?: string, braced?: string, operator?: string, other = '') => {
      const name = plain ?? braced ?? '';
      const value = scope.get(name);
      if (operator?.endsWith('+')) return value ? other : '';
      if (value !== undefined && (value !== '' || !operator?.startsWith(':'))) return value;
      // a build argument that nobody set falls back to the default of the reference
      if (operator?.endsWith('-')) return other;
      unknown.push(name);
      return written;
    },
  );
  return { text: result, unknown };
}
