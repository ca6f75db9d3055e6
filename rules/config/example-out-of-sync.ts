import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'config/example-out-of-sync',
  ensures: 'The template names every variable the program reads without a default.',
  severity: 'low',
  roles: ['service', 'worker', 'function'],
  cwe: 1059,
  owasp: 'A02',
  why: 'Whoever deploys the program fills in what the template names. What it forgets is undefined in production, and shows when the first request needs it.',
  fix: 'Add the names, without values, and say in a comment what each is for.',
  references: ['https://12factor.net/config'],
  needs: ['environment', 'variableReads'],
  *check({ environment, variableReads }) {
    const template = environment.files.find(({ place }) => place === 'template');
    const missing = new Map(
      variableReads
        .filter(
          ({ name, place, optional }) =>
            place === 'product' && !optional && !GIVEN.test(name) && !environment.documented.has(name),
        )
        .map((read) => [read.name, read]),
    );
    const optional = new Set(variableReads.filter((read) => read.optional).map(({ name }) => name));
    const reads = [...missing.values()].filter(({ name }) => !optional.has(name));
    const [first] = reads;
    if (!first || (!template && reads.length < 3)) return;
    const names = reads.map(({ name }) => name);
    const listed = `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
    yield {
      at: first.at,
      confidence: 'likely',
      message: template
        ? `The code reads ${listed}, which ${template.path} does not name.`
        : `The code reads ${listed}, and no .env.example or other template names them.`,
      trail: reads.slice(1, 6).map(({ name, at }) => ({ at, note: `${name} is read here` })),
    };
  },
  examples: [
    bad('Added to the code alone', {
      'src/db.js':
        'const pool = connect(process.env.DATABASE_URL);\nconst key = «process.env.MAIL_KEY»;\nlimit(parseInt(process.env.LIMIT, 10) || 100);\nif (process.env.TRACE) trace(process.env.TRACE_TO);\n',
      '.env.example': 'DATABASE_URL=\n',
    }),
    bad('No template at all', {
      'src/a.ts':
        'import { env } from "node:process";\nexport const a = connect(«env.DATABASE_URL», process.env["MAIL_KEY"]);\nconst { REDIS_URL } = process.env;\n',
    }),
    good('All of them are named', {
      'src/a.js': 'use(process.env.DATABASE_URL, process.env.MAIL_KEY);\n',
      '.env.example': 'DATABASE_URL=\n',
      'compose.yaml': 'services:\n  api:\n    environment:\n      MAIL_KEY: ${MAIL_KEY}\n',
    }),
    good('There is a default, or the platform sets it', {
      'src/a.js':
        'use(process.env.LEVEL ?? "info", process.env.PORT, process.env.NODE_ENV, process.env.AWS_REGION);\nif (process.env.FLAG === "1") use(1);\n',
      '.env.example': 'A=\n',
    }),
    good('Only tests and scripts of tests read it', {
      'test/a.test.js': 'use(process.env.TEST_DATABASE);\n',
      '.env.example': 'A=\n',
    }),
  ],
});

/** Set by Node.js, by shells and by platforms. */
const GIVEN =
  /^(NODE_|npm_|CI$|CI_|GITHUB_|GITLAB_|RUNNER_|PORT$|HOST$|HOSTNAME$|HOME$|PATH$|PWD$|USER$|SHELL$|TERM$|TZ$|LANG$|LC_|TMP|TEMP$|DEBUG$|FORCE_COLOR$|NO_COLOR$|AWS_|K_|GOOGLE_CLOUD_|GCP_|GAE_|FUNCTION_|VERCEL|NETLIFY|RAILWAY_|RENDER|FLY_|DYNO$|HEROKU_|WEBSITE_|AZURE_|KUBERNETES_|POD_|OTEL_|JEST_|VITEST|npm_|INIT_CWD$|APPDATA$|LOCALAPPDATA$|ProgramFiles|SYSTEMROOT$|windir$|COMSPEC$|EDITOR$|DISPLAY$|XDG_|SSH_|BUILD_|COMMIT|SOURCE_VERSION$|pm_id$|NEXT_RUNTIME$|LOG_LEVEL$)/i;
