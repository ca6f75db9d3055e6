import { expect, it } from 'vitest';
import cspUnsafe from '../../rules/headers/csp-unsafe.ts';
import probesMissing from '../../rules/lifecycle/probes-missing.ts';
import genericCredential from '../../rules/secrets/generic-credential.ts';
import hardcodedCredential from '../../rules/secrets/hardcoded-credential.ts';
import type { Document } from '../document/document.ts';
import { languageOf } from '../document/language.ts';
import { audit } from './audit.ts';

/** `status reason` of each rule. */
async function outcomesOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const documents = Object.entries(files).map(([path, text]): Document => ({
    path,
    text,
    language: languageOf(path, text),
    tracked: 'tracked',
  }));
  const project = {
    root: '/',
    documents,
    files: documents.map(({ path, text }) => ({ path, tracked: 'tracked' as const, bytes: text.length })),
    gaps: [],
  };
  const { outcomes } = await audit(project, [cspUnsafe, probesMissing], {
    today: new Date('2026-11-22'),
    assume: 'service',
  });
  return outcomes.map(({ status, reason }) => [status, ...(reason === undefined ? [] : [reason])].join(': '));
}

const APP = `const app = require('express')();\napp.get('/', (req, res) => res.send('<p>hello</p>'));\napp.listen(3000);\n`;
const COMPOSE = 'services:\n  web:\n    image: acme/web:1.2.3\n';

it('passes nothing for what the project does not have', async () => {
  expect(await outcomesOf({ 'app.js': APP, 'compose.yaml': COMPOSE })).toEqual([
    'not applicable: The project has no content security policy in its code.',
    'not applicable: The project has no Kubernetes workload.',
  ]);
});

it('passes what is there and right', async () => {
  const policy = `app.use((req, res, next) => { res.set('Content-Security-Policy', "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"); next(); });\n`;
  const pod = `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec:\n  template:\n    spec:\n      containers:\n        - name: a\n          image: acme/a:1\n          ports: [{ containerPort: 3000 }]\n          readinessProbe: { httpGet: { path: /ready, port: 3000 } }\n`;
  expect(await outcomesOf({ 'app.js': APP.replace('\n', `\n${policy}`), 'k8s/a.yaml': pod })).toEqual([
    'passed',
    'passed',
  ]);
});

it('shows no secret, even one that only its use gives away', async () => {
  const text = `const session = require('express-session');\nconst settings = { a: 'session_secret_key_here' };\nmodule.exports = session({ secret: settings.a });\n`;
  const document: Document = { path: 'app.js', text, language: 'javascript', tracked: 'tracked' };
  const project = { root: '/', documents: [document], files: [{ ...document, bytes: text.length }], gaps: [] };
  const result = await audit(project, [hardcodedCredential], { today: new Date('2026-11-22'), assume: 'service' });
  expect(result.findings.map(({ excerpt }) => excerpt.text)).toEqual([
    `const session = require('express-session');\nconst settings = { a: '…(23 characters)' };\nmodule.exports = session({ secret: settings.a });\n`,
  ]);
  expect(JSON.stringify(result)).not.toContain('key_here');
});

it('shows no secret that is said again beside it', async () => {
  const text = `module.exports = { user: 'api', password: 'Kf93-vuqLd' }; // Kf93-vuqLd\n`;
  const document: Document = { path: 'src/db.js', text, language: 'javascript', tracked: 'tracked' };
  const project = { root: '/', documents: [document], files: [{ ...document, bytes: text.length }], gaps: [] };
  const result = await audit(project, [genericCredential], { today: new Date('2026-11-22'), assume: 'service' });
  expect(result.findings).toHaveLength(1);
  expect(JSON.stringify(result)).not.toContain('vuqLd');
});
