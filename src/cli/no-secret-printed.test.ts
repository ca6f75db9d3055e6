import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.ts';
import { audit } from '../engine/audit.ts';
import type { AuditResult } from '../engine/audit.ts';
import { extractorOf } from '../facts/extract.ts';
import { secretsIn } from '../facts/secrets.ts';
import { load } from '../load/load.ts';
import type { Project } from '../load/project.ts';
import { deliver, FORMAT_NAMES } from './formats.ts';
import { reportOf } from './report-of.ts';

let count = 0;
/** Another value at each call, the same on every run. */
function secret(length: number, alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'): string {
  count += 1;
  const bytes = createHash('sha512').update(`${count}`).digest();
  return Array.from({ length }, (_, i) => alphabet[(bytes[i % 64] ?? 0) % alphabet.length]).join('');
}

const planted: string[] = [];
function plant(text: string, hidden = text): string {
  planted.push(hidden);
  return text;
}
const token = (prefix: string, length: number): string => {
  const random = secret(length);
  return plant(`${prefix}${random}`, random);
};
const hex = (prefix: string, length: number): string => {
  const random = secret(length, '0123456789abcdef');
  return plant(`${prefix}${random}`, random);
};
const password = (): string => plant(`${secret(11)}9x`);
const url = (scheme: string): string => `${scheme}://api:${password()}@db.acme.io/x`;
const pem = (): string => {
  const body = secret(64);
  return plant(`-----BEGIN PRIVATE KEY-----\n${body}${secret(64)}\n-----END PRIVATE KEY-----`, body);
};

const FILES: Readonly<Record<string, string>> = {
  'package.json': `{ "name": "shop", "scripts": { "start": "DB_PASSWORD=${password()} nodemon src/server.js", "x": "curl ${url('https')}" }, "dependencies": { "express": "*", "a": "git+${url('https')}.git" }, "config": { "token": "${token('npm_', 36)}" } }`,
  'package-lock.json': `{ "lockfileVersion": 3, "packages": { "": { "dependencies": { "express": "*" } }, "node_modules/express": { "version": "5.0.0", "resolved": "${url('http')}/express/-/express-5.0.0.tgz" } } }`,
  'src/server.js': `
const express = require('express');
const jwt = require('jsonwebtoken');
const app = express(); // ${token('glpat-', 20)}
app.get('/a', (req, res) => { require('child_process').exec('mysql -p ' + req.query.a + ' --password=x ${token('sk_live_', 24)}'); });
app.get('/b', (req, res) => { res.send(req.query.b + '${token('ghp_', 36)}'); });
const key = \`${pem()}\`;
const settings = { password: '${password()}', apiKey: "${token('AIza', 35)}", url: '${url('postgres')}', mongo: '${url('mongodb+srv')}' };
jwt.sign({}, '${password()}'.trim(), { algorithm: 'none' });
const sessionSecret = process.env.SESSION_SECRET || '${password()}';
fetch('https://api.acme.io/?api_key=${token('', 32)}', { headers: { Authorization: 'Bearer ${token('', 40)}' } });
const a = ['${token('xoxb-2104839120-2840193847561-', 24)}', '${token('SG.', 22)}.${secret(43)}', '${hex('SK', 32)}', '${hex('key-', 32)}'];
app.listen(3000);
`,
  'src/pay.ts': `export const keys = { a: '${token('rk_live_', 24)}', b: '${hex('shpat_', 32)}', c: '${token('whsec_', 32)}', d: '${token('sq0csp-', 43)}' };\nexport const aws = { accessKeyId: '${token('AKIA', 0)}${secret(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}', secretAccessKey: '${token('', 40)}' };\n`,
  'src/ai.mjs': `const k = '${token('sk-ant-api03-', 90)}', l = '${token('hf_', 34)}', m = "${token('gsk_', 52)}", n = '${token('r8_', 37)}', o = '${token('pplx-', 48)}';\n`,
  'test/a.test.js': `const password = '${password()}'; const t = '${token('github_pat_', 22)}_${secret(59)}';\n`,
  Dockerfile: `FROM node:18\nARG NPM_TOKEN=${token('npm_', 36)}\nENV DB_PASSWORD=${password()} NODE_TLS_REJECT_UNAUTHORIZED=0\nRUN curl -u a:b ${url('https')} && npm config set //r/:_authToken ${token('npm_', 36)}\nCMD npm start\n`,
  'compose.yaml': `services:\n  api:\n    build: .\n    environment:\n      - JWT_SECRET=${password()}\n      - REDIS_URL=redis://:${password()}@cache.acme.io:6379\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD: ${password()}\n`,
  'deploy/k8s.yaml': `apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\nstringData:\n  password: ${password()}\n  key: ${hex('dop_v1_', 64)}\n---\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - env:\n            - name: API_TOKEN\n              value: ${token('', 40)}\n`,
  '.env': `DB_PASSWORD=${password()}\nJWT_SECRET="${password()}"\nHOOK=https://hooks.slack.com/services/T02AB3CD4/B05EF6GH7/${token('', 24)}\nBOT=123456789:AA${token('', 33)}\nCUT_PASSWORD=${password()}#${password()}\n`,
  '.env.example': `SECRET_KEY=${password()}${secret(20)}\nSTRIPE=${token('sk_test_', 24)}\n`,
  '.npmrc': `//npm.acme.io/:_authToken=${token('', 36)}\n//b/:_password=${token('', 24)}\nstrict-ssl=false\n`,
  '.pgpass': `db.acme.io:5432:x:api:${password()}\n`,
  '.netrc': `machine a.acme.io login b password ${password()}\n`,
  '.github/workflows/ci.yml': `on: pull_request_target\nenv:\n  DEPLOY_TOKEN: ${token('', 40)}\njobs:\n  a:\n    steps:\n      - run: echo "\${{ github.event.pull_request.title }}" ${hex('squ_', 40)} && npm install\n`,
  'nginx/nginx.conf': `server { location / { proxy_set_header Authorization "Basic ${token('', 32)}"; proxy_pass http://a; } }\n`,
  'pgbouncer.ini': `[databases]\nx = host=db.acme.io password=${password()}\n`,
  'ecosystem.config.js': `module.exports = { apps: [{ name: 'a', script: 'src/server.js', env: { SESSION_SECRET: '${password()}' } }] };\n`,
  'README.md': `Token: ${hex('sbp_', 40)}\n\n    export NRAK=${token('NRAK-', 0)}${secret(27, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789')}\n`,
  'certs/server.key': `${pem()}\n`,
  'terraform.tfstate': `{ "password": "${password()}" }\n`,
  'locales/en.json': `{ "a": "${hex('pul-', 40)}" }\n`,
};

