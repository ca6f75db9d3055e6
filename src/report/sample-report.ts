import type { AuditReport, ReportedFinding, ReportedOutcome, ScoreLine } from './audit-report.ts';

type Given = Partial<ReportedFinding> & Pick<ReportedFinding, 'rule' | 'severity' | 'message'>;

/** For the tests of the reports: a finding whose excerpt is written with its span marked `«like this»`. */
export function sampleFinding(path: string, firstLine: number, marked: string, given: Given): ReportedFinding {
  const text = marked.replaceAll(/[«»]/g, '');
  const position = (offset: number): { line: number; column: number } => {
    const before = marked.slice(0, offset).replaceAll(/[«»]/g, '').split('\n');
    return { line: firstLine + before.length - 1, column: (before.at(-1)?.length ?? 0) + 1 };
  };
  return {
    category: given.rule.slice(0, given.rule.indexOf('/')) as ReportedFinding['category'],
    control: given.rule,
    confidence: 'certain',
    cwe: [],
    owasp: null,
    at: { path, start: position(marked.indexOf('«')), end: position(marked.indexOf('»')) },
    trail: [],
    excerpt: { line: firstLine, text },
    fix: 'Mend it.',
    fingerprint: `${given.rule}@${path}:${firstLine}`,
    ...given,
  };
}

const SQL = sampleFinding(
  'src/routes/orders.js',
  12,
  `router.get('/orders', async (req, res) => {
  const { customer } = req.query;
  const { rows } = await pool.query(«\`SELECT * FROM orders WHERE customer = '\${customer}'\`»);
  res.json(rows);
});`,
  {
    rule: 'injection/sql',
    severity: 'critical',
    message: '`req.query.customer` reaches a SQL statement.',
    cwe: [89],
    owasp: 'A05',
    fix: "Pass values apart from the statement: `pool.query('… WHERE customer = $1', [customer])`.",
    trail: [
      step('src/routes/orders.js', 13, 11, 'req.query.customer comes from the request'),
      step('src/routes/orders.js', 14, 37, 'it becomes part of the statement'),
    ],
  },
);

const SECRET = sampleFinding(
  'src/session.js',
  3,
  `import session from 'express-session';

export default session({ secret: «'…(21 characters)'», resave: false });`,
  {
    rule: 'secrets/session-secret-in-code',
    severity: 'high',
    message: 'The session secret is written in the code.',
    cwe: [798],
    // as in the file, where the secret is longer than its mask
    at: { path: 'src/session.js', start: { line: 5, column: 34 }, end: { line: 5, column: 57 } },
    fix: 'Read it from the environment: `process.env.SESSION_SECRET`, and refuse to start without it.',
  },
);

const LIMIT = [9, 21, 40, 52].map((number) =>
  sampleFinding('src/routes/login.js', number, `\nrouter.«post»('/login', login);`, {
    rule: 'limits/login-unlimited',
    severity: 'medium',
    confidence: number === 52 ? 'likely' : 'certain',
    message: `POST /login/${number} may be tried as often as one likes.`,
    fix: 'Put `rateLimit({ windowMs: 15 * 60 * 1000, limit: 10 })` before the handler.',
  }),
);

const POWERED_BY = sampleFinding('src/app.js', 5, `const app = «express()»;`, {
  rule: 'headers/powered-by',
  severity: 'low',
  message: '`app` tells everyone that it is Express.',
  fix: "`app.disable('x-powered-by')`",
});

const UNSURE = sampleFinding('src/files.js', 8, `res.sendFile(«path.join(root, name)»);`, {
  rule: 'injection/path-traversal',
  severity: 'high',
  confidence: 'unsure',
  message: '`name` may name a file outside of `root`.',
  unsure: '`name` comes from `lookup`, whose code was not found.',
});

const IGNORED = sampleFinding('src/report.js', 30, `exec(«\`convert \${file}\`»);`, {
  rule: 'injection/os-command',
  severity: 'critical',
  message: '`file` reaches a shell command.',
  ignored: { by: 'comment', reason: 'file comes from the list above' },
});

const KNOWN = sampleFinding('Dockerfile', 1, '«FROM node:18»', {
  rule: 'container/node-end-of-life',
  severity: 'medium',
  message: 'Node.js 18 has had no fixes since 2025-04-30.',
  ignored: { by: 'baseline', reason: 'known when the baseline was written' },
});

