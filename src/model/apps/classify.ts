import type { FunctionRef, Node, Program } from '../program/program.ts';
import type { Declared } from '../flows/surroundings.ts';
import type { BlockId } from '../../facts/javascript/module-facts.ts';
import type { Behaviour } from './behaviour.ts';
import { Behaviours } from './behaviours.ts';
import type { Part } from './contents.ts';
import { DeclaredGates } from './declared-gates.ts';
import { effectsOf } from './effects-of.ts';
import type { Effect } from './effect.ts';
import type { Frame, Ref } from './frame.ts';
import { packageEffect, packageOf } from './packages.ts';
import { Resolver } from './resolver.ts';
import { Settled } from './settled.ts';
import type { Known } from './settled.ts';

const UNSEEN = (reason: string): Effect => ({ kind: 'unknown', by: 'behaviour', reason });

interface KnownBlocks {
  readonly blocks: readonly BlockId[];
  /** Those whose conditions ask for the path of the request. */
  readonly asking: readonly BlockId[];
  readonly entered: (block: BlockId) => 'never' | 'perhaps' | 'may';
  readonly truth: Settled['truth'];
}

/** Says what a registered value does: a package by its table, the project's own code by its behaviour. */
export class Classifier {
  readonly #program: Program;
  readonly #behaviours: Behaviours;
  readonly #resolver: Resolver;
  readonly #asksPath = new Map<Node, boolean>();
  readonly declared: DeclaredGates;

  constructor(program: Program, declared?: Declared, resolver: Resolver = new Resolver(program)) {
    this.#program = program;
    this.#resolver = resolver;
    this.declared = new DeclaredGates(program, declared);
    this.#behaviours = new Behaviours(program, this.declared);
  }

  effects(refs: readonly Ref[], forErrors = false): readonly Effect[] {
    return refs.flatMap((ref) => this.of(ref, forErrors));
  }

  /** What a part of a function of the project does. */
  part(fn: FunctionRef, part: Part): readonly Effect[] {
    return effectsOf(this.#behaviours.part(fn, part), this.#program.describe(fn.node), false);
  }

  /** What is said of it counts beside what is seen, and in place of what is not. */
  of(ref: Ref, forErrors = false): readonly Effect[] {
    const said = forErrors ? [] : this.declared.of(ref);
    const seen = this.#seen(ref, forErrors);
    if (said.length === 0) return seen;
    const isNew = ({ kind }: Effect): boolean => said.every((each) => each.kind !== kind);
    return [...said, ...seen.filter((effect) => !/^(unknown|none)$/.test(effect.kind) && isNew(effect))];
  }

  #seen({ node, frame, called, does, gates }: Ref, forErrors: boolean): readonly Effect[] {
    const program = this.#program;
    if (does) return [{ kind: does, by: 'package', ...(program.valueOf(node).kind === 'call' && { call: node }) }];
    if (gates) return this.#together(gates);
    const fn = program.functionAt(node);
    if (fn && !forErrors && takesErrorFirst(fn)) return [{ kind: 'none', by: 'behaviour' }];
    if (fn) {
      const within = frame && !forErrors ? this.#calledIn(fn, frame) : [];
      const behaviour = (frame && this.#made(fn, frame, within)) ?? this.#behaviours.of(fn);
      // what a function without a name was made by says what it is for: `validated(schema)`
      const maker = fn.fact.name === undefined && frame?.call !== undefined ? frame.fn.fact.name : undefined;
      const effects = effectsOf(behaviour, called ?? maker ?? program.describe(node), forErrors);
      const wrapped =
        within.length > 0
          ? this.#effectsOf(within)
          : frame && !forErrors
            ? this.#wrappedIn(frame, behaviour.unseen)
            : [];
      if (wrapped.length > 0)
        return [...effects.filter(({ kind }) => kind !== 'unknown' && kind !== 'none'), ...wrapped];
      return frame && asksForNoRole(program, frame) ? effects.filter(({ kind }) => kind !== 'role') : effects;
    }
    const value = program.valueOf(node);
    const inner = this.#unless(node);
    if (inner !== undefined) return this.of({ node: inner }, forErrors);
    const options = value.kind === 'call' ? program.argument(node, 0) : undefined;
    const made = { ...(value.kind === 'call' && { call: node }), ...(options !== undefined && { options }) };
    const apis = program.apis(node);
    // what a package offers for errors, and is registered for them, answers them
    if (forErrors && apis.length > 0) return [{ kind: 'errors', ...made, by: 'package' }];
    for (const api of apis) {
      const effect = packageEffect(api);
      if (!effect) continue;
      const kind = this.#isSessionStrategy(api, options) ? 'identity' : this.#kindOf(effect.kind, options);
      return [{ ...effect, kind, ...made, by: 'package' }];
    }
    if (value.kind === 'literal' || value.kind === 'undefined' || value.kind === 'regex')
      return [{ kind: 'none', by: 'behaviour' }];
    // `wrap(handler)` of a package, `upload.single()`: what is wrapped still counts
    const wrapped = value.kind === 'call' ? this.#wrapped(node) : [];
    if (wrapped.length > 0) return wrapped;
    const [api] = apis;
    if (api !== undefined && !/^(req|res|this)\b/.test(api) && !api.includes('@'.concat('0#')))
      return [UNSEEN(`${packageOf(api)} is a package nothing is known of`)];
    return [UNSEEN(`${program.describe(node)} cannot be followed`)];
  }

  /** Each part refuses by failing: with `or` all of them must, with `and` one is enough. */
  #together({ relation, refs }: NonNullable<Ref['gates']>): readonly Effect[] {
    const parts = refs.map((ref) => {
      const effects = this.of(ref);
      const fn = this.#program.functionAt(ref.node);
      const behaviour = fn && this.#behaviours.of(fn);
      const fails = behaviour?.throwsUnnamed === true;
      const isGate = effects.some(({ kind }) => kind === 'auth' || kind === 'role') || fails;
      const asksRole = effects.some(({ kind }) => kind === 'role') || (fails && behaviour.asksRole);
      return { asksRole, isGate, isUnseen: effects.some(({ kind }) => kind === 'unknown') };
    });
    const among = (holds: (part: (typeof parts)[number]) => boolean): boolean =>
      relation === 'and' ? parts.some(holds) : parts.length > 0 && parts.every(holds);
    const found: Effect[] = [];
    if (among(({ isGate }) => isGate)) found.push({ kind: 'auth', by: 'behaviour' });
    if (among(({ asksRole }) => asksRole)) found.push({ kind: 'role', by: 'behaviour' });
    if (found.length === 0 && among(({ isGate, isUnseen }) => isGate || isUnseen))
      return [UNSEEN('what it is made of cannot be seen')];
    return found.length > 0 ? found : [{ kind: 'none', by: 'behaviour' }];
  }

