import type { BlockId } from '../../facts/javascript/module-facts.ts';
import type { FunctionRef, Node } from '../program/program.ts';
import { flattened } from './express.ts';
import type { Ref } from './frame.ts';
import type { Walk } from './walk.ts';

/** A hook that a listener of `onRoute` gives to the routes that are added after it. */
export interface GivenHook {
  readonly hook: string;
  readonly ref: Ref;
  /** Whether a route with these options gets it. */
  readonly meets: (options: Ref | undefined) => 'all' | 'some' | 'none';
}

const HOOKS = /^(onRequest|preParsing|preValidation|preHandler)$/;
const MAX_DEPTH = 12;

/** What `addHook('onRoute', (routeOptions) => …)` adds. Source: https://fastify.dev/docs/latest/Reference/Hooks/#onroute */
export function givenHooks(listener: Ref, walk: Walk): readonly GivenHook[] {
  const fn = walk.program.functionAt(listener.node);
  if (!fn) return [];
  const { module } = fn;
  const written = module.facts.writes.flatMap(({ object, property = '', value, block }) =>
    HOOKS.test(property) && isOptions(walk, module.first + object, fn)
      ? [{ hook: property, value: module.first + value, block }]
      : [],
  );
  const pushed = module.facts.values.flatMap((value, id) => {
    const callee = value.kind === 'call' ? module.first + value.callee : undefined;
    const member = callee === undefined ? undefined : walk.program.valueOf(callee);
    if (value.kind !== 'call' || callee === undefined || member?.kind !== 'member') return [];
    const hook = hookAt(walk, walk.program.child(callee, member.object), fn);
    if (hook === undefined || !/^(push|unshift)$/.test(member.property ?? '')) return [];
    return value.args.map((argument) => ({
      hook,
      value: walk.program.child(module.first + id, argument.value),
      block: value.block,
    }));
  });
  const found = new Map<string, GivenHook>();
  for (const { hook, value, block } of [...written, ...pushed]) {
    const refs = flattened(walk.resolver.refs(value, listener.frame), walk);
    for (const ref of refs.filter(({ node }) => isHandler(walk, node, fn)))
      found.set(`${hook} ${ref.node}`, { hook, ref, meets: (options) => reach(walk, fn, block, options) });
  }
  return [...found.values()];
}

function isOptions({ program }: Walk, node: Node, { module, fact }: FunctionRef): boolean {
  const value = program.valueOf(node);
  return (
    value.kind === 'param' &&
    value.index === 0 &&
    program.moduleOf(node) === module &&
    module.facts.functions[value.function] === fact
  );
}

/** The hook `routeOptions.preHandler` is. */
function hookAt(walk: Walk, node: Node, fn: FunctionRef): string | undefined {
  const value = walk.program.valueOf(node);
  if (value.kind !== 'member' || !HOOKS.test(value.property ?? '')) return undefined;
  return isOptions(walk, walk.program.child(node, value.object), fn) ? value.property : undefined;
}

/** Not what the route had before. */
function isHandler(walk: Walk, node: Node, fn: FunctionRef): boolean {
  const value = walk.program.valueOf(node);
  const object = value.kind === 'member' ? walk.program.child(node, value.object) : node;
  return !/^(literal|undefined|array)$/.test(value.kind) && !hookAt(walk, node, fn) && !hookAt(walk, object, fn);
}

function reach(walk: Walk, fn: FunctionRef, block: BlockId, options: Ref | undefined): 'all' | 'some' | 'none' {
  const { blocks } = fn.module.facts;
  let met: 'all' | 'some' = 'all';
  for (let at: BlockId | undefined = block; at !== undefined; at = blocks[at]?.parent) {
    const { kind, condition, holds } = blocks[at] ?? {};
    if (condition === undefined) {
      if (kind === 'case' || kind === 'catch' || kind === 'loop') met = 'some';
      continue;
    }
    const node = fn.module.first + condition;
    if (asksForHook(walk, node, fn, 0)) continue;
    const truth = truthOf(walk, node, fn, options, 0);
    if (truth === 'unknown') met = 'some';
    else if ((truth === 'yes') !== (holds !== false)) return 'none';
  }
  return met;
}

/** `Array.isArray(routeOptions.preHandler)`: how it is added, not whether. */
function asksForHook(walk: Walk, node: Node, fn: FunctionRef, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  if (hookAt(walk, node, fn) !== undefined) return true;
  const value = walk.program.valueOf(node);
  const below =
    value.kind === 'call'
      ? value.args.map((argument) => argument.value)
      : value.kind === 'operation'
        ? value.operands.map((operand) => operand.value)
        : value.kind === 'either'
          ? value.options
          : [];
  return below.some((id) => asksForHook(walk, walk.program.child(node, id), fn, depth + 1));
}

type Truth = 'yes' | 'no' | 'unknown';
const not = (truth: Truth): Truth => (truth === 'yes' ? 'no' : truth === 'no' ? 'yes' : 'unknown');

function truthOf(walk: Walk, node: Node, fn: FunctionRef, options: Ref | undefined, depth: number): Truth {
  const { program } = walk;
  const value = program.valueOf(node);
  if (depth > MAX_DEPTH) return 'unknown';
  const inner = (id: number): Truth => truthOf(walk, program.child(node, id), fn, options, depth + 1);
  if (value.kind === 'operation' && value.operator === '!' && value.operands[0])
    return not(inner(value.operands[0].value));
  if (value.kind === 'operation' && /^[!=]==?$/.test(value.operator)) {
    const [left, right] = value.operands;
    const wanted = right === undefined ? undefined : program.constants(program.child(node, right.value))?.[0];
    if (!left || typeof wanted !== 'boolean') return 'unknown';
    const truth = inner(left.value);
    return value.operator.startsWith('=') === wanted ? truth : not(truth);
  }
  if (value.kind === 'either' && (value.reason === 'and' || value.reason === 'or')) {
    const found = value.options.map(inner);
    const [decides, other]: readonly [Truth, Truth] = value.reason === 'and' ? ['no', 'yes'] : ['yes', 'no'];
    return found.includes(decides) ? decides : found.includes('unknown') ? 'unknown' : other;
  }
  const [name, ...names] = configNames(walk, node, fn) ?? [];
  if (name === undefined) return 'unknown';
  if (options === undefined) return 'no';
  if (program.valueOf(options.node).kind !== 'object') return 'unknown';
  let refs = walk.resolver.property(options, name);
  for (const each of names) refs = refs.flatMap((ref) => walk.resolver.property(ref, each));
  if (refs.length === 0) return 'no';
  const known = refs.flatMap((ref) => walk.resolver.constants(ref.node, ref.frame) ?? []);
  if (known.length === 0) return program.valueOf(refs[0]?.node ?? 0).kind === 'object' ? 'yes' : 'unknown';
  return known.every(Boolean) ? 'yes' : known.some(Boolean) ? 'unknown' : 'no';
}

/** `config`, `public` of `routeOptions.config?.public`. */
function configNames(walk: Walk, node: Node, fn: FunctionRef): readonly string[] | undefined {
  const value = walk.program.valueOf(node);
  if (value.kind !== 'member' || value.property === undefined) return undefined;
  const object = walk.program.child(node, value.object);
  if (isOptions(walk, object, fn)) return value.property === 'config' ? [value.property] : undefined;
  const outer = configNames(walk, object, fn);
  return outer && [...outer, value.property];
}
