import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'config/node-env-misspelled',
  ensures: 'NODE_ENV is `production`, to the letter, where the program runs in production.',
  severity: 'medium',
  roles: ['any'],
  cwe: 1188,
  owasp: 'A02',
  why: 'Express, React and most libraries compare with the word `production`. With anything else they run as in development: stack traces in answers, no view cache, development dependencies installed.',
  fix: 'Write `NODE_ENV=production`; use a variable of your own, such as `APP_ENV`, to tell stages apart.',
  references: ['https://nodejs.org/en/learn/getting-started/nodejs-the-difference-between-development-and-production'],
  needs: ['environment'],
  *check({ environment }) {
    for (const { name, value, at, place } of environment.assignments) {
      // what images say has a rule of its own
      if (/(^|[/.])(Docker|Container)file/i.test(at.path)) continue;
      if (name !== 'NODE_ENV' || place === 'test' || place === 'docs' || !isMeant(value)) continue;
      yield { at, message: `NODE_ENV is ${JSON.stringify(value)}, which no library takes for production.` };
    }
  },
  examples: [
    bad('In compose', {
      'compose.yaml': 'services:\n  api:\n    environment:\n      - «NODE_ENV=Production»\n',
    }),
    bad('In a script', { 'package.json': '{ "name": "a", "scripts": { "start": «"NODE_ENV=live node a.js"» } }\n' }),
    good('The word itself, and other stages', {
      Dockerfile: 'FROM node:24\nENV NODE_ENV=production\n',
      '.env.staging': 'NODE_ENV=staging\n',
      'compose.yaml': 'services:\n  api:\n    environment:\n      NODE_ENV: ${NODE_ENV}\n',
    }),
  ],
});

const isMeant = (value: string): boolean =>
  /^(prod|prd|live|producton|prodution|prodcution|produciton|production\s.*|productions)$/i.test(value) ||
  (/^production$/i.test(value) && value !== 'production');
