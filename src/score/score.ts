import type { Finding, Outcome } from '../engine/finding.ts';
import { CATEGORIES } from '../rule/category.ts';
import type { Category } from '../rule/category.ts';
import { SEVERITIES } from '../rule/rule.ts';
import type { Rule, Severity } from '../rule/rule.ts';
import type { Evidence, Letter, Profile } from './profile.ts';
import { PROFILE_1 } from './profile.ts';

export interface Score {
  readonly profile: string;
  readonly value: number;
  readonly letter: Letter;
  /** Too little of what applies was decided for the letter to stand. */
  readonly provisional: boolean;
  /** The value if all that could not be decided were wrong. Ceilings need proof, so they do not enter here. */
  readonly floor: number;
  /** The value if nothing had been ignored. */
  readonly withoutIgnores: number;
  /** Percent of the points of the applicable controls that were decided. */
  readonly coverage: number;
  /** Their points add up to 100 − value. */
  readonly lines: readonly ScoreLine[];
}

export interface ScoreLine {
  readonly kind: 'control' | 'ceiling';
  readonly points: number;
  /** Points it would cost if its category had no cap. */
  readonly full: number;
  readonly category: Category;
  readonly control: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly evidence: Evidence;
  /** Of the finding the line is charged to. */
  readonly fingerprint: string;
  /** Findings of the control. */
  readonly findings: number;
  readonly text: string;
}

export interface Scored {
  readonly rules: readonly Pick<Rule, 'id' | 'control' | 'severity'>[];
  readonly outcomes: readonly Pick<Outcome, 'rule' | 'status'>[];
  readonly findings: readonly Finding[];
}

type Control = Finding['control'];

/**
 * 100 minus what was lost. A control costs once, at its worst finding; a category costs no more than its cap; a
 * confirmed critical or high holds the rest down. What passed or does not apply is worth nothing: there is no bonus.
 *
 * A finding ignored with a reason costs nothing, and `withoutIgnores` says what that was worth. A finding of the
 * baseline costs in full: the baseline is for the gate, a debt is still a debt.
 */
export function scoreOf({ rules, outcomes, findings }: Scored, profile: Profile = PROFILE_1): Score {
  const charges = chargesOf(findings.filter(isCharged), profile);
  const lines = linesOf(charges, profile);
  const linear = 100 - sum(lines.map(({ points }) => points));
  const ceiling = ceilingOf(charges, linear, profile);
  const value = linear - (ceiling?.points ?? 0);
  const controls = controlsOf(rules, outcomes);
  const coverage = coverageOf(controls, profile);
  const undecided = controls.filter(({ isDecided, control }) => !isDecided && !charges.has(control));
  const ignored = findings.some(isForgiven);
  return {
    profile: profile.name,
    value,
    letter: letterOf(value, profile),
    provisional: coverage < profile.decisive,
    floor: Math.min(
      value,
      100 - costOf([...charges.values(), ...undecided.map((one) => feared(one, profile))], profile),
    ),
    withoutIgnores: ignored ? scoreOf({ rules, outcomes, findings: findings.map(unforgiven) }, profile).value : value,
    coverage,
    lines: ceiling ? [...lines, ceiling] : lines,
  };
}

const isForgiven = ({ ignored }: Finding): boolean => ignored !== undefined && ignored.by !== 'baseline';

const isCharged = (finding: Finding): boolean => finding.confidence !== 'unsure' && !isForgiven(finding);

function unforgiven(finding: Finding): Finding {
  const { ignored: _ignored, ...rest } = finding;
  return rest;
}

export const evidenceOf = ({ mitigated, confidence }: Finding): Evidence =>
  mitigated !== undefined ? 'mitigated' : confidence === 'certain' ? 'certain' : 'likely';

interface Charge {
  readonly category: Category;
  readonly control: Control;
  readonly full: number;
}

interface FindingCharge extends Charge {
  readonly worst: Finding;
  readonly findings: readonly Finding[];
}

const categoryOf = (control: Control): Category => control.slice(0, control.indexOf('/')) as Category;

function chargesOf(findings: readonly Finding[], profile: Profile): ReadonlyMap<string, FindingCharge> {
  const byControl = new Map<Control, Finding[]>();
  for (const finding of findings) {
    const known = byControl.get(finding.control);
    if (known) known.push(finding);
    else byControl.set(finding.control, [finding]);
  }
  const charges = new Map<string, FindingCharge>();
  for (const [control, all] of byControl) {
    const sorted = all.toSorted((a, b) => pointsOf(b, profile) - pointsOf(a, profile) || byWeight(a, b));
    const worst = sorted[0];
    if (worst) {
      charges.set(control, {
        category: categoryOf(control),
        control,
        full: pointsOf(worst, profile),
        worst,
        findings: sorted,
      });
    }
  }
  return charges;
}

