import type { Behaviour } from './behaviour.ts';
import type { BlockId } from '../../facts/javascript/module-facts.ts';
import type { FunctionRef, Module, Node, Program } from '../program/program.ts';
import type { Decisions } from './deciding.ts';
import type { DeclaredGates } from './declared-gates.ts';
import type { Effect } from './effect.ts';
import type { Truth } from './settled.ts';
import { callEffects, packageEffect } from './packages.ts';
import { stopsOnFailure, verifies } from './refusals.ts';
import { SoftRefusals } from './soft-refusals.ts';
import type { Strangers } from './strangers.ts';
import {
  STATUS_METHODS,
  HEADER_METHODS,
  ANSWER_METHODS,
  WHO,
  ROLE,
  CSRF,
  RESPONSES,
  ASKS_WHO,
  IDENTIFIES,
  STATUS_OF_NAME,
} from './vocabulary.ts';

/** Where in the program something stands, and the call that leads there. */
export interface Place {
  readonly module: Module;
  readonly block: BlockId;
  readonly from?: Place;
}

/** Reads one function, value by value. */
export class Reading {
  readonly #program: Program;
  readonly #decisions: Decisions;
  readonly #soft: SoftRefusals;
  readonly #declared: DeclaredGates;
  readonly #fn: FunctionRef;
  readonly #truth: ((node: Node) => Truth) | undefined;
  readonly #statuses = new Set<number>();
  readonly #headers = new Set<string>();
  readonly #removed = new Set<string>();
  readonly #runs: Effect[] = [];
  #passes = false;
  #answers = false;
  #asksWho = false;
  #asksRole = false;
  #asksCsrf = false;
  #refusesByRole = false;
  #refusesItself = false;
  #refusesUnverified = false;
  #identifies = false;
  #place: Place | undefined;
  #readsBody = false;
  #throwsUnnamed = false;
  #catchesNext = false;
  #unseen: Node | undefined;
  #handsOn = false;

  constructor(
    program: Program,
    decisions: Decisions,
    strangers: Strangers,
    declared: DeclaredGates,
    fn: FunctionRef,
    truth?: (node: Node) => Truth,
  ) {
    this.#truth = truth;
    this.#program = program;
    this.#declared = declared;
    this.#decisions = decisions;
    this.#soft = new SoftRefusals(program, decisions, strangers, truth);
    this.#fn = fn;
  }

  /** What is read next stands there. */
  at(place: Place): this {
    this.#place = place;
    return this;
  }

