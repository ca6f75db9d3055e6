import type { Block, BlockId } from '../../facts/javascript/module-facts.ts';
import type { Module, Node, Program } from '../program/program.ts';
import { isNothing, nameOf, partsBelow } from './condition-parts.ts';
import type { Truth } from './settled.ts';
import type { Met } from './strangers.ts';
import { ROLE, WHO } from './vocabulary.ts';

/** What the conditions around a refusal ask of the caller. */
export interface Deciding {
  /** What the caller may do: a role, a permission. */
  readonly role: boolean;
  /** Whether something is the caller's own. */
  readonly owner: boolean;
  /** Whether there is a caller: `absent` where the refusal is for those who are not known. */
  readonly who: 'absent' | 'present' | 'no';
}

const MAX_DEPTH = 12;
/** Answers yes or no by itself. */
const ROLE_QUESTION =
  /^_*(is_?(super|platform)?_?admin\w*|is_?(moderator|owner|staff|editor|author|allowed|authorized|permitted|granted|manager)|(has|have|can|may|check|verify|require|ensure|validate)_?\w*(role|permission|right|access|privilege|scope|abilit|admin|owner|allow)\w*|can|cannot|allowed|permitted|authori[sz]ed|has(Required)?\w*(Rights?|Roles?|Permissions?)|can[A-Z]\w*|\w*(isAdmin|IsOwner))$/i;
/** Is compared with something. */
const ROLE_VALUE =
  /^_*(\w*roles?|\w*permissions?|privileges?|scopes?|rights|access_?levels?|account_?type|user_?type|authorit(y|ies)|groups?|plan)$/i;
const COMPARES = /^(includes|indexOf|has|some|every|test|equals|isEqual|match|find|contains)$/;
const OWN_ID = /^(_?id|uid|userId|user_id|email|username|sub|uuid)$/;

export class Decisions {
  readonly #program: Program;

  constructor(program: Program) {
    this.#program = program;
  }

  /** The conditions a block is entered under, those around its function included. */
  of(module: Module, id: BlockId, truth?: (node: Node) => Truth): Deciding {
    let role = false;
    let owner = false;
    let who: Deciding['who'] = 'no';
    let inner = true;
    const { blocks, functions } = module.facts;
    for (let at: BlockId | undefined = id, depth = 0; at !== undefined && depth < MAX_DEPTH * 4; depth += 1) {
      const block: Block | undefined = blocks[at];
      if (!block) break;
      // what stands behind an early return is decided by it; what stands further down is not
      const counts = block.condition !== undefined && block.kind !== 'loop' && (block.kind !== 'after' || inner);
      if (counts && block.condition !== undefined) {
        const condition = module.first + block.condition;
        role ||= this.#asksRole(condition);
        owner ||= this.#asksOwner(condition);
        if (who === 'no') who = this.#asksWho(condition, block.holds !== false, 0, truth);
        inner = false;
      }
      at = block.parent ?? functions[block.function]?.within;
    }
    return { role, owner, who };
  }

  /** Whether a condition that is answered with a status where it does not hold is one of the caller's rights. */
  isRoleAsked(condition: Node, status: number): boolean {
    return this.#asksRole(condition) || (status === 403 && this.#asksOwner(condition));
  }

