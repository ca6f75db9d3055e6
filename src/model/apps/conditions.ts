import type { Block } from '../../facts/javascript/module-facts.ts';
import type { Node, Program } from '../program/program.ts';
import type { Condition } from './app.ts';

type Verdict = Exclude<Condition, 'always'>;

const PRODUCTION_FLAG = /^(is_?)?prod(uction)?(_?(mode|env|environment))?$/i;
const DEVELOPMENT_FLAG = /^(is_?)?(dev|develop|development|local|test|testing)(_?(mode|env|environment))?$/i;
const MAX_DEPTH = 12;

/** In which environments code in a block runs. Blocks that are always entered do not count. */
export class Conditions {
  readonly #program: Program;
  readonly #verdicts = new Map<Block, Verdict | undefined>();

  constructor(program: Program) {
    this.#program = program;
  }

  /** `at`: a value of the module the blocks are in. */
  of(at: Node, blocks: readonly Block[]): Condition {
    let result: Condition = 'always';
    for (const block of blocks) {
      const verdict = this.#verdictOf(at, block);
      if (verdict) result = joined(result, verdict);
    }
    return result;
  }

  #verdictOf(at: Node, block: Block): Verdict | undefined {
    if (this.#verdicts.has(block)) return this.#verdicts.get(block);
    const verdict = verdictOf(this.#program, at, block);
    this.#verdicts.set(block, verdict);
    return verdict;
  }
}

export const joined = (a: Condition, b: Condition): Condition => {
  if (a === 'always') return b;
  if (b === 'always' || a === b) return a;
  return a === 'development' || b === 'development' ? 'development' : 'sometimes';
};

function verdictOf(program: Program, at: Node, { kind, condition, holds }: Block): Verdict | undefined {
  if (kind === 'case' || kind === 'catch') return 'sometimes';
  if (condition === undefined || kind === 'loop') return undefined;
  const environment = environmentOf(program, program.child(at, condition), holds !== false);
  if (environment) return environment;
  return kind === 'after' && isFailureGuard(program, at, condition) ? undefined : 'sometimes';
}

/** `if (err) throw err`, `if (!db) process.exit(1)`: what follows is the ordinary way. */
function isFailureGuard(program: Program, at: Node, condition: number): boolean {
  const { blocks } = program.moduleOf(at).facts;
  const branch = blocks.find(
    (block) => block.condition === condition && block.kind !== 'after' && block.leaves !== undefined,
  );
  if (branch?.leaves === 'throw' || branch?.leaves === 'exit') return true;
  return /^(err|error|e|ex|exception|cause|reason)$/i.test(program.describe(program.child(at, condition)));
}

/** The environment in which a condition has a truth value; undefined where it asks for something else. */
export function environmentOf(program: Program, node: Node, holds: boolean, depth = 0): Verdict | undefined {
  if (depth > MAX_DEPTH) return undefined;
  for (const origin of [node, ...program.origins(node)]) {
    const verdict = ofValue(program, origin, holds, depth);
    if (verdict) return verdict;
  }
  return undefined;
}

function ofValue(program: Program, node: Node, holds: boolean, depth: number): Verdict | undefined {
  const value = program.valueOf(node);
  const inner = (id: number, truth: boolean): Verdict | undefined =>
    environmentOf(program, program.child(node, id), truth, depth + 1);
  if (value.kind === 'operation') {
    const [left, right] = value.operands;
    if (value.operator === '!' && left) return inner(left.value, !holds);
    if (/^[!=]==?$/.test(value.operator) && left && right) {
      const equal = value.operator.startsWith('=') === holds;
      return comparison(program, program.child(node, left.value), program.child(node, right.value), equal);
    }
    return undefined;
  }
  if (value.kind === 'either' && (value.reason === 'and' || value.reason === 'or')) {
    const verdicts = value.options.map((option) => inner(option, holds));
    // all parts of `a && b` hold together; of `a || b`, none holds together
    const certain = (value.reason === 'and') === holds;
    const found = verdicts.filter((verdict) => verdict !== undefined);
    if (certain)
      return found.includes('development')
        ? 'development'
        : found[0] && (found.length === verdicts.length ? found[0] : 'sometimes');
    return verdicts.every((verdict) => verdict === 'development') ? 'development' : undefined;
  }
  if (value.kind === 'member' && value.property !== undefined) return byName(value.property, holds);
  if (value.kind === 'variable') return byName(value.name, holds);
  if (value.kind === 'call') return inner(value.callee, holds);
  return undefined;
}

function byName(name: string, holds: boolean): Verdict | undefined {
  if (PRODUCTION_FLAG.test(name)) return holds ? 'production' : 'development';
  if (DEVELOPMENT_FLAG.test(name)) return holds ? 'development' : 'production';
  return undefined;
}

/** `process.env.NODE_ENV === 'production'`, `app.get('env') !== 'test'`. */
function comparison(program: Program, left: Node, right: Node, equal: boolean): Verdict | undefined {
  for (const [asked, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const [text] = program.constants(other) ?? [];
    if (typeof text !== 'string' || !namesEnvironment(program, asked)) continue;
    if (/^prod/i.test(text)) return equal ? 'production' : 'development';
    if (/^(dev|test|local|ci|e2e)/i.test(text)) return equal ? 'development' : 'production';
    return 'sometimes';
  }
  return undefined;
}

function namesEnvironment(program: Program, node: Node, depth = 0): boolean {
  if (depth > 6) return false;
  return [node, ...program.origins(node)].some((origin) => {
    const value = program.valueOf(origin);
    if (value.kind === 'member')
      return /^(NODE_ENV|APP_ENV|ENV|env|nodeEnv|environment|STAGE|stage)$/.test(value.property ?? '');
    if (value.kind === 'either')
      return value.options.some((option) => namesEnvironment(program, program.child(origin, option), depth + 1));
    if (value.kind === 'call') {
      const [first] = value.args;
      const [text] = first ? (program.constants(program.child(origin, first.value)) ?? []) : [];
      return text === 'env' || text === 'NODE_ENV' || text === 'env.environment';
    }
    return false;
  });
}