/** A run with something of everything: 100 − 14 − 9 − 6 − 6 − 2 − 14 = 49. */
export const SAMPLE: AuditReport = {
  schema: 1,
  tool: { name: 'seaworthy', version: '1.2.3', ruleset: 'abc123', profile: '1' },
  target: { name: 'shop', path: '.', urls: [], roles: ['service'], files: 42, date: '2026-11-22' },
  summary: {
    findings: { critical: 1, high: 1, medium: 4, low: 1, info: 0 },
    unsure: 1,
    ignored: 1,
    baseline: 1,
    outcomes: { failed: 6, unsure: 1, partly: 1, passed: 1, 'not applicable': 1, 'not checked': 1, crashed: 0 },
  },
  score: {
    profile: '1',
    value: 49,
    letter: 'F',
    provisional: false,
    floor: 43,
    withoutIgnores: 49,
    coverage: 81,
    lines: [
      charge(SQL, 14, 25),
      charge(SECRET, 9, 12),
      charge(LIMIT[0] ?? SQL, 6, 6, 4),
      charge(KNOWN, 6, 6),
      charge(POWERED_BY, 2, 2),
      { ...charge(SQL, 14, 14), kind: 'ceiling' },
    ],
  },
  gate: {
    status: 'broken',
    level: 'high',
    minScore: null,
    minCoverage: null,
    breaches: [
      {
        kind: 'findings',
        message: '2 findings are high or worse.',
        fingerprints: [SQL.fingerprint, SECRET.fingerprint],
      },
    ],
  },
  outcomes: [
    outcome('container/node-end-of-life', 'failed', 'medium'),
    outcome('headers/powered-by', 'failed', 'low'),
    outcome('injection/os-command', 'failed', 'critical'),
    outcome('injection/path-traversal', 'unsure', 'high'),
    outcome('injection/sql', 'failed', 'critical'),
    outcome('injection/xss', 'partly', 'high', { gaps: [0] }),
    outcome('limits/body-size', 'passed', 'medium'),
    outcome('limits/login-unlimited', 'failed', 'medium'),
    outcome('database/pool-size', 'not applicable', 'low', { reason: 'There is no pool.' }),
    outcome('secrets/session-secret-in-code', 'failed', 'high'),
    outcome('transport/hsts-missing', 'not checked', 'medium', { reason: 'No URL was given.' }),
  ],
  findings: [KNOWN, POWERED_BY, UNSURE, IGNORED, ...LIMIT, SQL, SECRET],
  gaps: [
    {
      kind: 'dynamic',
      message: 'The module that is loaded here is chosen at run time.',
      at: { path: 'src/plugins.js', start: { line: 4, column: 3 }, end: { line: 4, column: 30 } },
    },
  ],
  notRun: [{ rule: 'transport/hsts-missing', because: 'not checked', reason: 'No URL was given.' }],
};

/** A run that found nothing. */
export const CLEAN: AuditReport = {
  ...SAMPLE,
  findings: [],
  gaps: [],
  notRun: [],
  summary: {
    findings: { critical: 0, high: 0, medium: 0, low: 0, info: 0 },
    unsure: 0,
    ignored: 0,
    baseline: 0,
    outcomes: { failed: 0, unsure: 0, partly: 0, passed: 1, 'not applicable': 0, 'not checked': 0, crashed: 0 },
  },
  score: { ...SAMPLE.score, value: 100, letter: 'A+', floor: 100, withoutIgnores: 100, coverage: 100, lines: [] },
  gate: { ...SAMPLE.gate, status: 'held', breaches: [] },
  outcomes: [outcome('limits/body-size', 'passed', 'medium')],
};

/** Terminal escapes, direction overrides, markup and commands of every medium. */
export const HOSTILE_TEXT =
  '\u001B[31mred\u001B]8;;https://evil.example\u0007 \u009B2J \u202Egnp.exe \u200B<script>alert(1)</script><img src=x onerror=alert(1)>' +
  ' [click](javascript:alert(1)) ![](https://evil.example/a.png) | @everyone #1 ::error::owned %0A::warning::x ``` `` ]]> --> "quote" \'single\' &amp; \uD800 \u2028 https://evil.example **b** _i_\u007F';

/** A run of a project whose every name is meant to break the report. */
export function hostileReport(text: string = HOSTILE_TEXT): AuditReport {
  const path = `src/${text}.js`;
  const at = (place: ReportedFinding['at']): ReportedFinding['at'] => ({ ...place, path });
  return {
    ...SAMPLE,
    target: { ...SAMPLE.target, name: text, path: text, urls: [text], roles: [text] },
    findings: SAMPLE.findings.map((finding) => ({
      ...finding,
      message: text,
      at: at(finding.at),
      trail: [{ at: at(finding.at), note: text }],
      excerpt: { line: finding.excerpt.line, text: `${text}\n${finding.excerpt.text}\n${text}` },
      ...(finding.unsure !== undefined && { unsure: text }),
      ...(finding.ignored && { ignored: { ...finding.ignored, reason: text } }),
    })),
    score: { ...SAMPLE.score, lines: SAMPLE.score.lines.map((one) => ({ ...one, text })) },
    outcomes: SAMPLE.outcomes.map((one) => (one.reason === undefined ? one : { ...one, reason: text })),
    gaps: SAMPLE.gaps.map((gap) => ({ ...gap, message: text, ...(gap.at && { at: at(gap.at) }) })),
    notRun: SAMPLE.notRun.map((one) => ({ ...one, reason: text })),
  };
}

function step(path: string, onLine: number, column: number, note: string): ReportedFinding['trail'][number] {
  return { at: { path, start: { line: onLine, column }, end: { line: onLine, column: column + 8 } }, note };
}

function charge(finding: ReportedFinding, points: number, full: number, findings = 1): ScoreLine {
  const { category, control, rule, severity, fingerprint, message } = finding;
  return {
    kind: 'control',
    points,
    full,
    category,
    control,
    rule,
    severity,
    evidence: 'certain',
    fingerprint,
    findings,
    text: message,
  };
}

function outcome(
  rule: string,
  status: ReportedOutcome['status'],
  severity: ReportedOutcome['severity'],
  given: Partial<ReportedOutcome> = {},
): ReportedOutcome {
  return {
    rule,
    category: rule.slice(0, rule.indexOf('/')) as ReportedOutcome['category'],
    control: rule,
    severity,
    status,
    gaps: [],
    ensures: `What ${rule} is about is as it should be.`,
    why: 'Whoever finds it can use it. The second sentence says more.',
    fix: 'Mend it with `mend()`.',
    references: ['https://cheatsheetseries.owasp.org/'],
    cwe: [],
    owasp: null,
    ...given,
  };
}
