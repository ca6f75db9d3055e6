import type { Node, Program } from '../program/program.ts';
import type { Places } from './places.ts';
import type { Value } from '../../facts/javascript/module-facts.ts';

const MAX_PARTS = 60;
const ENVIRONMENT = /^(NODE_ENV|APP_ENV|ENV|STAGE|ENVIRONMENT|VERCEL_ENV|NODE_APP_INSTANCE)$/;
const ENVIRONMENT_FLAG =
  /^(is_?)?(prod|production|dev|develop|development|local|test|testing)(_?(mode|env|environment))?$|^(env|environment|debug)$/i;

/** Values a condition is made of, through operators, calls, members and constants. */
export function partsOf(program: Program, condition: Node): readonly Node[] {
  const parts = new Set<Node>();
  const visit = (node: Node): void => {
    if (parts.has(node) || parts.size > MAX_PARTS) return;
    parts.add(node);
    const value = program.valueOf(node);
    for (const child of childrenOf(value)) visit(program.child(node, child));
    if (value.kind === 'member' || value.kind === 'import' || value.kind === 'variable')
      for (const origin of program.origins(node)) visit(origin);
  };
  visit(condition);
  return [...parts];
}

function childrenOf(value: Value): readonly number[] {
  switch (value.kind) {
    case 'operation':
      return value.operands.map((operand) => operand.value);
    case 'join':
      return value.parts.map((part) => part.value);
    case 'either':
    case 'variable':
      return value.options;
    case 'member':
      return [value.object];
    case 'call':
      return [value.callee, ...value.args.map((argument) => argument.value)];
    case 'await':
    case 'typed':
      return [value.value];
    case 'array':
      return value.items.map((item) => item.value);
    default:
      return [];
  }
}

const isEnvironmentName = (name: string): boolean => ENVIRONMENT.test(name) || ENVIRONMENT_FLAG.test(name);

function namesEnvironment(program: Program, condition: Node): boolean {
  return partsOf(program, condition).some((part) => {
    const value = program.valueOf(part);
    if (value.kind === 'member') return value.property !== undefined && isEnvironmentName(value.property);
    return value.kind === 'variable' && isEnvironmentName(value.name);
  });
}

/** Whether values depend on the environment the program runs in. */
export class Environments {
  readonly #program: Program;
  readonly #places: Places;
  readonly #named = new Map<Node, boolean>();

  constructor(program: Program, places: Places) {
    this.#program = program;
    this.#places = places;
  }

  /** A condition around a value, or around every call of the function it is in, asks for the environment. */
  isGuarded(node: Node, depth = 0): boolean {
    const guarded = this.#places
      .blocksAround(node)
      .some(({ condition }) => condition !== undefined && this.#isNamedIn(this.#program.child(node, condition)));
    if (guarded || depth > 3) return guarded;
    const owner = this.#places.ownerOf(node);
    const callers = owner ? this.#program.callers(owner.node) : [];
    return callers.length > 0 && callers.every((call) => this.isGuarded(call, depth + 1));
  }

  #isNamedIn(condition: Node): boolean {
    const known = this.#named.get(condition);
    if (known !== undefined) return known;
    const found = namesEnvironment(this.#program, condition);
    this.#named.set(condition, found);
    return found;
  }
}

/** A condition around a value tests something that outlives the call. */
export function isOnceOnly(program: Program, places: Places, node: Node): boolean {
  const owner = places.ownerOf(node);
  if (!owner) return false;
  return places.blocksAround(node).some(({ condition }) => {
    if (condition === undefined) return false;
    return partsOf(program, program.child(node, condition)).some((part) => outlives(program, places, part, owner.node));
  });
}

function outlives(program: Program, places: Places, part: Node, owner: Node): boolean {
  const value = program.valueOf(part);
  if (value.kind === 'variable') return true;
  // `if (!db) db = …`: the caller may hand over what it has
  if (value.kind === 'operation' && value.operator === '!') {
    const [operand] = value.operands;
    if (operand && program.valueOf(program.child(part, operand.value)).kind === 'param') return true;
  }
  if (value.kind !== 'member') return false;
  const object = program.valueOf(program.child(part, value.object));
  if (object.kind === 'this' || object.kind === 'variable') return true;
  if (object.kind === 'global') return /^(global|globalThis|window)$/.test(object.name);
  return (
    (object.kind === 'call' || object.kind === 'object' || object.kind === 'array' || object.kind === 'function') &&
    places.ownerOf(program.child(part, value.object))?.node !== owner
  );
}
