import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'headers/csp-only-reported',
  ensures: 'A content security policy in the code blocks, and does not only report.',
  severity: 'low',
  control: 'headers/csp',
  roles: ['service', 'function'],
  cwe: 693,
  owasp: 'A02',
  why: 'A policy that only reports lets every injected script run, and tells you afterwards. Meant for a week, it tends to stay.',
  fix: 'Once the reports are quiet, drop `reportOnly`; keep a stricter candidate as `-Report-Only` beside the enforced one.',
  references: ['https://www.w3.org/TR/CSP3/#cspro-header'],
  needs: ['policies', 'apps'],
  about: {
    what: 'content security policy that reports',
    isIn: ({ policies }) => policies.headers.some(({ name }) => name === 'content-security-policy-report-only'),
  },
  *check({ policies, apps }) {
    if (policies.answers === 'data') return;
    const policy = policies.headers.filter(({ name }) => name === 'content-security-policy');
    const reported = policies.headers.filter(({ name }) => name === 'content-security-policy-report-only');
    const [first] = reported;
    if (!first || policy.some(({ value }) => value.kind === 'policy')) return;
    // helmet without options enforces its own
    const enforcing = apps.apps
      .flatMap(({ links }) => links)
      .flatMap(({ effects }) => effects)
      .filter(({ headers = [] }) => headers.includes('content-security-policy'));
    if (
      enforcing.some(({ by, options }) => by === 'package' && options === undefined) ||
      enforcing.length > reported.length
    )
      return;
    yield {
      at: first.at,
      message: 'The only policy of the service reports and blocks nothing.',
      ...(policies.answers === 'pages' && { severity: 'medium' as const }),
    };
  },
  examples: [
    bad('By an option of helmet', {
      'app.js': `const helmet = require('helmet');\nconst app = require('express')();\napp.use(helmet({ contentSecurityPolicy: «{ reportOnly: true, directives: { defaultSrc: ["'self'"] } }» }));\napp.get('/', (req, res) => res.render('home'));\napp.listen(3000);\n`,
    }),
    bad('By hand, in Koa', {
      'app.js': `import Koa from 'koa';\nconst app = new Koa();\napp.use(async (ctx, next) => {\n  ctx.set('Content-Security-Policy-Report-Only', «"default-src 'self'"»);\n  await next();\n});\napp.use(async (ctx) => {\n  ctx.body = '<html></html>';\n});\napp.listen(3000);\n`,
    }),
    good('A candidate beside the policy of helmet', {
      'app.js': `const helmet = require('helmet');\nconst app = require('express')();\napp.use(helmet());\napp.get('/', (req, res) => res.set('Content-Security-Policy-Report-Only', "script-src 'self'").render('home'));\napp.listen(3000);\n`,
    }),
    good('Beside one that blocks, in Hono, and while developing', {
      'app.ts': `import { Hono } from 'hono';\nimport { secureHeaders } from 'hono/secure-headers';\nconst app = new Hono();\napp.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'self'"] }, contentSecurityPolicyReportOnly: { defaultSrc: ["'none'"] } }));\napp.get('/', (c) => c.html('<p>'));\nexport default app;\n`,
      'dev.js': `const helmet = require('helmet');\nconst app = require('express')();\nif (process.env.NODE_ENV === 'development') app.use(helmet({ contentSecurityPolicy: { reportOnly: true } }));\napp.listen(3000);\n`,
    }),
  ],
});
