import type { Label } from './label.ts';

/** Something a condition says of a value: which labels it cannot have where the condition holds. */
export interface Exclusion {
  readonly key: string;
  readonly clears: 'all' | readonly Label[];
  /** A function of the program checks it in a way that is not understood. */
  readonly weak?: true;
}

/** `checked`: some function judged the value, but what it lets through is not known. */
export type Exclusiveness = 'excluded' | 'checked' | 'open';

/** Nothing but a bound on a number clears its size. */
export const clears = (exclusion: Exclusion, label: Label): boolean =>
  exclusion.clears === 'all' ? label !== 'size' : exclusion.clears.includes(label);

/** What every one of several ways says. */
export function inAll(sides: readonly (readonly Exclusion[])[]): readonly Exclusion[] {
  const [first, ...others] = sides;
  if (!first) return [];
  return first.flatMap((exclusion) => {
    let labels = exclusion.clears;
    for (const other of others) {
      const same = other.find(({ key }) => key === exclusion.key);
      if (!same) return [];
      if (labels === 'all') labels = same.clears;
      else if (same.clears !== 'all') {
        const kept = same.clears;
        labels = labels.filter((label) => kept.includes(label));
      }
    }
    return [{ ...exclusion, clears: labels }];
  });
}
