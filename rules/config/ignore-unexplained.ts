import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'config/ignore-unexplained',
  ensures: 'Everything that is ignored says why.',
  severity: 'low',
  roles: ['any'],
  why: `Without a reason nobody can tell an accepted risk from a silenced alarm, and nobody dares to remove it. An ignore
without a reason ignores nothing.`,
  fix: 'Say why after a colon: `audit-ignore injection/os-command: the host comes from the allow-list above`.',
  references: ['https://biomejs.dev/analyzer/suppressions/'],
  needs: ['ignores'],
  *check({ ignores }) {
    for (const { at, names, state } of ignores.all) {
      if (state === 'unexplained') yield { at, message: `${names.join(' and ')} is ignored without a reason.` };
    }
  },
  examples: [
    bad('No reason, or an empty one', {
      'app.js': `
/* «audit-ignore config» */
const express = require('express');
const app = express(); // «audit-ignore headers:»
`,
    }),
    good('A reason', {
      'app.js': `
// audit-ignore config: the proxy in front sets it
const express = require('express');
`,
      Dockerfile: `
# audit-ignore config: a build stage only
FROM node:22
`,
    }),
  ],
});
