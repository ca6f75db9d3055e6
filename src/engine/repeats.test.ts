import { expect, it } from 'vitest';
import type { Document } from '../document/document.ts';
import genericCredential from '../../rules/secrets/generic-credential.ts';
import hardcodedCredential from '../../rules/secrets/hardcoded-credential.ts';
import type { Rule } from '../rule/rule.ts';
import { audit } from './audit.ts';

const TEXT = `const jwt = require('jsonwebtoken');
const settings = { jwtSecret: '9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c', smtpPassword: 'q9-Lm2vTx' };
module.exports = (id) => jwt.sign({ id }, settings.jwtSecret, { expiresIn: '5m' });
`;

/** `rule line:column` of what is found. */
async function said(rules: readonly Rule[]): Promise<readonly string[]> {
  const document: Document = { path: 'app.js', text: TEXT, language: 'javascript', tracked: 'tracked' };
  const project = { root: '/', documents: [document], files: [{ ...document, bytes: TEXT.length }], gaps: [] };
  const { findings } = await audit(project, rules, { today: new Date('2026-11-22'), assume: 'service' });
  return findings.map(({ rule, at }) => `${rule} ${at.start.line}:${at.start.column}`);
}

it('two rules of one control say one thing of one literal: the surer', async () => {
  expect(await said([genericCredential])).toEqual([
    'secrets/generic-credential 2:32',
    'secrets/generic-credential 2:82',
  ]);
  expect(await said([genericCredential, hardcodedCredential])).toEqual([
    'secrets/hardcoded-credential 2:31',
    'secrets/generic-credential 2:82',
  ]);
});
