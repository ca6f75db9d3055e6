import type { Location } from '../../document/document.ts';
import type { App, Link, Route } from '../apps/app.ts';
import { packageMajorOf } from '../apps/versions.ts';
import { placeOf } from '../place.ts';
import type { Code } from '../code/code.ts';
import type { Node, Program } from '../program/program.ts';
import { absent, defineView, present } from '../view.ts';
import type { CorsPolicy, Origins } from './cors.ts';
import { originsOf, originsWritten } from './origins.ts';

const ANSWERS = /^access-control-allow-(origin|credentials)$/i;
const ALLOWS = 'access-control-allow-origin';
const WITH_COOKIES = 'access-control-allow-credentials';
const COOKIES = /^(cookies|signedCookies|isAuthenticated|getCookie|getSignedCookie)$/;
const SESSION = /^(req|request|ctx|context|c)\.session$/;
const TOKEN = /^(authorization|x-api-key|x-access-token|x-auth-token)$/i;

export const cors = defineView({
  name: 'cors',
  reads: ['manifest'],
  needs: ['program', 'code', 'apps', 'lockfiles'],
  build: (source, { program, code, apps, lockfiles }) => {
    if (program.state !== 'present' || code.state !== 'present' || apps.state !== 'present')
      return absent('There is no code to look at.');
    const reading = new Reading(program.answer, code.answer, apps.answer.apps, packageMajorOf(source, lockfiles));
    return present([...reading.registered(), ...reading.written()], apps.gaps);
  },
});

/** A header where it is written. */
interface Written {
  readonly name: string;
  readonly call: Node;
  readonly text: Node;
  readonly at: Location;
}

class Reading {
  readonly #program: Program;
  readonly #code: Code;
  readonly #apps: readonly App[];

  readonly #majorOf: ReturnType<typeof packageMajorOf>;

  constructor(program: Program, code: Code, apps: readonly App[], majorOf: ReturnType<typeof packageMajorOf>) {
    this.#majorOf = majorOf;
    this.#program = program;
    this.#code = code;
    this.#apps = apps.filter(({ serving }) => serving !== 'no');
  }