  #answered(status: number): void {
    const isRefusal = status === 401 || status === 403;
    const about =
      isRefusal && this.#place ? this.#decisions.of(this.#place.module, this.#place.block, this.#truth) : undefined;
    // a caller who is known is sent away, `if (user && user.banned)`: strangers pass
    if (about?.who === 'present' && !about.role && !about.owner) return;
    this.#statuses.add(status);
    if (this.#place) this.#soft.answered(status, this.#place);
    if ((status === 401 || status === 403) && !this.#place?.from) this.#refusesItself = true;
    if ((status !== 401 && status !== 403) || this.#refusesByRole) return;
    for (let place = this.#place; place; place = place.from) {
      const { role, owner } = this.#decisions.of(place.module, place.block, this.#truth);
      if (role || (owner && status === 403)) this.#refusesByRole = true;
    }
  }

  node(node: Node, depth: number): void {
    const value = this.#program.valueOf(node);
    if (value.kind === 'member')
      this.#member(value.property, value.key === undefined ? undefined : this.#program.child(node, value.key));
    else if (value.kind === 'call') this.#call(node, depth);
  }

  #member(property: string | undefined, key: Node | undefined): void {
    const [text] = property === undefined && key !== undefined ? (this.#program.constants(key) ?? []) : [property];
    if (typeof text !== 'string') return;
    if (WHO.test(text)) this.#asksWho = true;
    if (ROLE.test(text)) this.#asksRole = true;
    if (CSRF.test(text)) this.#asksCsrf = true;
  }

  #call(node: Node, depth: number): void {
    const value = this.#program.valueOf(node);
    if (value.kind !== 'call') return;
    const callee = this.#program.child(node, value.callee);
    const member = this.#program.valueOf(callee);
    const apis = this.#program.apis(callee);
    this.#runs.push(...this.#declared.called(node));
    for (const kind of new Set(apis.flatMap(callEffects))) {
      this.#runs.push({ kind, by: 'behaviour', call: node });
      if (kind === 'identity') {
        this.#asksWho = true;
        this.#identifies = true;
      }
    }
    if (this.#place && verifies(this.#program, callee, apis)) {
      this.#identifies = true;
      this.#refusesUnverified ||= stopsOnFailure(this.#program, node, this.#place);
    }
    for (const api of apis) {
      const effect = packageEffect(api);
      // with a callback it finds out who is calling, and the callback refuses
      if (/passport\b.*\.authenticate\(\)$/.test(api) && this.#endsInCallback(callee)) continue;
      if (effect && effect.kind !== 'none') this.#runs.push({ ...effect, by: 'package', call: callee });
    }
    if (member.kind === 'member' && member.property !== undefined) this.#method(node, member.property);
    const described = this.#program.describe(callee);
    this.#named(node, described);
    if (value.new && /error|exception|boom|http|unauthor|forbidden/i.test(described)) this.thrown(node);
    // a helper of the project that is given a status: `fail(res, 401)`
    if (this.#program.callees(node).length > 0) {
      for (const { value: argument } of value.args)
        for (const constant of this.#constantsAt(this.#program.child(node, argument)))
          if (typeof constant === 'number' && constant >= 400 && constant < 430) this.#answered(constant);
    }
    if (apis.includes('next/navigation.redirect')) this.#redirected(this.#program.argument(node, 0));
    if (apis.some((api) => RESPONSES.test(api)))
      for (const { value: argument } of value.args) this.response(this.#program.child(node, argument));
    if (apis.some((api) => api === 'next/server.NextResponse.next' || api === 'next/server.NextResponse.rewrite'))
      this.#passes = true;
    if (this.#isNext(callee)) {
      this.#passed(node);
      if (value.result === 'awaited')
        this.#catchesNext ||= this.#program.blocks(node).some(({ kind }) => kind === 'try');
    } else if (depth === 0 || this.#program.callees(node).length === 0) this.#handedOn(node, apis);
  }

  #endsInCallback(call: Node): boolean {
    const value = this.#program.valueOf(call);
    const last = value.kind === 'call' ? value.args.at(-1) : undefined;
    return last !== undefined && this.#program.valueOf(this.#program.child(call, last.value)).kind === 'function';
  }

  /** `{ statusCode: 401, headers }` of a function, `{ status: 403 }` of a `Response`. */
  response(node: Node): void {
    for (const origin of this.#program.origins(node)) {
      const value = this.#program.valueOf(origin);
      if (value.kind !== 'object') continue;
      for (const property of value.properties) {
        const inner = this.#program.child(origin, property.value);
        if (property.name === 'statusCode' || property.name === 'status')
          for (const status of this.#constantsAt(inner)) if (typeof status === 'number') this.#answered(status);
        if (property.name === 'statusCode') this.#answers = true;
        if (property.name === 'headers') this.#headersIn(inner);
      }
    }
  }

  #headersIn(node: Node): void {
    for (const origin of this.#program.origins(node)) {
      const value = this.#program.valueOf(origin);
      if (value.kind !== 'object') continue;
      for (const { name } of value.properties) if (name) this.#headers.add(name.toLowerCase());
    }
  }

  /** `next()` passes, `next(new Unauthorized())` does not. */
  #passed(call: Node): void {
    const argument = this.#program.argument(call, 0);
    if (argument === undefined) {
      this.#passes = true;
      if (this.#place) this.#soft.passed(this.#place);
    } else {
      this.thrown(argument);
      const text = this.#program.constants(argument)?.[0];
      if (text === null || text === 'route' || text === 'router') this.#passes = true;
    }
  }

  #isNext(callee: Node): boolean {
    return this.#program
      .origins(callee)
      .concat(callee)
      .some((origin) => {
        const value = this.#program.valueOf(origin);
        if (value.kind !== 'param') return false;
        const fact = this.#program.moduleOf(origin).facts.functions[value.function];
        const name = fact?.params[value.index]?.name;
        return name !== undefined && /^(next|done|cb|callback|_next)$/.test(name);
      });
  }

  #method(call: Node, method: string): void {
    const first = this.#program.argument(call, 0);
    const [text] = first === undefined ? [] : this.#constantsAt(first);
    // `reply.unauthorized()` of @fastify/sensible
    for (const [pattern, status] of /^(unauthorized|forbidden|tooManyRequests|badRequest|notFound)$/.test(method)
      ? STATUS_OF_NAME
      : [])
      if (pattern.test(method)) this.#answered(status);
    if (method === 'removeHeader' && typeof text === 'string') this.#removed.add(text.toLowerCase());
    if (STATUS_METHODS.test(method) && typeof text === 'number') this.#answered(text);
    if (HEADER_METHODS.test(method)) this.#written(call, method);
    if (method === 'assert') this.#asserted(call);
    if (ANSWER_METHODS.test(method)) this.#answers = true;
    // `c.json(body, 401)` of Hono
    if (/^(json|text|html|body)$/.test(method)) {
      const second = this.#program.argument(call, 1);
      for (const status of second === undefined ? [] : this.#constantsAt(second))
        if (typeof status === 'number') this.#answered(status);
    }
    if (method === 'redirect') this.#redirected(this.#program.argument(call, typeof text === 'number' ? 1 : 0));
    if ((method === 'get' || method === 'header') && typeof text === 'string') {
      if (/authorization|x-api-key|token/i.test(text) || WHO.test(text)) this.#asksWho = true;
      if (CSRF.test(text)) this.#asksCsrf = true;
    }
    if (method === 'on' && text === 'data') this.#readsBody = true;
  }

  /** `ctx.assert(user, 401)`, `ctx.assert(article.author === user.id, 403)` */
  #asserted(call: Node): void {
    const [condition, second] = [this.#program.argument(call, 0), this.#program.argument(call, 1)];
    for (const status of second === undefined ? [] : this.#constantsAt(second)) {
      if (typeof status !== 'number') continue;
      this.#answered(status);
      if (condition !== undefined && this.#decisions.isRoleAsked(condition, status)) this.#refusesByRole = true;
    }
  }

  #redirected(target: Node | undefined): void {
    if (this.#place) this.#soft.redirected(target, this.#place);
  }

  /** Constants written here; what a helper is given by others is theirs. */
  #constantsAt(node: Node): readonly (string | number | boolean | null)[] {
    return this.#program.valueOf(node).kind === 'param' ? [] : (this.#program.constants(node) ?? []);
  }

  #written(call: Node, method: string): void {
    for (const index of [0, 1]) {
      const argument = this.#program.argument(call, index);
      if (argument === undefined) continue;
      for (const text of index === 0 || method === 'writeHead' ? (this.#program.constants(argument) ?? []) : [])
        if (typeof text === 'string') this.#headers.add(text.toLowerCase());
      this.#headersIn(argument);
    }
  }

  #named(node: Node, described: string): void {
    const value = this.#program.valueOf(node);
    const makes = (value.kind === 'call' && value.new) || /error|exception|http|boom|create/i.test(described);
    for (const [pattern, status] of makes ? STATUS_OF_NAME : []) if (pattern.test(described)) this.#answered(status);
    if (/(^|\.)(is|has|check|can|require|verify)\w*(role|permission|admin|access|privilege|scope)/i.test(described))
      this.#asksRole = true;
    if (
      /(^|\.)(verify|check|validate|decode|authenticate|get)\w*(token|jwt|session|auth|user|login|apikey)/i.test(
        described,
      )
    )
      this.#asksWho = true;
    if (ASKS_WHO.test(described)) this.#asksWho = true;
    if (IDENTIFIES.test(described)) this.#identifies = true;
    if (CSRF.test(described)) this.#asksCsrf = true;
  }

  /** The request goes to a function of a package or one that cannot be found. */
  #handedOn(node: Node, apis: readonly string[]): void {
    const value = this.#program.valueOf(node);
    if (value.kind !== 'call' || this.#unseen !== undefined) return;
    if (this.#program.callees(node).length > 0 || apis.some((api) => packageEffect(api) !== undefined)) return;
    const callee = this.#program.valueOf(this.#program.child(node, value.callee));
    if (
      callee.kind === 'member' &&
      /^(bind|json|send|emit|log|info|error|warn|debug|render|pipe|push|serialize)$/.test(callee.property ?? '')
    )
      return;
    const own = value.args.filter(({ value: argument }) => this.#isOwnParameter(this.#program.child(node, argument)));
    const isFirst = (id: number): boolean => {
      const given = this.#program.valueOf(this.#program.child(node, id));
      return given.kind === 'param' && given.index === 0;
    };
    if (own.some(({ value: argument }) => !isFirst(argument))) this.#handsOn = true;
    const isRest = own.some(
      ({ value: argument, spread }) => spread && this.#isRest(this.#program.child(node, argument)),
    );
    if (own.length >= 2 || isRest) this.#unseen = node;
  }

  #isRest(node: Node): boolean {
    const value = this.#program.valueOf(node);
    return value.kind === 'param' && value.rest === true && value.index === 0;
  }

  #isOwnParameter(node: Node): boolean {
    const value = this.#program.valueOf(node);
    return value.kind === 'param' && this.#program.moduleOf(node).facts.functions[value.function] === this.#fn.fact;
  }

  /** `ctx.status = 401`, `res.statusCode = 403`, `ctx.body = …`, `ctx.set = …` */
  write(module: Module, index: number): void {
    const write = module.facts.writes[index];
    if (!write || write.property === undefined || this.#program.valueOf(module.first + write.object).kind === 'this')
      return;
    if (write.property === 'status' || write.property === 'statusCode') {
      for (const status of this.#constantsAt(module.first + write.value))
        if (typeof status === 'number') this.#answered(status);
    }
    if (write.property === 'body') this.#answers = true;
  }

  thrown(node: Node): void {
    const described = this.#program.describe(node);
    const value = this.#program.valueOf(node);
    let named = false;
    for (const [pattern, status] of STATUS_OF_NAME) {
      if (!pattern.test(described)) continue;
      this.#answered(status);
      named = true;
    }
    if (value.kind !== 'call') {
      this.#throwsUnnamed ||= !named && value.kind !== 'caught' && value.kind !== 'param';
      return;
    }
    for (const { value: argument } of value.args) {
      for (const constant of this.#constantsAt(this.#program.child(node, argument))) {
        if (typeof constant !== 'number' || constant < 400 || constant >= 600) continue;
        this.#answered(constant);
        named = true;
      }
      this.#statusMember(this.#program.child(node, argument));
    }
    this.#throwsUnnamed ||= !named;
  }

  /** `httpStatus.UNAUTHORIZED` */
  #statusMember(node: Node): void {
    const described = this.#program.describe(node);
    const name = /\.([A-Z_]+)$/.exec(described)?.[1];
    for (const [pattern, status] of name === undefined ? [] : STATUS_OF_NAME)
      if (pattern.test(name?.replaceAll('_', '') ?? '')) this.#answered(status);
  }

  result(): Behaviour {
    return {
      statuses: this.#statuses,
      headers: this.#headers,
      removed: this.#removed,
      passes: this.#passes,
      answers: this.#answers,
      asksWho: this.#asksWho,
      asksRole: this.#asksRole,
      refusesByRole: this.#refusesByRole,
      refusesOwnRole: this.#passes ? this.#soft.refusesOwnRole : 'no',
      refusesItself: this.#refusesItself,
      refusesUnverified: this.#refusesUnverified,
      identifies: this.#identifies,
      asksCsrf: this.#asksCsrf,
      redirectsToLogin: this.#passes && this.#soft.loginOtherwise ? 'all' : this.#soft.login,
      redirectsStrangers: this.#soft.redirectsStrangers,
      passesStrangers: this.#soft.passesStrangers,
      refusesInput: this.#soft.refusesInput,
      readsBody: this.#readsBody,
      throwsUnnamed: this.#throwsUnnamed,
      catchesNext: this.#catchesNext,
      runs: this.#runs,
      handsOn: this.#handsOn,
      ...(this.#unseen !== undefined && { unseen: this.#unseen }),
    };
  }
}
