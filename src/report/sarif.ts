import type { AuditReport, ReportedFinding, ReportedOutcome, ReportedPlace } from './audit-report.ts';
import type { Severity } from './category.ts';
import { safeJson } from './safe.ts';
import { firstSentence } from './text.ts';

/**
 * SARIF 2.1.0 (OASIS standard, 2020), as code scanning takes it: URIs relative to the repository, a fingerprint of our
 * own, ignored findings as suppressed results.
 */
export const sarif = (report: AuditReport): string => `${safeJson(sarifLogOf(report), 2)}\n`;

const LEVEL: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/** How code scanning tells severities apart: over 9.0 critical, over 7.0 high, over 4.0 medium. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  info: '0.0',
};

const PRECISION = { certain: 'very-high', likely: 'medium', unsure: 'low' } as const;

const SOURCE_ROOT = 'SRCROOT';

function sarifLogOf(report: AuditReport): object {
  const { tool, score, outcomes, findings, gaps, target } = report;
  const indexOf = new Map(outcomes.map(({ rule }, index) => [rule, index]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: tool.name,
            version: tool.version,
            semanticVersion: tool.version,
            rules: outcomes.map(ruleOf),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [SOURCE_ROOT]: { description: { text: 'The root of the project.' } } },
        automationDetails: { id: 'seaworthy/' },
        invocations: [
          {
            executionSuccessful: outcomes.every(({ status }) => status !== 'crashed'),
            toolExecutionNotifications: [
              ...gaps.map(({ message, at }) => ({
                level: 'note',
                message: messageOf(message),
                ...(at && { locations: [locationOf(at)] }),
              })),
              ...outcomes
                .filter(({ status }) => status === 'crashed')
                .map(({ rule, reason = '' }) => ({
                  level: 'error',
                  message: messageOf(`${rule} crashed: ${reason}`),
                  associatedRule: { id: rule, index: indexOf.get(rule) ?? -1 },
                })),
            ],
          },
        ],
        results: findings.map((finding) => resultOf(finding, indexOf.get(finding.rule) ?? -1)),
        properties: { target: target.name, ruleset: tool.ruleset, score: score.value, profile: score.profile },
      },
    ],
  };
}

function ruleOf({ rule, category, ensures, why, fix, references, severity, cwe, owasp }: ReportedOutcome): object {
  return {
    id: rule,
    shortDescription: messageOf(ensures),
    fullDescription: messageOf(firstSentence(why)),
    help: {
      text: `${why}\n\n${fix}`,
      markdown: `${why}\n\n**Fix.** ${fix}\n\n${references.map((url) => `- <${url}>`).join('\n')}`.trimEnd(),
    },
    ...(references[0] !== undefined && { helpUri: references[0] }),
    defaultConfiguration: { level: LEVEL[severity] },
    properties: {
      tags: [
        category,
        ...(cwe.length > 0 ? ['security'] : []),
        ...cwe.map((number) => `external/cwe/cwe-${String(number).padStart(3, '0')}`),
        ...(owasp === null ? [] : [`owasp/${owasp}:2025`]),
      ],
      ...(cwe.length > 0
        ? { 'security-severity': SECURITY_SEVERITY[severity] }
        : { 'problem.severity': LEVEL[severity] === 'note' ? 'recommendation' : LEVEL[severity] }),
    },
  };
}

/** What GitHub shows of one result. */
const MOST_RELATED = 100;

function resultOf(finding: ReportedFinding, ruleIndex: number): object {
  const { rule, severity, confidence, message, unsure, at, excerpt, trail, fingerprint, ignored, control, also } =
    finding;
  const lines = excerpt.text.split('\n').length;
  return {
    ruleId: rule,
    ...(ruleIndex >= 0 && { ruleIndex }),
    level: confidence === 'unsure' ? 'note' : LEVEL[severity],
    message: messageOf(unsure === undefined ? message : `${message} Not certain: ${unsure}`),
    locations: [
      locationOf(at, {
        contextRegion: {
          startLine: excerpt.line,
          endLine: excerpt.line + lines - 1,
          snippet: { text: excerpt.text },
        },
      }),
    ],
    partialFingerprints: { 'seaworthyFinding/v1': fingerprint },
    ...(trail.length > 0 && {
      codeFlows: [
        {
          threadFlows: [
            {
              locations: trail.map((step) => ({ location: { ...locationOf(step.at), message: messageOf(step.note) } })),
            },
          ],
        },
      ],
    }),
    ...(also && { relatedLocations: also.slice(0, MOST_RELATED).map((each, id) => ({ id, ...locationOf(each.at) })) }),
    ...(ignored
      ? {
          suppressions: [
            {
              kind: ignored.by === 'comment' ? 'inSource' : 'external',
              status: 'accepted',
              justification: ignored.reason,
            },
          ],
        }
      : // an empty list says that suppressions were looked for
        { suppressions: [] }),
    properties: { control, severity, confidence, precision: PRECISION[confidence] },
  };
}

function locationOf({ path, start, end }: ReportedPlace, more: object = {}): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(path), uriBaseId: SOURCE_ROOT },
      region: { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column },
      ...more,
    },
  };
}

/** A relative reference; a lone surrogate has no UTF-8 and so no place in a URI. */
const uriOf = (path: string): string =>
  path
    .replaceAll(/[\uD800-\uDFFF]/gu, '\uFFFD')
    .split('/')
    .map(encodeURIComponent)
    .join('/');

/** In SARIF `[text](target)` is a link even in plain text. */
const messageOf = (text: string): { readonly text: string } => ({ text: text.replaceAll(/\[(?=[^\]]*\]\()/g, '\\[') });