let folder = '';
let project: Project;
let result: AuditResult;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'planted-'));
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  project = await load(folder);
  result = await audit(project, rules, { today: new Date('2026-11-22T00:00:00Z') });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const values = (): readonly string[] => planted.filter((value) => value.length >= 8);
const printed = (text: string): readonly string[] => values().filter((value) => text.includes(value));

describe('sixty secrets in every kind of file', () => {
  it('are there, and rules speak of them', () => {
    expect(values().length).toBeGreaterThanOrEqual(60);
    const kinds = new Set(project.documents.flatMap((document) => secretsIn(document).map(({ name }) => name)));
    expect(kinds.size).toBeGreaterThanOrEqual(40);
    expect(result.findings.filter(({ category }) => category === 'secrets').length).toBeGreaterThan(25);
    expect(result.outcomes.filter(({ status }) => status === 'crashed')).toEqual([]);
  });

  it('stand in no result', () => {
    expect(printed(JSON.stringify(result))).toEqual([]);
  });

  it('stand in no facts, so in no cache', async () => {
    for (const document of project.documents) {
      const extract = await extractorOf(document.language);
      expect(printed(JSON.stringify(extract(document).facts) ?? ''), document.path).toEqual([]);
    }
  });

  it.each(FORMAT_NAMES)('stand in no report: %s', async (format) => {
    const run = { project, path: '.', urls: [], rules, known: rules, result, today: new Date('2026-11-22T00:00:00Z') };
    const gate = { level: 'high', minScore: null, minCoverage: null } as const;
    const file = join(folder, 'reports', format);
    await deliver(reportOf({ ...run, gate }), [{ format, file }], { color: false, width: 100, detail: 'verbose' });
    const text = readFileSync(file, 'utf8');
    expect(text.length).toBeGreaterThan(200);
    expect(printed(text)).toEqual([]);
  });
});