const pointsOf = (finding: Finding, { points, share }: Profile): number =>
  Math.round(points[finding.severity] * share[evidenceOf(finding)]);

/** Worst first, then where a reader meets them. The same whatever order the findings come in. */
export const byWeight = (a: Finding, b: Finding): number =>
  SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
  compare(a.at.path, b.at.path) ||
  a.at.start.line - b.at.start.line ||
  a.at.start.column - b.at.start.column ||
  compare(a.rule, b.rule) ||
  compare(a.fingerprint, b.fingerprint);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Within a category the dearest controls are paid first; what the cap leaves unpaid is shown in `full`. */
function paid<T extends Charge>(charges: Iterable<T>, { caps }: Profile): readonly (T & { readonly points: number })[] {
  const left = new Map<Category, number>(CATEGORIES.map((category) => [category, caps[category]]));
  return [...charges]
    .toSorted((a, b) => b.full - a.full || compare(a.control, b.control))
    .map((charge) => {
      const rest = left.get(charge.category) ?? 0;
      const points = Math.min(rest, charge.full);
      left.set(charge.category, rest - points);
      return { ...charge, points };
    });
}

const costOf = (charges: Iterable<Charge>, profile: Profile): number =>
  sum(paid(charges, profile).map(({ points }) => points));

const linesOf = (charges: ReadonlyMap<string, FindingCharge>, profile: Profile): readonly ScoreLine[] =>
  paid(charges.values(), profile)
    .filter(({ full }) => full > 0)
    .toSorted((a, b) => b.points - a.points || b.full - a.full || compare(a.control, b.control))
    .map((charge) => lineOf('control', charge.worst, charge.points, charge.full, charge.findings.length));

/** The line that takes the score from what the controls leave down to the ceiling; absent where it is lower anyway. */
function ceilingOf(
  charges: ReadonlyMap<string, FindingCharge>,
  linear: number,
  profile: Profile,
): ScoreLine | undefined {
  const confirmed = [...charges.values()]
    .flatMap(({ findings }) => findings)
    .filter((finding) => evidenceOf(finding) === 'certain')
    .toSorted(byWeight)[0];
  if (!confirmed) return undefined;
  const ceiling = profile.ceilings[confirmed.severity];
  if (ceiling === undefined || linear <= ceiling) return undefined;
  const { length } = charges.get(confirmed.control)?.findings ?? [];
  return lineOf('ceiling', confirmed, linear - ceiling, linear - ceiling, length);
}

const lineOf = (
  kind: ScoreLine['kind'],
  finding: Finding,
  points: number,
  full: number,
  findings: number,
): ScoreLine => ({
  kind,
  points,
  full,
  category: categoryOf(finding.control),
  control: finding.control,
  rule: finding.rule,
  severity: finding.severity,
  evidence: evidenceOf(finding),
  fingerprint: finding.fingerprint,
  findings,
  text: finding.message,
});

interface ControlState {
  readonly control: Control;
  /** Of the worst of its rules that apply. */
  readonly severity: Severity;
  /** Some rule found it broken or found it whole; what no rule could say is undecided. */
  readonly isDecided: boolean;
}

/** The controls some rule applies to. */
function controlsOf(rules: Scored['rules'], outcomes: Scored['outcomes']): readonly ControlState[] {
  const statusOf = new Map(outcomes.map(({ rule, status }) => [rule, status]));
  const states = new Map<Control, ControlState>();
  for (const { id, control = id, severity } of rules) {
    const status = statusOf.get(id);
    if (status === undefined || status === 'not applicable') continue;
    const isDecided = status === 'failed' || status === 'passed';
    const known = states.get(control);
    states.set(control, {
      control,
      severity: known ? worse(known.severity, severity) : severity,
      isDecided: isDecided || (known?.isDecided ?? false),
    });
  }
  return [...states.values()];
}

const worse = (a: Severity, b: Severity): Severity => (SEVERITIES.indexOf(a) <= SEVERITIES.indexOf(b) ? a : b);

const feared = ({ control, severity }: ControlState, { points }: Profile): Charge => ({
  category: categoryOf(control),
  control,
  full: points[severity],
});

/** Rounded down: 100 means all of it. Nothing applicable is nothing decided. */
function coverageOf(controls: readonly ControlState[], { points }: Profile): number {
  const all = sum(controls.map(({ severity }) => points[severity]));
  const decided = sum(controls.filter(({ isDecided }) => isDecided).map(({ severity }) => points[severity]));
  if (all === 0) return controls.some(({ isDecided }) => isDecided) ? 100 : 0;
  return Math.floor((100 * decided) / all);
}

const letterOf = (value: number, { letters }: Profile): Letter =>
  letters.find(([, least]) => value >= least)?.[0] ?? 'F';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
