import type { Location } from '../../document/document.ts';
import type { Image } from '../images/images.ts';

/** How deployments reach the code: which port an image's program opens, and what is asked of it there. */
export interface Wiring {
  /** Images whose program was seen to listen. */
  readonly services: readonly WiredService[];
}

export interface WiredService {
  readonly image: Image;
  readonly doors: readonly Door[];
  /** Ports the image and its deployments name, and whether the program opens one of them. */
  readonly named: readonly NamedPort[];
  /** What asks by HTTP whether it lives. */
  readonly checks: readonly Check[];
}

/** A place where the program starts to listen. */
export interface Door {
  /** The call. */
  readonly at: Location;
  readonly framework: string;
  /** Ports it may be without any variable set. */
  readonly defaults: readonly number[];
  /** Variables that decide it. */
  readonly variables: readonly string[];
  /** Nothing else decides it. */
  readonly known: boolean;
  /** An address of the machine itself, where it is written or is the framework's default; and where it says so. */
  readonly loopback?: { readonly host: string; readonly at: Location };
}

export interface NamedPort {
  readonly at: Location;
  /** "EXPOSE", "compose sends requests for api to port". */
  readonly how: 'image' | 'compose' | 'kubernetes';
  readonly port: number;
  /** What the program opens where this is said; undefined where that cannot be told. */
  readonly opened: readonly number[] | undefined;
}

export interface Check {
  readonly at: Location;
  readonly path: string;
  readonly port?: number;
  readonly by: 'image' | 'compose' | 'kubernetes';
}
