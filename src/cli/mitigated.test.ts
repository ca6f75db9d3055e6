import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Finding } from '../engine/finding.ts';
import { auditRunOf } from './audit-run.ts';
import type { AuditFlags } from './flags.ts';
import { SILENT } from './progress.ts';

/** What the code lacks and the deployment shows to be made up for, by recorded answers; and the same without them. */
const folder = mkdtempSync(join(tmpdir(), 'seaworthy-mitigated-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PACKAGE =
  '{ "name": "shop", "main": "app.js", "dependencies": { "express": "^5.1.0", "helmet": "^8.0.0", "cors": "^2.8.5", "express-session": "^1.18.0", "express-rate-limit": "^8.0.0" } }';
const HEAD = `
const express = require('express');
const app = express();
`;
const ROUTES = `
app.get('/items', (req, res) => res.json([]));
app.listen(3000);
`;

const answered = (line: string, fields: readonly string[] = [], body = '[]', notes: readonly string[] = []): string =>
  [
    ...notes,
    'GET https://shop.example/items HTTP/1.1',
    '',
    line,
    'Content-Type: application/json',
    ...fields,
    '',
    body,
  ].join('\n');
const OK = 'HTTP/1.1 200 OK';
const NAMED = 'X-Powered-By: Express';
const MISSING = answered('HTTP/1.1 404 Not Found', [NAMED], '{"error":"no"}').replace('/items', '/audit-probe-1');
const HIDDEN =
  '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Error</title>\n</head>\n<body>\n<pre>Bad Request</pre>\n</body>\n</html>';

interface Case {
  readonly rule: string;
  readonly title: string;
  readonly code: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Recorded answers by their step, in the place of or besides the usual two. */
  readonly answers: Readonly<Record<string, string>>;
  readonly says: string;
}

const CASES: readonly Case[] = [
  {
    rule: 'limits/rate-limit-missing',
    title: 'a limit in front',
    code: `${HEAD}${ROUTES}`,
    answers: { home: answered(OK, [NAMED, 'X-RateLimit-Limit: 100', 'X-RateLimit-Remaining: 99']) },
    says: 'something in front has one',
  },
  {
    rule: 'headers/powered-by',
    title: 'a name taken away in front',
    code: `${HEAD}${ROUTES}`,
    answers: {
      home: answered(OK, ['ETag: W/"2-l9Fw4VUO7kr8CvBlt4zaMCqXZ0w"']),
      missing: MISSING.replace(`${NAMED}\n`, ''),
    },
    says: 'something takes it away',
  },
  {
    rule: 'headers/protection-disabled',
    title: 'nosniff set in front',
    code: `${HEAD}app.use(require('helmet')({ xContentTypeOptions: false }));${ROUTES}`,
    answers: {
      home: answered(OK, [NAMED, 'X-Content-Type-Options: nosniff']),
      missing: MISSING.replace(NAMED, 'X-Content-Type-Options: nosniff'),
    },
    says: 'something in front sets it',
  },
  {
    rule: 'headers/cors-credentials-any-origin',
    title: 'foreign origins turned away in front',
    code: `${HEAD}app.use(require('cors')({ origin: true, credentials: true }));${ROUTES}`,
    answers: {
      'foreign-origin': answered(OK, [NAMED]),
      preflight: answered('HTTP/1.1 204 No Content', [NAMED], '').replace('GET', 'OPTIONS'),
    },
    says: 'reflected a foreign origin neither to GET nor to a preflight',
  },
  {
    rule: 'auth/session-cookie-flags',
    title: 'flags added in front',
    code: `${HEAD}app.use(require('express-session')({ secret: process.env.SECRET, resave: false, saveUninitialized: true, cookie: { secure: false } }));${ROUTES}`,
    answers: {
      home: answered(OK, [NAMED, 'Set-Cookie: connect.sid=…(64 characters, signed); Path=/; HttpOnly; Secure']),
    },
    says: 'something in front adds them',
  },
  {
    rule: 'limits/body-limit-excessive',
    title: 'large bodies refused in front',
    code: `${HEAD}app.use(express.json({ limit: '50mb' }));${ROUTES}`,
    answers: { 'body-limit': answered('HTTP/1.1 413 Content Too Large', [NAMED], '{}').replace('GET', 'POST') },
    says: 'something in front limits',
  },
  {
    rule: 'limits/trust-proxy-all',
    title: 'an address overwritten in front',
    code: `${HEAD}app.set('trust proxy', true);app.use(require('express-rate-limit').rateLimit({ windowMs: 60000, limit: 100 }));${ROUTES}`,
    answers: {
      'rate-before': answered(OK, [NAMED, 'X-RateLimit-Limit: 100', 'X-RateLimit-Remaining: 90']),
      'forwarded-for': answered(OK, [NAMED, 'X-RateLimit-Limit: 100', 'X-RateLimit-Remaining: 89']),
    },
    says: 'something in front overwrites it',
  },
  {
    rule: 'limits/server-timeouts-disabled',
    title: 'slow requests closed in front',
    code: `${HEAD}app.get('/items', (req, res) => res.json([]));const server = require('http').createServer(app);server.headersTimeout = 0;server.listen(3000);`,
    answers: {
      'slow-headers': '# open: 31 s\nGET https://shop.example/items HTTP/1.1\n\nNO ANSWER reset closed after 31 s\n',
    },
    says: 'closes a slow request within a minute',
  },
  {
    rule: 'container/node-env-not-production',
    title: 'a mode set by the platform',
    code: `${HEAD}${ROUTES}`,
    files: { Dockerfile: 'FROM node:24-slim\nCOPY . .\nUSER node\nCMD ["node", "app.js"]\n' },
    answers: {
      'bad-json': answered('HTTP/1.1 400 Bad Request', [], HIDDEN, ['# same-app: said'])
        .replace('GET', 'POST')
        .replace('application/json', 'text/html'),
    },
    says: 'something else sets it there',
  },
];

async function findingOf({ rule, code, files = {} }: Case, answers: Case['answers']): Promise<Finding | undefined> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'live'), { recursive: true });
  const recorded = { home: answered(OK, [NAMED]), missing: MISSING, ...answers };
  for (const [index, [step, text]] of Object.entries(recorded).entries())
    writeFileSync(join(folder, 'live', `${index + 1}-${step}.http`), text);
  for (const [name, text] of Object.entries({ 'package.json': PACKAGE, 'app.js': code, ...files }))
    writeFileSync(join(folder, name), text);
  const flags: AuditFlags = { ignores: true, cache: false, color: false, history: false, replay: join(folder, 'live') };
  const { result } = await auditRunOf([folder], flags, SILENT);
  return result.findings.find((finding) => finding.rule === rule);
}

describe.each(CASES)('$rule with $title', (one) => {
  it('is made up for where that is seen, and only there', async () => {
    expect((await findingOf(one, one.answers))?.mitigated).toContain(one.says);
    const alone = await findingOf(one, {});
    expect(alone).toBeDefined();
    expect(alone?.mitigated).toBeUndefined();
  });
});