  /**
   * Whether the role of the caller is asked, and not one the request names: `session.isAdmin === false`. `some` where
   * something else must hold as well.
   */
  ownRole(module: Module, id: BlockId): Met {
    const { blocks } = module.facts;
    for (let at: BlockId | undefined = id; at !== undefined; at = blocks[at]?.parent) {
      const block: Block | undefined = blocks[at];
      if (block?.condition === undefined || block.kind === 'loop') continue;
      if (block.kind === 'after' && at !== id) return 'no';
      const condition = module.first + block.condition;
      if (!this.#namesOwnRole(condition)) continue;
      const value = this.#program.valueOf(condition);
      const all = value.kind === 'either' && (value.reason === 'and') === (block.holds !== false) ? value.options : [];
      return all.every((option) => this.#namesOwnRole(this.#program.child(condition, option))) ? 'all' : 'some';
    }
    return 'no';
  }

  #namesOwnRole(condition: Node): boolean {
    const names = partsBelow(this.#program, condition).map((node) => nameOf(this.#program, node));
    return names.some((name) => ROLE.test(name)) && names.some((name) => WHO.test(name));
  }

  #asksRole(condition: Node): boolean {
    const parts = partsBelow(this.#program, condition);
    if (parts.some((node) => ROLE_QUESTION.test(nameOf(this.#program, node)))) return true;
    return parts.some((node) => {
      const value = this.#program.valueOf(node);
      if (value.kind === 'operation' && /^([!=]==?|[<>]=?|in)$/.test(value.operator)) {
        const sides = value.operands.map((operand) => this.#program.child(node, operand.value));
        return !sides.some((side) => isNothing(this.#program, side)) && sides.some((side) => this.#namesRole(side));
      }
      if (value.kind !== 'call') return false;
      const callee = this.#program.child(node, value.callee);
      const member = this.#program.valueOf(callee);
      if (member.kind !== 'member' || !COMPARES.test(member.property ?? '')) return false;
      const given = value.args.map(({ value: argument }) => this.#program.child(node, argument));
      return [this.#program.child(callee, member.object), ...given].some((each) => this.#namesRole(each));
    });
  }

  #namesRole(node: Node): boolean {
    return partsBelow(this.#program, node).some((each) => ROLE_VALUE.test(nameOf(this.#program, each)));
  }

  /** `post.author !== req.user.id` */
  #asksOwner(condition: Node): boolean {
    return partsBelow(this.#program, condition).some((node) => {
      const value = this.#program.valueOf(node);
      const callee = value.kind === 'call' ? this.#program.valueOf(this.#program.child(node, value.callee)) : undefined;
      const sides =
        value.kind === 'operation' && /^[!=]==?$/.test(value.operator)
          ? value.operands.map((operand) => this.#program.child(node, operand.value))
          : value.kind === 'call' && callee?.kind === 'member' && /^(equals|isEqual)$/.test(callee.property ?? '')
            ? [
                this.#program.child(this.#program.child(node, value.callee), callee.object),
                ...value.args.map((argument) => this.#program.child(node, argument.value)),
              ]
            : [];
      const isConstant = (side: Node): boolean =>
        isNothing(this.#program, side) || this.#program.constants(side) !== undefined;
      return sides.length > 1 && !sides.some(isConstant) && sides.some((side) => this.#isCallersId(side));
    });
  }

  /** `req.user.id`, `session.userId` */
  #isCallersId(node: Node): boolean {
    return partsBelow(this.#program, node).some((each) => {
      const value = this.#program.valueOf(each);
      if (value.kind !== 'member' || !OWN_ID.test(value.property ?? '')) return false;
      return partsBelow(this.#program, this.#program.child(each, value.object)).some((object) =>
        /^(user|currentUser|session|auth|principal|account)$/i.test(nameOf(this.#program, object)),
      );
    });
  }

  #asksWho(node: Node, holds: boolean, depth: number, truth?: (node: Node) => Truth): Deciding['who'] {
    const value = this.#program.valueOf(node);
    if (depth > MAX_DEPTH || truth?.(node) === !holds) return 'no';
    if (value.kind === 'operation' && value.operator === '!' && value.operands[0])
      return this.#asksWho(this.#program.child(node, value.operands[0].value), !holds, depth + 1, truth);
    if (value.kind === 'operation') {
      const sides = value.operands.map((operand) => this.#program.child(node, operand.value));
      const isEqual = /^={2,3}$/.test(value.operator) === holds;
      const asked = sides.some((side) => this.#namesWho(side));
      if (!asked) return 'no';
      return sides.some((side) => isNothing(this.#program, side)) && !isEqual ? 'present' : 'absent';
    }
    if (value.kind === 'either' && (value.reason === 'and' || value.reason === 'or')) {
      const found = value.options.map((option) =>
        this.#asksWho(this.#program.child(node, option), holds, depth + 1, truth),
      );
      return found.includes('absent') ? 'absent' : found.includes('present') ? 'present' : 'no';
    }
    if (!this.#namesWho(node)) return 'no';
    return holds && !/^is_?(un|not)_?auth|unauth|anonymous/i.test(nameOf(this.#program, node)) ? 'present' : 'absent';
  }

  #namesWho(node: Node): boolean {
    return partsBelow(this.#program, node).some((each) => WHO.test(nameOf(this.#program, each)));
  }
}
