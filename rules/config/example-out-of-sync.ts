import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'config/example-out-of-sync',
  ensures: 'The template names the variables the program reads without a default, and no others.',
  severity: 'low',
  roles: ['service', 'worker', 'function'],
  cwe: 1059,
  owasp: 'A02',
  why: 'Whoever deploys the program fills in what the template names. What it forgets is undefined in production, and shows when the first request needs it. What is read no more is set, rotated and guarded for nothing.',
  fix: 'Add the names, without values, and say in a comment what each is for; take out those that nothing reads.',
  references: ['https://12factor.net/config'],
  needs: ['environment', 'variableReads'],
  *check({ environment, variableReads }) {
    for (const { file, entries } of environment.unread) {
      const unread = entries.filter(({ name }) => !GIVEN.test(name) && !LIBRARIES.test(name));
      const [first] = unread;
      if (first)
        yield {
          at: file.at(first),
          confidence: 'likely',
          message: `${listOf(unread.map(({ name }) => name))} ${unread.length === 1 ? 'stands' : 'stand'} in ${file.path} alone: nothing of the project reads ${unread.length === 1 ? 'it' : 'them'}.`,
        };
    }
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
    const listed = listOf(names);
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
    bad('A name of before', {
      'src/a.js': 'use(process.env.DATABASE_URL, process.env["MAIL_KEY"]);\n',
      '.env.example': 'DATABASE_URL=\n«OLD_QUEUE=»\nMAIL_KEY=\n',
      'README.md': 'Set OLD_QUEUE.\n',
    }),
    good('Read by a deployment, a script, a name put together, a library, or the program of others', {
      'package.json': '{ "main": "src/a.js", "dependencies": { "typeorm": "0.2.45" } }',
      'src/a.js':
        'use(process.env.DATABASE_URL, process.env.MAIL_KEY, process.env.LEVEL);\nfor (const shop of shops) use(process.env[`SHOP_${shop}`]);\n',
      'compose.yaml': 'services:\n  api:\n    build: .\n    ports: ["${PUBLIC_PORT}:3000"]\n',
      'scripts/seed.py': 'import os\nuse(os.environ["SEED_USER"])\n',
      '.env.example':
        'DATABASE_URL=\nMAIL_KEY=\nLEVEL=\nSHOP_BERLIN=\nPUBLIC_PORT=80\nSEED_USER=\nSENTRY_DSN=\nTYPEORM_LOGGER=\n',
    }),
    good('The whole file is given to a finished program', {
      'src/a.js': 'use(process.env.DATABASE_URL, process.env.MAIL_KEY);\n',
      'compose.yaml': 'services:\n  db:\n    image: acme/store:1\n    env_file: .env\n',
      '.env.example': 'DATABASE_URL=\nMAIL_KEY=\nSTORE_ROOT_PASSWORD=\n',
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

const listOf = (names: readonly string[]): string =>
  `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;

/** Read by libraries and tools, whose text is not part of the project. */
const LIBRARIES =
  /^(SENTRY|OTEL|DD|NEW_RELIC|ELASTIC_APM|POSTGRES|PG|MYSQL|MARIADB|MONGO|REDIS|RABBITMQ|MINIO|COMPOSE|DOCKER|NEXT|AUTH|NEXTAUTH|CLERK|SUPABASE|STRIPE|TWILIO|OPENAI|ANTHROPIC|GOOGLE|FIREBASE|CLOUDINARY|CLOUDFLARE|R2|S3|SMTP|PRISMA|SHADOW|DIRECT|TURBO|VITE|NUXT|REACT_APP|EXPO|PUBLIC|STORYBOOK|CYPRESS|PLAYWRIGHT|PM2|DATABASE|HTTPS?_PROXY|NO_PROXY|TRAEFIK|NGINX|GRAFANA|GF|KEYCLOAK|UV)(_|$)|^(COOKIE_SECURE|BROWSER|GENERATE_SOURCEMAP|SKIP_\w+|DISABLE_\w+|ESLINT_\w+|TSC_\w+|CHOKIDAR_\w+)$/;

/** Set by Node.js, by shells and by platforms. */
const GIVEN =
  /^(NODE_|npm_|CI$|CI_|GITHUB_|GITLAB_|RUNNER_|PORT$|HOST$|HOSTNAME$|HOME$|PATH$|PWD$|USER$|SHELL$|TERM$|TZ$|LANG$|LC_|TMP|TEMP$|DEBUG$|FORCE_COLOR$|NO_COLOR$|AWS_|K_|GOOGLE_CLOUD_|GCP_|GAE_|FUNCTION_|VERCEL|NETLIFY|RAILWAY_|RENDER|FLY_|DYNO$|HEROKU_|WEBSITE_|AZURE_|KUBERNETES_|POD_|OTEL_|JEST_|VITEST|npm_|INIT_CWD$|APPDATA$|LOCALAPPDATA$|ProgramFiles|SYSTEMROOT$|windir$|COMSPEC$|EDITOR$|DISPLAY$|XDG_|SSH_|BUILD_|COMMIT|SOURCE_VERSION$|pm_id$|NEXT_RUNTIME$|LOG_LEVEL$)/i;
