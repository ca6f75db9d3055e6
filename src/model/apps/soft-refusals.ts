import type { Node, Program } from '../program/program.ts';
import type { Decisions } from './deciding.ts';
import type { Place } from './reading.ts';
import type { Truth } from './settled.ts';
import { stronger } from './strangers.ts';
import type { Met, Strangers } from './strangers.ts';

/** What keeps callers out without a 401 or 403: redirects, statuses for what is sent; and who is let in all the same. */
export class SoftRefusals {
  readonly #program: Program;
  readonly #decisions: Decisions;
  readonly #strangers: Strangers;
  readonly #truth: ((node: Node) => Truth) | undefined;
  login: Met = 'no';
  /** A redirect to a login whose condition does not say who is meant. */
  loginOtherwise = false;
  redirectsStrangers: Met = 'no';
  passesStrangers = false;
  refusesInput = false;
  refusesOwnRole: Met = 'no';

  constructor(
    program: Program,
    decisions: Decisions,
    strangers: Strangers,
    truth: ((node: Node) => Truth) | undefined,
  ) {
    this.#program = program;
    this.#decisions = decisions;
    this.#strangers = strangers;
    this.#truth = truth;
  }

  /** A status that is no refusal by its number: for what is sent, or for who sends it. */
  answered(status: number, { module, block }: Place): void {
    if (!/^4(00|04|05|22)$/.test(String(status))) return;
    const role = this.#decisions.ownRole(module, block);
    this.refusesOwnRole = stronger(this.refusesOwnRole, role);
    if (role !== 'no') return;
    if (status === 400 || status === 422)
      this.refusesInput ||= this.#decisions.of(module, block, this.#truth).who === 'no';
  }

  /** `next()` of the function itself. */
  passed({ module, block, from }: Place): void {
    if (!from) this.passesStrangers ||= this.#strangers.meet(module, block, this.#truth, true) === 'all';
  }

  /** To `'/login'`, `new URL('/login', request.url)`. */
  redirected(target: Node | undefined, place: Place): void {
    let met: Met = 'no';
    for (let at: Place | undefined = place; at; at = at.from)
      met = stronger(met, this.#strangers.meet(at.module, at.block, this.#truth));
    this.redirectsStrangers = stronger(this.redirectsStrangers, met);
    const { module, block, from } = place;
    this.refusesOwnRole = stronger(this.refusesOwnRole, this.#decisions.ownRole(module, block));
    if (target === undefined) return;
    const value = this.#program.valueOf(target);
    const first = value.kind === 'call' && value.new ? this.#program.argument(target, 0) : undefined;
    const [path] = this.#program.constants(first ?? target) ?? [];
    if (typeof path !== 'string' || !/log-?in|sign-?in|auth/i.test(path)) return;
    this.login = stronger(this.login, met);
    const isAsked = module.facts.blocks[block]?.parent !== undefined || from !== undefined;
    if (met === 'no' && isAsked && this.#decisions.of(module, block, this.#truth).who === 'no')
      this.loginOtherwise = true;
  }
}
