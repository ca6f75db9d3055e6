import * as z from 'zod';
import { AuditError } from '../document/audit-error.ts';
import { nearestOf } from '../document/nearest.ts';
import { GATE_KINDS } from '../model/flows/surroundings.ts';
import { ROLES } from '../model/role.ts';
import { SEVERITIES } from '../rule/rule.ts';

const name = z.string().min(1).describe('A rule (`category/what-is-wrong`) or a category.');
const percent = z.int().min(0).max(100);
const inside = z
  .string()
  .min(1)
  .refine((path) => !/^([/\\]|[a-z]:)|(^|[/\\])\.\.([/\\]|$)/i.test(path), 'must be a path inside the project');

const ignore = z
  .strictObject({
    rule: z.union([name, z.array(name).min(1)]).describe('What is ignored: a rule, a category, or several.'),
    path: z
      .union([inside, z.array(inside).min(1)])
      .optional()
      .describe('Where: a file, a folder or a glob, relative to the project. Default: everywhere.'),
    reason: z.string().trim().min(1).describe('Why that is right. Shown in the report.'),
    until: z.iso.date().optional().describe('The last day it holds, YYYY-MM-DD.'),
  })
  .describe('Findings that are accepted.');

const KINDS = ['sql', 'shell', 'code', 'html', 'path', 'url', 'redirect', 'query', 'template', 'regex'] as const;
const call = z
  .string()
  .min(1)
  .describe('`package.function` of a package, `name` of a function of the project, or `src/file.ts#name`.');
const position = z.int().min(0).max(20);

const declare = z
  .strictObject({
    sources: z
      .array(
        z.strictObject({
          call,
          parameter: position
            .optional()
            .describe('Which parameter of the function that is handed to the call. Default: what the call returns.'),
        }),
      )
      .optional()
      .describe('Calls that bring what clients send.'),
    sinks: z
      .array(
        z.strictObject({
          call,
          argument: position.optional().describe('Which argument does harm. Default: the first.'),
          kind: z.enum(KINDS).describe('What the argument is taken for.'),
        }),
      )
      .optional()
      .describe('Calls that nothing a client sends may reach.'),
    sanitizers: z
      .array(
        z.strictObject({
          call,
          clears: z.union([z.literal('all'), z.array(z.enum(KINDS)).min(1)]).describe('What its result is safe for.'),
        }),
      )
      .optional()
      .describe('Calls whose result is safe.'),
    gates: z
      .array(
        z.strictObject({
          call: call.describe('Like the others; or the name of a guard class.'),
          is: z.enum(GATE_KINDS).describe('What it does for the requests that pass it.'),
        }),
      )
      .optional()
      .describe('Middleware, guards and checks on the way to routes.'),
  })
  .describe('What the analysis cannot see of your own functions.');

/** `audit.config.json`, or `audit` in package.json. */
export const configSchema = z.strictObject({
  $schema: z.string().optional().describe('For the editor.'),
  gate: z
    .enum([...SEVERITIES, 'none'])
    .optional()
    .describe('The least severity of a new finding that breaks the gate. Default: high.'),
  minScore: percent.optional().describe('A lower score breaks the gate. Default: no least score.'),
  minCoverage: percent.optional().describe('A lower coverage breaks the gate. Default: no least coverage.'),
  only: z.array(name).optional().describe('The only rules or categories to check.'),
  skip: z.array(name).optional().describe('Rules or categories not to check.'),
  assume: z.enum(ROLES).optional().describe('Treat all code as deployed in this role instead of finding out.'),
  baseline: inside.optional().describe('The file of known findings. Default: audit-baseline.json.'),
  declare: declare.optional(),
  ignore: z.array(ignore).optional().describe('Findings that are accepted, each with a reason.'),
});

export type Config = z.infer<typeof configSchema>;

/** `audit-baseline.json`. */
export const baselineSchema = z.strictObject({
  schema: z.literal(1),
  findings: z.array(z.strictObject({ fingerprint: z.string(), rule: z.string(), path: z.string() })),
});

type Keys = readonly (string | number)[];

/** The keys an object of the configuration may have. */
function shapeAt([first, second]: Keys): object {
  if (first === 'ignore') return ignore.shape;
  if (first !== 'declare') return configSchema.shape;
  switch (second) {
    case 'sources':
    case 'sinks':
    case 'sanitizers':
    case 'gates':
      return declare.shape[second].unwrap().element.shape;
    default:
      return declare.shape;
  }
}

/** The value as a configuration; otherwise says where it is wrong, and what would be right. */
export function validConfig(value: unknown, placeOf: (keys: Keys) => string): Config {
  const result = configSchema.safeParse(value);
  if (result.success) return result.data;
  const { issues } = result.error;
  // a mistyped key is also a missing one: the first explains the second
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  const keys = (issue?.path ?? []).filter((key) => typeof key !== 'symbol');
  if (issue?.code === 'unrecognized_keys') {
    const [unknown = ''] = issue.keys;
    const known = Object.keys(shapeAt(keys));
    const nearest = nearestOf(unknown, known);
    throw new AuditError(
      2,
      `${placeOf([...keys, unknown])} has an unknown key "${unknown}".`,
      `${nearest === undefined ? '' : `Did you mean "${nearest}"? `}Known keys: ${known.join(', ')}.`,
    );
  }
  const what = keys.length === 0 ? 'The configuration' : `"${keys.join('.')}"`;
  throw new AuditError(
    2,
    `${placeOf(keys)} ${what} is wrong: ${issue?.message ?? 'not what is expected'}.`,
    'Correct it; `audit init` writes an example.',
  );
}
