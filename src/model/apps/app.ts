import type { Location } from '../../document/document.ts';
import type { Node } from '../program/program.ts';
import type { Effect, EffectKind } from './effect.ts';

export type Framework =
  | 'express'
  | 'connect'
  | 'polka'
  | 'restify'
  | 'fastify'
  | 'koa'
  | 'nest'
  | 'hapi'
  | 'hono'
  | 'http'
  | 'next'
  | 'lambda';

/** In which environments something is registered: `sometimes` where its condition asks for something else. */
export type Condition = 'always' | 'production' | 'development' | 'sometimes';

/** One middleware, hook, guard or handler at the place where it is registered. */
export interface Link {
  /** The call, decorator or option that registers it. */
  readonly at: Location;
  /** The value that is registered. */
  readonly node: Node;
  /** As the user calls it: `helmet(…)`, `requireAuth`. */
  readonly name: string;
  readonly effects: readonly Effect[];
  readonly condition: Condition;
  /** The path it is mounted at, all prefixes joined; `/` for everything, undefined where it cannot be seen. */
  readonly scope: string | undefined;
  /** Upper case; absent for all. */
  readonly method?: string;
  /** `app`: of the application or a plugin around the route; `router`: of a router; `route`: of the route alone. */
  readonly level: 'app' | 'router' | 'route';
  /** Only some of the requests of the route meet it. */
  readonly partly?: true;
  /** It takes an error: reached only when something before it fails. */
  readonly forErrors?: true;
  /** Position in the order of registration. */
  readonly order: number;
  /** Of a hook of Fastify: when in the life of a request it runs. */
  readonly phase?: number;
}

/** `credentials`: takes a password, a code or a reset token. `health`: tells a machine that the service lives. */
export type Purpose = 'credentials' | 'health' | 'other';

export interface Route {
  readonly app: App;
  /** Upper case; `ALL` for every method, `?` where it cannot be seen. */
  readonly method: string;
  /** With every mount path; undefined where it cannot be seen. */
  readonly path: string | undefined;
  /** The call that registers it. */
  readonly at: Location;
  /** Its path where it is written, else the call. */
  readonly pathAt: Location;
  readonly call: Node;
  readonly purpose: Purpose;
  /** What a request meets, in order: the application's middleware, the routers', the route's own, its handler last. */
  readonly chain: readonly Link[];
  /** Its own handlers: the end of the chain. */
  readonly handlers: readonly Link[];
  readonly condition: Condition;
  readonly order: number;
}

/** A setting of an application: `app.set('trust proxy', true)`, an option of `Fastify({ … })`. */
export interface Setting {
  readonly name: string;
  readonly at: Location;
  /** Absent for `app.disable(name)` and `app.enable(name)`. */
  readonly value?: Node;
  readonly enabled?: boolean;
  readonly condition: Condition;
}

/** Where an application or router goes out of sight: what happens to it there is not known. */
export interface Escape {
  readonly at: Location;
  readonly to: string;
  readonly order: number;
}

export interface App {
  readonly framework: Framework;
  /** The major version of the framework, where the project says it. */
  readonly major?: number;
  /** The call that creates it. */
  readonly at: Location;
  readonly node: Node;
  readonly path: string;
  /** What it is reached by: a port, a server or platform; `unknown` where it is handed to something we cannot see. */
  readonly serving: 'yes' | 'no' | 'unknown';
  readonly listensAt?: Location;
  readonly routes: readonly Route[];
  /** Everything registered on it and on what is mounted in it, in order, routes' own handlers left out. */
  readonly links: readonly Link[];
  readonly settings: readonly Setting[];
  readonly escapes: readonly Escape[];
  /** What the framework does without being asked: such as `body` with its default limit. */
  readonly defaults: readonly EffectKind[];
}

/** Whether something protects a route. `unknown`: something on its way cannot be seen and may do it. */
export type Protection =
  | { readonly state: 'present'; readonly link: Link; readonly effect: Effect }
  | { readonly state: 'conditional'; readonly link: Link; readonly effect: Effect }
  | { readonly state: 'unknown'; readonly at: Location; readonly because: string }
  | { readonly state: 'absent' };

export interface Apps {
  /** Applications that serve requests, or may. Those that only tests or scripts make are left out. */
  readonly apps: readonly App[];
  /** The routes of all of them. */
  readonly routes: readonly Route[];
  /** Whether something of a kind stands on the way of every request to a route. */
  readonly protectionOf: (route: Route, kind: EffectKind, accepts?: (effect: Effect) => boolean) => Protection;
}
