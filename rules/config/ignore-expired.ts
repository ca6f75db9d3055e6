import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'config/ignore-expired',
  ensures: 'What was accepted for a time is looked at again when the time is over.',
  severity: 'low',
  roles: ['any'],
  why: `The risk was accepted until a date, and the date has passed. What it hid is reported again, and the comment
now says something untrue.`,
  fix: 'Solve what it hides, or look at it again and set a new date.',
  references: ['https://jeremylong.github.io/DependencyCheck/general/suppression.html'],
  needs: ['ignores'],
  *check({ ignores }) {
    for (const { at, names, state, until } of ignores.all) {
      if (state === 'expired') yield { at, message: `${names.join(' and ')} was to be ignored until ${until}.` };
    }
  },
  examples: [
    bad('The date has passed', {
      'app.js': `
// «audit-ignore config until 2026-06-30: replaced by the new gateway in June»
const express = require('express');
`,
    }),
    good('The date is still to come, or there is none', {
      'app.js': `
// audit-ignore config until 2027-06-30: replaced by the new gateway
const express = require('express');
`,
      '.env.example': `
# audit-ignore config: documented elsewhere
PORT=3000
`,
    }),
  ],
});
