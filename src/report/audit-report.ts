import { z } from 'zod';
import { CATEGORIES, SEVERITIES } from './category.ts';

/**
 * The contract of `--format json`, and all that any report may read. `schema` counts breaking changes: within one
 * number fields are added, never renamed, removed or given another meaning.
 *
 * Import types from here with `import type`, so that zod stays unloaded in a plain run.
 */

const position = z.strictObject({
  line: z.int().min(1).describe('1-based.'),
  column: z.int().min(1).describe('1-based, in UTF-16 code units.'),
});

const place = z.strictObject({
  path: z.string().describe('Relative to the project root, with `/`. A recorded HTTP exchange starts with `live/`.'),
  start: position,
  end: position.describe('Exclusive.'),
});

const severity = z.enum(SEVERITIES);
const category = z.enum(CATEGORIES);
const letter = z.enum(['A+', 'A', 'B', 'C', 'D', 'F']);
const percent = z.int().min(0).max(100);
const count = z.int().min(0);
const rule = z
  .string()
  .regex(/^[a-z0-9-]+\/[a-z0-9-]+$/)
  .describe('`category/what-is-wrong`.');
const owasp = z.string().nullable().describe('Category of the OWASP Top Ten 2025, for example `A05`.');

const tool = z.strictObject({
  name: z.literal('seaworthy'),
  version: z.string(),
  ruleset: z.string().describe('Hash of the rules that ran: another hash means another set of rules.'),
  profile: z.string().describe('Version of the score; frozen once released.'),
});

const target = z.strictObject({
  name: z.string().describe('Of the manifest, of the folder, or the first URL.'),
  path: z.string().nullable().describe('The folder as it was named; null where only a deployment was probed.'),
  urls: z.array(z.string()).describe('The deployments that were probed.'),
  roles: z.array(z.string()).describe('What its code is deployed as; empty where that is not known.'),
  files: count.describe('Files of the project.'),
  only: z.array(z.string()).optional().describe('Findings are reported on these files alone.'),
  date: z.iso.date().describe('The day the audit was made for: it decides what has reached its end of life.'),
});

const summary = z.strictObject({
  findings: z
    .strictObject({ critical: count, high: count, medium: count, low: count, info: count })
    .describe('Certain and likely findings that are neither ignored nor of the baseline.'),
  unsure: count.describe('Findings that cannot be certain: they cost nothing and break no gate.'),
  ignored: count.describe('Findings ignored by a comment or by the configuration.'),
  baseline: count.describe('Findings that were there when the baseline was written.'),
  outcomes: z.strictObject({
    failed: count,
    unsure: count,
    partly: count,
    passed: count,
    'not applicable': count,
    'not checked': count,
    crashed: count,
  }),
});

const scoreLine = z.strictObject({
  kind: z.enum(['control', 'ceiling']).describe('`ceiling`: a confirmed critical or high holds the score down.'),
  points: count.describe('Points lost by this line. All lines add up to 100 − value.'),
  full: count.describe('Points it would cost if its category had no cap.'),
  category,
  control: z.string(),
  rule,
  severity,
  evidence: z.enum(['certain', 'likely', 'mitigated']),
  fingerprint: z.string().describe('Of the finding the line is charged to.'),
  findings: count.describe('Findings of the control; they cost points once.'),
  text: z.string().describe('Message of the finding the line is charged to.'),
});

const score = z.strictObject({
  profile: z.string(),
  value: percent,
  letter,
  provisional: z.boolean().describe('Less than 60 % of what applies was decided.'),
  floor: percent.describe('The value if all that could not be decided were wrong.'),
  withoutIgnores: percent.describe('The value if nothing had been ignored.'),
  coverage: percent.describe('Share of the applicable controls that was decided, weighted by their points.'),
  lines: z.array(scoreLine),
});

const gate = z.strictObject({
  status: z.enum(['held', 'broken']),
  level: z.enum([...SEVERITIES, 'none']).describe('The least severity that breaks the gate.'),
  minScore: percent.nullable(),
  minCoverage: percent.nullable(),
  breaches: z.array(
    z.strictObject({
      kind: z.enum(['findings', 'score', 'coverage']),
      message: z.string(),
      fingerprints: z.array(z.string()),
    }),
  ),
});

const gap = z.strictObject({
  kind: z.enum(['unreadable', 'capped', 'unresolved', 'escaped', 'dynamic', 'roles', 'unreached']),
  message: z.string(),
  at: place.optional(),
});

const outcome = z.strictObject({
  rule,
  category,
  control: z.string(),
  severity,
  status: z.enum(['failed', 'unsure', 'partly', 'passed', 'not applicable', 'not checked', 'crashed']),
  reason: z.string().optional().describe('Why it does not apply, was not checked, or crashed.'),
  gaps: z.array(count).describe('What its views could not see: indices into the `gaps` of the report.'),
  ensures: z.string().describe('The good state, one sentence.'),
  why: z.string().describe('Markdown: what an attacker or an outage does with it.'),
  fix: z.string().describe('Markdown, imperative.'),
  references: z.array(z.url()),
  cwe: z.array(z.int()),
  owasp,
});

const finding = z.strictObject({
  rule,
  category,
  control: z.string().describe('What can be lost once: it costs points at most once, however many findings it has.'),
  severity,
  confidence: z.enum(['certain', 'likely', 'unsure']),
  cwe: z.array(z.int()),
  owasp,
  message: z.string().describe('The bad fact in the names of the project. Never the value of a secret.'),
  unsure: z.string().optional().describe('Why it cannot be certain.'),
  mitigated: z.string().optional().describe('What outside the code makes up for it in the running deployment.'),
  at: place,
  trail: z
    .array(z.strictObject({ at: place, note: z.string() }))
    .describe('From the source by every step to the sink.'),
  also: z
    .array(z.strictObject({ at: place, fingerprint: z.string() }))
    .optional()
    .describe('The other places of the same, where there are many that one change repairs.'),
  excerpt: z.strictObject({
    line: z.int().min(1).describe('Number of the first line.'),
    text: z.string().describe('Lines around the finding, secrets masked.'),
  }),
  fix: z.string().describe('Markdown, imperative.'),
  fingerprint: z.string().describe('The same as long as rule, path and flagged text are; no line numbers.'),
  ignored: z.strictObject({ by: z.enum(['comment', 'config', 'baseline']), reason: z.string() }).optional(),
});

const notRun = z.strictObject({
  rule,
  because: z.enum(['not checked', 'crashed', 'skipped']),
  reason: z.string(),
});

export const auditReport = z.strictObject({
  schema: z.literal(1),
  tool,
  target,
  summary,
  score,
  gate,
  outcomes: z.array(outcome).describe('One for each rule that was asked for, in the order of their ids.'),
  findings: z.array(finding).describe('In path and position order.'),
  gaps: z.array(gap).describe('What could not be seen.'),
  notRun: z.array(notRun).describe('Rules without a verdict, and why.'),
});

type Frozen<T> = T extends readonly unknown[] | object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T;

export type AuditReport = Frozen<z.infer<typeof auditReport>>;
export type ReportedFinding = AuditReport['findings'][number];
export type ReportedOutcome = AuditReport['outcomes'][number];
export type ReportedGap = AuditReport['gaps'][number];
export type ReportedPlace = ReportedFinding['at'];
export type Score = AuditReport['score'];
export type ScoreLine = Score['lines'][number];
