import type { Location } from './document.ts';

/** Something the auditor could not see. A rule whose views have gaps is never simply "passed". */
export interface Gap {
  readonly kind: GapKind;
  /** What could not be seen and, where it helps, what to do about it; one sentence. */
  readonly message: string;
  readonly at?: Location;
}

export type GapKind =
  | 'unreadable' // syntax error, unsupported encoding, permission
  | 'capped' // a limit on size, count, depth or time was reached
  | 'unresolved' // an import, a base image, a variable that leads nowhere we can follow
  | 'escaped' // an app, router or value handed to something we cannot see
  | 'dynamic' // decided only at run time
  | 'roles' // it is not known what this project is deployed as
  | 'unreached'; // the network, the probe or git did not answer
