import { defineView, present } from './view.ts';
import type { Role } from './role.ts';

/** What the project's code is deployed as. */
export interface Roles {
  /** Every role some code has; empty where none is known. */
  readonly all: ReadonlySet<Role>;
  /** The roles of the code in a file; empty for code no entry reaches. */
  readonly at: (path: string) => ReadonlySet<Role>;
}

export const roles = defineView({
  name: 'roles',
  reads: [],
  needs: [],
  build: ({ assume }) => {
    const all = new Set(assume ? [assume] : []);
    return present({ all, at: () => all });
  },
});
