import type { Block, BlockId } from '../../facts/javascript/module-facts.ts';
import type { Module, Node, Program } from '../program/program.ts';
import type { Place } from './reading.ts';
import { ANSWER_METHODS } from './vocabulary.ts';

const NEXT = /^_?(next|done|cb|callback)$/;
/** Methods of a request that fail where it does not say who calls. Source: https://github.com/fastify/fastify-jwt */
const VERIFIES = /^(jwtVerify|onlyJwtVerify|jwtDecryptAndVerify)$/;
/** Fail where a token is not good. Sources: the documentation of jsonwebtoken and jose. */
const VERIFY_CALLS =
  /^(jsonwebtoken\.verify|jose\.(jwtVerify|jwtDecrypt)|jwt-simple\.decode|fast-jwt\.createVerifier\(\))$/;

/** Whether a call fails for who is not known. */
export function verifies(program: Program, callee: Node, apis: readonly string[]): boolean {
  const member = program.valueOf(callee);
  return (
    apis.some((api) => VERIFY_CALLS.test(api)) || (member.kind === 'member' && VERIFIES.test(member.property ?? ''))
  );
}

/** Whether no request goes on for which a call at a place fails; `call`: the one that fails. */
export function stopsOnFailure(program: Program, call: Node, place: Place): boolean {
  const given = givenTo(program, call, place.module);
  if (given !== 'nothing') return given === 'refuses' && isAlwaysMet(program, place.module, place.block);
  for (let at: Place | undefined = place; at; at = at.from) {
    if (!isAlwaysMet(program, at.module, at.block)) return false;
    const failed = caughtAt(at.module, at.block);
    if (failed !== undefined) return isRefused(program, at.module, failed);
  }
  return true;
}

/** What is told of the failure, where a function is: `verify(token, key, (error) => …)`. */
function givenTo(program: Program, call: Node, module: Module): 'nothing' | 'refuses' | 'unknown' {
  const value = program.valueOf(call);
  if (value.kind !== 'call') return 'nothing';
  for (const { value: argument } of value.args) {
    const node = program.child(call, argument);
    if (NEXT.test(program.describe(node))) return 'refuses';
    const fn = program.functionAt(node);
    if (!fn || fn.module !== module) continue;
    const id = module.facts.functions.indexOf(fn.fact);
    const [error] = fn.fact.params;
    const isFailure = ({ kind, function: owner, condition }: Block): boolean =>
      kind === 'then' &&
      owner === id &&
      condition !== undefined &&
      program.describe(module.first + condition) === error?.name;
    const failed = module.facts.blocks.findIndex(isFailure);
    return failed >= 0 && isRefused(program, module, failed) ? 'refuses' : 'unknown';
  }
  return 'nothing';
}

/** The `catch` of the innermost `try` around a block of the same function. */
function caughtAt({ facts: { blocks } }: Module, id: BlockId): BlockId | undefined {
  for (let at: BlockId | undefined = id; at !== undefined; at = blocks[at]?.parent) {
    const block = blocks[at];
    if (block?.kind !== 'try') continue;
    const found = blocks.findIndex(
      ({ kind, parent, at: [start] }, other) =>
        kind === 'catch' && parent === block.parent && other > (at ?? 0) && start >= block.at[1],
    );
    if (found >= 0) return found;
  }
  return undefined;
}

/** Whether a block is entered by every request, or by all but those that were refused before it. */
function isAlwaysMet(program: Program, module: Module, id: BlockId): boolean {
  const { blocks } = module.facts;
  for (let at: BlockId | undefined = id; at !== undefined; at = blocks[at]?.parent) {
    const block: Block | undefined = blocks[at];
    if (!block || block.kind === 'body' || block.kind === 'try') continue;
    if (block.kind !== 'after') return false;
    const branch = blocks.findIndex(
      ({ kind, condition, leaves }) => kind !== 'after' && condition === block.condition && leaves !== undefined,
    );
    if (branch < 0 || !(blocks[branch]?.leaves === 'throw' || isRefused(program, module, branch))) return false;
  }
  return true;
}

/** Whether what runs in a block answers or fails, and lets nothing go on. */
function isRefused(program: Program, module: Module, id: BlockId): boolean {
  const { blocks, values, throws } = module.facts;
  const isWithin = (block: BlockId | undefined): boolean => {
    for (let at = block; at !== undefined; at = blocks[at]?.parent) if (at === id) return true;
    return false;
  };
  let refused = throws.some(({ block }) => isWithin(block));
  for (const [index, value] of values.entries()) {
    if (value.kind !== 'call' || !isWithin(value.block)) continue;
    const callee = program.child(module.first + index, value.callee);
    const member = program.valueOf(callee);
    if (member.kind === 'member') refused ||= ANSWER_METHODS.test(member.property ?? '');
    else if (NEXT.test(program.describe(callee))) {
      if (value.args.length === 0) return false;
      refused = true;
    }
  }
  return refused;
}