  /** `passport.authenticate('session')` restores who is logged in, and `anonymous` lets everyone pass. */
  #isSessionStrategy(api: string, strategy: number | undefined): boolean {
    if (strategy === undefined || !/passport\b.*\.authenticate\(\)$/.test(api)) return false;
    const names = this.#program.origins(strategy).flatMap((origin) => {
      const value = this.#program.valueOf(origin);
      const items =
        value.kind === 'array' ? value.items.map((item) => this.#program.child(origin, item.value)) : [origin];
      return items.flatMap((item) => this.#program.constants(item) ?? []);
    });
    return names.some((name) => name === 'session' || name === 'anonymous');
  }

  /** `passthrough` of koa-jwt, `credentialsRequired` of express-jwt: who has no token passes as well. */
  #kindOf(kind: Effect['kind'], options: number | undefined): Effect['kind'] {
    if (kind !== 'auth' || options === undefined) return kind;
    const is = (name: string, wanted: boolean): boolean =>
      this.#program.property(options, name).some((node) => this.#program.constants(node)?.[0] === wanted);
    const isOpen = is('passthrough', true) || is('credentialsRequired', false) || is('authRequired', false);
    return isOpen ? 'identity' : kind;
  }

  /** `jwt({ … }).unless({ path })`: for which requests is another question. */
  #unless(node: number): number | undefined {
    const value = this.#program.valueOf(node);
    const callee = value.kind === 'call' ? this.#program.child(node, value.callee) : node;
    const member = this.#program.valueOf(callee);
    const guard = this.#program.apis(callee).includes('hono/combine.except')
      ? this.#program.argument(node, 1)
      : undefined;
    if (guard !== undefined) return this.#program.origins(guard)[0];
    if (member.kind !== 'member' || member.property !== 'unless') return undefined;
    const [origin] = this.#program.origins(this.#program.child(callee, member.object));
    return origin;
  }

  /** `catching(handler)`: what hands the request to a function it was made with does what that does. */
  #wrappedIn({ fn, call, caller }: Frame, unseen: Node | undefined): readonly Effect[] {
    const value = unseen === undefined ? undefined : this.#program.valueOf(unseen);
    if (call === undefined || unseen === undefined || value?.kind !== 'call') return [];
    const callee = this.#program.valueOf(this.#program.child(unseen, value.callee));
    const isGiven =
      callee.kind === 'param' && this.#program.moduleOf(unseen).facts.functions[callee.function] === fn.fact;
    return isGiven ? this.#wrapped(call, caller) : [];
  }

  /** Functions a wrapper is made with and calls: each is judged by itself, as its own call made it. */
  #calledIn({ module, node }: FunctionRef, { call, caller }: Frame): readonly Ref[] {
    const program = this.#program;
    const value = program.valueOf(node);
    const id = value.kind === 'function' ? value.function : 0;
    const isHere = (at: Node): boolean => {
      if (program.moduleOf(at) !== module) return false;
      for (let fn = program.enclosing(at); fn; fn = program.functionIn(module, fn.fact.parent ?? 0)) {
        if (fn.node === node) return true;
        if ((fn.fact.parent ?? 0) < id) return false;
      }
      return false;
    };
    return call === undefined ? [] : this.#given(call, caller).filter((ref) => program.callers(ref.node).some(isHere));
  }

  /** The functions a call is given. */
  #given(call: Node, caller?: Frame): readonly Ref[] {
    const value = this.#program.valueOf(call);
    if (value.kind !== 'call') return [];
    return value.args
      .flatMap(({ value: argument }) => this.#resolver.refs(this.#program.child(call, argument), caller))
      .filter((ref) => this.#program.functionAt(ref.node));
  }

  #wrapped = (call: Node, caller?: Frame): readonly Effect[] => this.#effectsOf(this.#given(call, caller));

  #effectsOf(refs: readonly Ref[]): readonly Effect[] {
    return refs.flatMap((ref) => {
      const fn = this.#program.functionAt(ref.node);
      if (!fn) return [];
      const behaviour = (ref.frame && this.#made(fn, ref.frame)) ?? this.#behaviours.of(fn);
      return effectsOf(behaviour, this.#program.describe(fn.node), false);
    });
  }

  /** What a function does as one call made it: `authenticate('jwt', false)` refuses nobody. */
  #made(fn: FunctionRef, frame: Frame, apart: readonly Ref[] = []): Behaviour | undefined {
    const known = this.#knownIn(fn, { frame });
    const isDecided = (block: BlockId): boolean => known.entered(block) === 'never';
    const without = apart.map(({ node }) => node);
    return apart.length > 0 || known.blocks.some(isDecided)
      ? this.#behaviours.part(fn, { isElsewhere: isDecided, without, truth: known.truth })
      : undefined;
  }

  /**
   * What a function does for requests to a path, where its own code asks for that; `isPartly` where what is known of
   * the path does not tell.
   */
  forPath(
    ref: Ref,
    path: Pick<Known, 'path' | 'below'>,
  ): { effects: readonly Effect[]; isPartly: boolean } | undefined {
    const fn = this.#program.functionAt(ref.node);
    if (!fn || this.declared.of(ref).length > 0) return undefined;
    const known = this.#knownIn(fn, { ...path, ...(ref.frame && { frame: ref.frame }) });
    if (known.asking.length === 0) return undefined;
    const without = (unsure: boolean): readonly Effect[] =>
      effectsOf(
        this.#behaviours.part(fn, {
          isElsewhere: (block) => known.entered(block) === 'never' || (unsure && known.entered(block) === 'perhaps'),
          without: [],
          truth: known.truth,
        }),
        this.#program.describe(ref.node),
        false,
      );
    const [most, least] = [without(false), without(true)];
    const isIn = ({ kind }: Effect): boolean => least.some((each) => each.kind === kind);
    return { effects: most, isPartly: !most.every((effect) => effect.kind === 'none' || isIn(effect)) };
  }

  /** The blocks of a function that conditions lead to, and what is known of those. */
  #knownIn(fn: FunctionRef, known: Known): KnownBlocks {
    const settled = new Settled(this.#resolver, known);
    const { module } = fn;
    const value = this.#program.valueOf(fn.node);
    const id = value.kind === 'function' ? value.function : 0;
    const inside = this.#blocksIn(fn, id);
    const asking = inside.filter((block) => {
      const condition = module.facts.blocks[block]?.condition;
      if (condition === undefined) return false;
      const node = module.first + condition;
      const asks = this.#asksPath.get(node) ?? settled.asksPath(node);
      this.#asksPath.set(node, asks);
      return asks;
    });
    return { blocks: inside, asking, entered: (block) => settled.entered(module, block, id), truth: settled.truth };
  }

  #blocksIn({ module }: FunctionRef, id: number): readonly BlockId[] {
    const { blocks, functions } = module.facts;
    const isInside = (owner: number): boolean => {
      for (let at: number | undefined = owner; at !== undefined && at > 0; at = functions[at]?.parent)
        if (at === id) return true;
      return false;
    };
    return blocks.flatMap((block, index) => (block.condition !== undefined && isInside(block.function) ? [index] : []));
  }
}

/** `(err, req, res)`: with any number of parameters but four it is called with the request for an error. */
const takesErrorFirst = ({ fact: { params, arity } }: FunctionRef): boolean =>
  arity !== 4 && /^_?(err|error)$/.test(params[0]?.name ?? '') && /^_*(req|request)$/.test(params[1]?.name ?? '');

/** `auth()` of `const auth = (...requiredRights) => …`: what would ask for a role is told none. */
function asksForNoRole(program: Program, { fn, call }: Frame): boolean {
  const [param] = fn.fact.params;
  const value = call === undefined ? undefined : program.valueOf(call);
  return (
    value?.kind === 'call' &&
    value.args.length === 0 &&
    /role|right|permission|scope|privilege/i.test(param?.name ?? '')
  );
}
