import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'config/ignore-unused',
  ensures: 'Everything that is ignored is really there.',
  severity: 'info',
  roles: ['any'],
  why: `An ignore that hides nothing today hides the next problem on its line without anyone having looked at it.
One that names no rule at all never did anything: whoever wrote it believes a risk is accepted, and it is not.`,
  fix: 'Delete it, or correct the name of the rule: `audit rules` lists them.',
  references: ['https://biomejs.dev/analyzer/suppressions/'],
  needs: ['ignores'],
  *check({ ignores }) {
    for (const { at, names, state, unknown } of ignores.all) {
      if (state === 'unused') yield { at, message: `Nothing here is found by ${names.join(' or ')}.` };
      if (state !== 'unknown' || unknown === undefined) continue;
      if (unknown.name === '') yield { at, message: 'The comment names no rule.' };
      else {
        const instead = unknown.nearest === undefined ? '' : ` Did you mean ${unknown.nearest}?`;
        yield { at, message: `No rule or category is called ${unknown.name}.${instead}` };
      }
    }
  },
  examples: [
    bad('The code it was about is gone', {
      'app.js': `
// «audit-ignore container: the image is built elsewhere»
const express = require('express');
`,
    }),
    bad('A rule that does not exist, behind code and in other languages', {
      'app.js': `const port = 3000; // «audit-ignore confg: the port is fixed»`,
      'compose.yaml': `
services:
  # «audit-ignore config/no-such-rule: ours alone»
  api:
    image: api
`,
    }),
    good('Text that is no comment, and a word of someone else', {
      'app.js': `
const hint = 'write audit-ignore confg: why';
// audit-ignored by the last review
/** Explains audit-ignore comments. */
`,
      'README.md': 'Use audit-ignore confg: why.',
    }),
  ],
});