  /** What packages and frameworks are told, once for each place. */
  registered(): readonly CorsPolicy[] {
    const found = new Map<string, CorsPolicy>();
    const add = (policy: CorsPolicy): void => {
      const key = `${policy.at.path}:${policy.at.start}`;
      if (!found.has(key)) found.set(key, policy);
    };
    for (const app of this.#apps) {
      for (const link of [...app.links, ...app.routes.flatMap(({ handlers }) => handlers)]) {
        for (const { kind, by, options, call, package: from = '' } of link.effects) {
          if (kind !== 'cors' || by !== 'package' || link.condition === 'development') continue;
          const place = options ?? call;
          if (place !== undefined && this.#code.isEnvironmentGuarded(place)) continue;
          const at = place === undefined ? link.at : this.#program.locationOf(place);
          add({ ...this.#told(options, from, at), app, callers: this.#callersBehind(app, link) });
        }
      }
      const own = app.framework === 'nest' ? this.#code.option(app.node, 1, 'cors') : undefined;
      if (own?.state === 'given')
        add({ ...this.#told(own.value, '', own.at), app, callers: this.#callersOf(app.routes) });
    }
    for (const call of this.#program.callsTo('socket.io.Server', 'socket.io')) {
      const [given] = [0, 1]
        .map((index) => this.#code.option(call, index, 'cors'))
        .filter(({ state }) => state === 'given');
      if (given?.state === 'given' && !this.#code.isEnvironmentGuarded(call))
        add({ ...this.#told(given.value, 'socket.io', given.at), callers: 'unknown' });
    }
    return [...found.values()];
  }

  #told(options: Node | undefined, from: string, at: CorsPolicy['at']): Omit<CorsPolicy, 'callers'> {
    const program = this.#program;
    const constant = options === undefined ? undefined : program.constants(options)?.[0];
    if (constant === false) return { at, origins: { kind: 'closed' }, credentials: false };
    if (options === undefined || constant === true) return { at, origins: { kind: 'star' }, credentials: false };
    const [origin = { state: 'absent' }] = ['origin', 'origins', 'allowedOrigins']
      .map((name) => this.#code.property(options, name))
      .toSorted((a, b) => Number(b.state === 'given') - Number(a.state === 'given'));
    const asked = this.#code.property(options, 'credentials');
    const credentials = asked.state === 'given' && program.constants(asked.value)?.[0] === true;
    const origins: Origins =
      origin.state === 'given'
        ? originsOf(program, this.#code, origin.value)
        : { kind: origin.state === 'absent' && program.valueOf(options).kind !== 'function' ? 'star' : 'unknown' };
    const isWrittenBack =
      origins.kind === 'star' && credentials && this.#writesBack(from, origin.state === 'given', at.path);
    return {
      at: origin.state === 'given' ? program.locationOf(origin.property ? origin.value : options) : at,
      origins: isWrittenBack ? { kind: 'any' } : origins,
      credentials,
    };
  }

  /** These write the origin of the request where they are asked for credentials. */
  #writesBack(from: string, isAsked: boolean, path: string): boolean {
    if (from.startsWith('@koa/cors')) return !isAsked || (this.#majorOf([from], path) ?? 4) >= 4;
    return from.startsWith('@hapi/hapi') || (!isAsked && /^(kcors|koa2?-cors)/.test(from));
  }

  /** Headers the code writes itself. */
  written(): readonly CorsPolicy[] {
    const program = this.#program;
    const pairs = [...this.#calls(), ...this.#objects()];
    return pairs.flatMap(({ name, call, text, at }) => {
      if (name !== ALLOWS || this.#code.isEnvironmentGuarded(call)) return [];
      const owner = this.#code.ownerOf(call);
      const credentials = pairs.some(
        (other) =>
          other.name === WITH_COOKIES &&
          program.moduleOf(other.call) === program.moduleOf(call) &&
          this.#code.ownerOf(other.call)?.node === owner?.node &&
          String(program.constants(other.text)?.[0]) === 'true',
      );
      const [app, link] = this.#linkOf(owner?.node);
      return [
        {
          at,
          ...(app && { app }),
          origins: originsWritten(program, call, text, at),
          credentials,
          callers: app && link ? this.#callersBehind(app, link) : ('unknown' as const),
        },
      ];
    });
  }

  /** `res.setHeader('Access-Control-Allow-Origin', …)` */
  #calls(): readonly Written[] {
    return this.#program.callsNamed('setHeader', 'set', 'header', 'append', 'appendHeader').flatMap((call) => {
      const first = this.#program.argument(call, 0);
      const text = this.#code.argument(call, 1);
      const [name] = first === undefined ? [] : (this.#program.constants(first) ?? []);
      if (typeof name !== 'string' || text.state !== 'given' || this.#isTest(call)) return [];
      return [{ name: name.toLowerCase(), call, text: text.value, at: text.at }];
    });
  }

  /** `new Response(body, { headers: { … } })`, `res.writeHead(200, { … })`, `res.set({ … })` */
  #objects(): readonly Written[] {
    const program = this.#program;
    const isWritten = program.nodesOf('object').some((node) => {
      const value = program.valueOf(node);
      return value.kind === 'object' && value.properties.some(({ name }) => name !== undefined && ANSWERS.test(name));
    });
    if (!isWritten) return [];
    const given = [
      ...program.callsNamed('writeHead', 'set', 'header', 'json').map((call) => ({ call, places: [0, 1, 2] })),
      ...program.callsTo('Response', 'next/server.NextResponse').map((call) => ({ call, places: [1] })),
    ];
    return given.flatMap(({ call, places }) =>
      places.flatMap((index) => {
        const argument = program.argument(call, index);
        if (argument === undefined || this.#isTest(call)) return [];
        const headers = this.#code.property(argument, 'headers');
        return program.origins(headers.state === 'given' ? headers.value : argument).flatMap((object) => {
          const value = program.valueOf(object);
          if (value.kind !== 'object') return [];
          return value.properties.flatMap(({ name, value: text }) =>
            name !== undefined && ANSWERS.test(name)
              ? [
                  {
                    name: name.toLowerCase(),
                    call,
                    text: program.child(object, text),
                    at: program.locationOf(program.child(object, text)),
                  },
                ]
              : [],
          );
        });
      }),
    );
  }

  #isTest(node: Node): boolean {
    return placeOf(this.#program.moduleOf(node).path) === 'test';
  }

  #linkOf(fn: Node | undefined): readonly [App?, Link?] {
    if (fn === undefined) return [];
    for (const app of this.#apps)
      for (const link of [...app.links, ...app.routes.flatMap(({ handlers }) => handlers)])
        if (this.#program.functionAt(link.node)?.node === fn) return [app, link];
    return [];
  }

  #callersBehind(app: App, { node, order }: Link): CorsPolicy['callers'] {
    return this.#callersOf(
      app.routes.filter(({ chain }) => chain.some((link) => link.node === node && link.order === order)),
    );
  }

  #callersOf(routes: readonly Route[]): CorsPolicy['callers'] {
    const links = new Set(routes.flatMap(({ chain }) => chain));
    const all = [...links];
    const guards = all.filter(({ effects }) => effects.some(({ kind }) => kind === 'auth' || kind === 'role'));
    if (all.some((link) => this.#asksCookie(link))) return 'cookie';
    if (guards.length > 0) return guards.every((guard) => this.#names(guard, TOKEN)) ? 'token' : 'unknown';
    return all.some(({ effects }) => effects.some(({ kind }) => kind === 'unknown')) ? 'unknown' : 'all';
  }

  /** A session, or a guard or handler that looks at cookies. */
  #asksCookie(link: Link): boolean {
    if (link.effects.some(({ kind, by }) => kind === 'session' && by === 'package')) return true;
    return (
      link.effects.some(({ kind }) => kind === 'auth' || kind === 'role' || kind === 'identity') &&
      (this.#names(link, COOKIES) || this.#names(link, SESSION, true))
    );
  }

  #names({ node }: Link, pattern: RegExp, isWhole = false): boolean {
    const fn = this.#program.functionAt(node);
    return (fn ? this.#code.runs(fn) : []).some(({ module, fact }) =>
      module.facts.values.some((value, id) => {
        if (value.at[0] < fact.at[0] || value.at[1] > fact.at[1]) return false;
        if (isWhole)
          return (
            value.kind === 'member' &&
            value.property === 'session' &&
            pattern.test(this.#program.describe(module.first + id))
          );
        if (value.kind === 'member') return pattern.test(value.property ?? '');
        if (value.kind === 'call')
          return this.#program.apis(module.first + value.callee).some((api) => pattern.test(api.replace(/^.*\./, '')));
        return value.kind === 'literal' && typeof value.value === 'string' && pattern.test(value.value);
      }),
    );
  }
}
