import type { Location } from '../../document/document.ts';
import type { Node } from '../program/program.ts';
import type { Condition, Escape, Framework, Setting } from './app.ts';
import type { Frame, Ref } from './frame.ts';

/** An application, router or plugin context while the walk sees what is registered on it. */
export interface Instance {
  readonly id: number;
  readonly framework: Framework;
  readonly kind: 'app' | 'router';
  readonly node: Node;
  readonly frame?: Frame;
  /** Options of the call that makes it. */
  readonly options?: Node;
  /** A prefix it has by itself: of `new Router({ prefix })`. */
  prefix?: string;
  /** What a request meets, in the order of registration. */
  readonly stack: Layer[];
  readonly settings: Setting[];
  readonly escapes: Escape[];
  serving: 'yes' | 'no' | 'unknown';
  listensAt?: Location;
  mounted: boolean;
  /** Its middleware may run before its routes, whatever their order in the code: see `runOrder`. */
  readonly sorts?: true;
  /** Of a plugin: the instance it is registered on, and when it ran. */
  readonly parent?: { readonly instance: Instance; readonly order: number };
}

export interface Registered {
  readonly at: Location;
  readonly call: Node;
  readonly condition: Condition;
  readonly order: number;
}

/** A path as registered; `unknown` where it cannot be seen. */
export type Path = string | { readonly unknown: true };

export type Layer = Registered &
  (
    | {
        readonly kind: 'use';
        readonly paths: readonly Path[];
        readonly handlers: readonly Ref[];
        readonly forErrors?: true;
        /** Fastify, NestJS and hapi: the hook, method or extension it is. */
        readonly hook?: string;
        /** Of a plugin: what it is given. */
        readonly options?: Ref;
        /** Of a hook that is given to routes as they are added: whether one with these options gets it. */
        readonly meets?: (options: Ref | undefined) => 'all' | 'some' | 'none';
      }
    | { readonly kind: 'mount'; readonly paths: readonly Path[]; readonly instance: Instance }
    | {
        readonly kind: 'route';
        readonly method: string;
        readonly paths: readonly Path[];
        readonly handlers: readonly Ref[];
        /** Options of the route, of Fastify and hapi. */
        readonly options?: Ref;
      }
  );
