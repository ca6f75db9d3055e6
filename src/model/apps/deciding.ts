import type { Block, BlockId } from '../../facts/javascript/module-facts.ts';
import type { Module, Node, Program } from '../program/program.ts';
import { partsOf } from './loops.ts';
import type { Truth } from './settled.ts';
import { WHO } from './vocabulary.ts';

/** What the conditions around a refusal ask of the caller. */
export interface Deciding {
  /** What the caller may do: a role, a permission. */
  readonly role: boolean;
  /** Whether something is the caller's own. */
  readonly owner: boolean;
  /** Whether there is a caller: `absent` where the refusal is for those who are not known. */
  readonly who: 'absent' | 'present' | 'no';
}

const MAX_PARTS = 80;
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

  #asksRole(condition: Node): boolean {
    const parts = this.#partsBelow(condition);
    if (parts.some((node) => ROLE_QUESTION.test(this.#nameOf(node)))) return true;
    return parts.some((node) => {
      const value = this.#program.valueOf(node);
      if (value.kind === 'operation' && /^([!=]==?|[<>]=?|in)$/.test(value.operator)) {
        const sides = value.operands.map((operand) => this.#program.child(node, operand.value));
        return !sides.some((side) => this.#isNothing(side)) && sides.some((side) => this.#namesRole(side));
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
    return this.#partsBelow(node).some((each) => ROLE_VALUE.test(this.#nameOf(each)));
  }

  /** `post.author !== req.user.id` */
  #asksOwner(condition: Node): boolean {
    return this.#partsBelow(condition).some((node) => {
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
      const isConstant = (side: Node): boolean => this.#isNothing(side) || this.#program.constants(side) !== undefined;
      return sides.length > 1 && !sides.some(isConstant) && sides.some((side) => this.#isCallersId(side));
    });
  }

  /** `req.user.id`, `session.userId` */
  #isCallersId(node: Node): boolean {
    return this.#partsBelow(node).some((each) => {
      const value = this.#program.valueOf(each);
      if (value.kind !== 'member' || !OWN_ID.test(value.property ?? '')) return false;
      return this.#partsBelow(this.#program.child(each, value.object)).some((object) =>
        /^(user|currentUser|session|auth|principal|account)$/i.test(this.#nameOf(object)),
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
      return sides.some((side) => this.#isNothing(side)) && !isEqual ? 'present' : 'absent';
    }
    if (value.kind === 'either' && (value.reason === 'and' || value.reason === 'or')) {
      const found = value.options.map((option) =>
        this.#asksWho(this.#program.child(node, option), holds, depth + 1, truth),
      );
      return found.includes('absent') ? 'absent' : found.includes('present') ? 'present' : 'no';
    }
    if (!this.#namesWho(node)) return 'no';
    return holds && !/^is_?(un|not)_?auth|unauth|anonymous/i.test(this.#nameOf(node)) ? 'present' : 'absent';
  }

  #namesWho(node: Node): boolean {
    return this.#partsBelow(node).some((each) => WHO.test(this.#nameOf(each)));
  }

  #isNothing(node: Node): boolean {
    const value = this.#program.valueOf(node);
    return value.kind === 'undefined' || (value.kind === 'literal' && (value.value === null || value.value === ''));
  }

  #nameOf(node: Node): string {
    const value = this.#program.valueOf(node);
    if (value.kind === 'member') return value.property ?? '';
    if (value.kind === 'variable' || value.kind === 'global') return value.name;
    if (value.kind === 'import') return value.name;
    if (value.kind === 'param')
      return this.#program.moduleOf(node).facts.functions[value.function]?.params[value.index]?.name ?? '';
    const described = value.kind === 'function' || value.kind === 'call' ? this.#program.describe(node) : '';
    return /(\w+)(\(.*\))?$/.exec(described)?.[1] ?? '';
  }

  /** A value and what it is made of, bodies of functions left out. */
  #partsBelow(node: Node): readonly Node[] {
    const seen = new Set<Node>();
    const open = [node];
    for (let next = open.pop(); next !== undefined && seen.size < MAX_PARTS; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      for (const id of partsOf(this.#program.valueOf(next))) open.push(this.#program.child(next, id));
    }
    return [...seen];
  }
}
