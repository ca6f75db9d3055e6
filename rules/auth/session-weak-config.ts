import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'auth/session-weak-config',
  ensures: 'Sessions are made for those who log in, and written when they change.',
  severity: 'low',
  roles: ['service'],
  cwe: 613,
  owasp: 'A07',
  why: `With \`saveUninitialized\` every visit of a crawler makes a session and sets a cookie, before anybody agreed to one. With
\`resave\` two requests at once overwrite what the other has written: a logout is undone.`,
  fix: 'Set `resave: false` and `saveUninitialized: false`.',
  references: ['https://github.com/expressjs/session#resave', 'https://github.com/expressjs/session#saveuninitialized'],
  needs: ['program', 'code'],
  about: {
    what: 'session of express-session',
    isIn: ({ program }) => program.callsTo('express-session').length > 0,
  },
  *check({ program, code }) {
    for (const call of program.callsTo('express-session')) {
      const options = code.argument(call, 0);
      if (options.state === 'unknown' || code.isEnvironmentGuarded(call)) continue;
      const flags = ['saveUninitialized', 'resave'].map((name) => ({
        name,
        option: options.state === 'given' ? code.property(options.value, name) : options,
      }));
      if (flags.some(({ option }) => option.state === 'unknown')) continue;
      const on = flags.filter(({ option }) => {
        const known = option.state === 'given' ? program.constants(option.value) : [true];
        return known?.length === 1 && known[0] === true;
      });
      const [first] = on;
      if (!first) continue;
      const unset = on.every(({ option }) => option.state === 'absent');
      yield {
        at: first.option.state === 'given' ? first.option.at : program.locationOf(call),
        message: `${on.map(({ name }) => name).join(' and ')} ${on.length > 1 ? 'are' : 'is'} on${unset ? ', as the package comes' : ''}.`,
      };
    }
  },
  examples: [
    bad('Switched on', {
      'app.js': `const session = require('express-session');\nconst app = require('express')();\napp.use(session({ secret: process.env.SECRET, «saveUninitialized: true», resave: true }));\napp.listen(3000);\n`,
    }),
    bad('As it comes', {
      'app.ts': `import express from 'express';\nimport session from 'express-session';\nconst app = express();\napp.use(«session({ secret: process.env.SECRET ?? '', resave: false })»);\napp.listen(3000);\n`,
    }),
    good('Off', {
      'app.js': `const session = require('express-session');\nconst app = require('express')();\napp.use(session({ secret: process.env.SECRET, saveUninitialized: false, resave: false }));\napp.listen(3000);\n`,
    }),
    good('Decided by the store, or by settings of another file', {
      'app.ts': `import express from 'express';\nimport session from 'express-session';\nimport { options } from './settings.ts';\nconst app = express();\napp.use(session({ ...options, secret: process.env.SECRET ?? '' }));\napp.use(session({ secret: 'x', saveUninitialized: false, resave: Boolean(process.env.RESAVE) }));\napp.listen(3000);\n`,
      'settings.ts': `export const options = { saveUninitialized: false, resave: false };\n`,
    }),
  ],
});
