import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/bidi-characters',
  ensures: 'The code reads as it runs.',
  severity: 'medium',
  roles: ['any'],
  cwe: 1007,
  owasp: 'A08',
  why: 'Characters that turn the direction of writing let a line look like another one: a check that seems to be there is a comment. Nobody who reviews it can see that.',
  fix: 'Delete the character, and ask who put it there; write it as an escape (`\\u202e`) where a text needs it.',
  references: ['https://trojansource.codes/'],
  needs: ['program'],
  *check({ program }) {
    for (const module of program.modules.values())
      for (const range of module.facts.turns ?? [])
        yield {
          at: program.locationIn(module, range),
          message: 'A character that cannot be seen turns the direction of what follows.',
        };
  },
  examples: [
    bad('A check that looks like code and is a comment', {
      'app.js': `const app = require('express')();\napp.get('/', (req, res) => {\n  /*«\u202e» } \u2066if (req.user.admin)\u2069 \u2066 admins only */\n  res.send('all');\n});\n`,
    }),
    bad('Never turned back, in TypeScript', {
      'role.ts': `import Fastify from 'fastify';\nexport const app = Fastify();\nexport const role = 'user«\u2066»// admins only';\n`,
    }),
    good('As an escape', {
      'app.js': `const app = require('express')();\napp.get('/', (req, res) => res.send('\\u202eabc'));\n`,
    }),
    good('A word of another language that is turned back', {
      'words.ts': `import Koa from 'koa';\nexport const app = new Koa();\nexport const hello = 'hello \u2067\u05e9\u05dc\u05d5\u05dd\u2069!';\n`,
    }),
  ],
});
