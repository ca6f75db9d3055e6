import type { Gap } from '../document/gap.ts';
import type { Language } from '../document/document.ts';
import type { Model } from '../model/model.ts';
import type { Roles } from '../model/roles.ts';
import type { Answer } from '../model/view.ts';
import type { ViewName, Views } from '../model/views.ts';
import type { Problem, Rule } from '../rule/rule.ts';
import type { Outcome } from './finding.ts';
import type { Stopwatch } from './stopwatch.ts';

export interface Checked {
  readonly outcome: Outcome;
  readonly problems: readonly Problem[];
}

/** A rule yields no more than this; what is beyond it is a gap. */
const MAX_PROBLEMS = 500;

/** Runs one rule. A crash is that rule's outcome and nothing else's. */
export function check(
  rule: Rule,
  model: Model,
  languageAt: (path: string) => Language | undefined,
  stopwatch?: Stopwatch,
): Checked {
  const outcome = (status: Outcome['status'], reason?: string, gaps: readonly Gap[] = []): Checked => ({
    outcome: { rule: rule.id, status, gaps, ...(reason !== undefined && { reason }) },
    problems: [],
  });
  try {
    const roles = rolesOf(rule, model);
    if (roles && !rule.roles.some((role) => role !== 'any' && roles.all.has(role))) {
      const known = [...roles.all].join(', ');
      return outcome(
        'not applicable',
        `It is about code deployed as ${rule.roles.join(' or ')}; this is ${known || 'of unknown role'}.`,
      );
    }
    const answers = rule.needs.map((need) => [need, model.view(need)] as const);
    const missing = answers.map(([, answer]) => answer).find(({ state }) => state !== 'present');
    if (missing?.state === 'absent') return outcome('not applicable', missing.reason);
    if (missing?.state === 'unavailable') return outcome('not checked', missing.reason);

    const problems: Problem[] = [];
    let gaps = answers.map(([, answer]) => gapsOf(answer)).reduce(joined, NO_GAPS);
    const views = viewsOf(answers);
    const start = performance.now();
    const isAbout = rule.about?.isIn(views) !== false;
    for (const problem of isAbout ? rule.check(views) : []) {
      if (roles && languageAt(problem.at.path) === 'javascript' && !hasRole(rule, roles, problem.at.path)) continue;
      problems.push(problem);
      if (problems.length === MAX_PROBLEMS) {
        gaps = [...gaps, { kind: 'capped', message: `${rule.id} found ${MAX_PROBLEMS} problems and stopped looking.` }];
        break;
      }
    }
    stopwatch?.add(`rule ${rule.id}`, performance.now() - start);
    if (!isAbout && gaps.length === 0) return outcome('not applicable', `The project has no ${rule.about?.what}.`);
    return { outcome: { rule: rule.id, status: statusOf(problems, gaps), gaps }, problems };
  } catch (error) {
    return outcome('crashed', crashOf(error));
  }
}

/** What may be told of a crash: a syntax error quotes the text it met, which may be a secret. */
function crashOf(error: unknown): string {
  if (!(error instanceof Error)) return 'It threw something that is no error.';
  return error instanceof SyntaxError ? error.name : `${error.name}: ${error.message.slice(0, 200)}`;
}

/** Undefined where the rule holds for any role, so that roles need not even be found out. */
function rolesOf(rule: Rule, model: Model): Roles | undefined {
  if (rule.roles.includes('any')) return undefined;
  const answer = model.view('roles');
  return answer.state === 'present' ? answer.answer : { all: new Set(), at: () => new Set(), entries: [] };
}

function hasRole(rule: Rule, roles: Roles, path: string): boolean {
  const here = roles.at(path);
  return rule.roles.some((role) => role !== 'any' && here.has(role));
}

const NO_GAPS: readonly Gap[] = [];

const gapsOf = (answer: Answer<unknown>): readonly Gap[] => (answer.state === 'present' ? answer.gaps : NO_GAPS);

const joins = new WeakMap<readonly Gap[], WeakMap<readonly Gap[], readonly Gap[]>>();

/** The gaps of two views: one list for all the rules that ask both, since there may be thousands. */
function joined(gaps: readonly Gap[], others: readonly Gap[]): readonly Gap[] {
  if (others.length === 0) return gaps;
  if (gaps.length === 0) return others;
  let ofGaps = joins.get(gaps);
  if (!ofGaps) joins.set(gaps, (ofGaps = new WeakMap()));
  const known = ofGaps.get(others);
  if (known) return known;
  const both = [...gaps, ...others];
  ofGaps.set(others, both);
  return both;
}

/** Only the declared views are handed over: an undeclared one is undefined at run time as it is in the types. */
const viewsOf = (answers: readonly (readonly [ViewName, Answer<unknown>])[]): Views =>
  Object.fromEntries(
    answers.map(([name, answer]) => [name, answer.state === 'present' ? answer.answer : undefined]),
  ) as unknown as Views;

function statusOf(problems: readonly Problem[], gaps: readonly Gap[]): Outcome['status'] {
  if (problems.some(({ unsure }) => unsure === undefined)) return 'failed';
  if (problems.length > 0) return 'unsure';
  return gaps.length > 0 ? 'partly' : 'passed';
}
