import { bad, defineRule, good } from '../../src/rule/rule.ts';

const LIMITERS = /^express-rate-limit(\.(rateLimit|default))?$/;

export default defineRule({
  id: 'limits/rate-limit-headers-off',
  ensures: 'A client that is limited is told when to come back.',
  severity: 'low',
  roles: ['service', 'function'],
  why: 'With both kinds of headers off, a 429 carries no Retry-After. Clients that mean well try again at once, and the load grows when it should fall.',
  fix: "Send the headers of the standard: `standardHeaders: 'draft-8', legacyHeaders: false`.",
  references: [
    'https://express-rate-limit.mintlify.app/reference/configuration#standardheaders',
    'https://www.rfc-editor.org/rfc/rfc6585#section-4',
  ],
  needs: ['program', 'code'],
  about: { what: 'limiter of Express', isIn: ({ program }) => program.callsTo(LIMITERS).length > 0 },
  *check({ program, code }) {
    for (const call of program.callsTo(LIMITERS)) {
      const stateOf = (name: string): 'on' | 'off' | 'unknown' | 'absent' => {
        const option = code.option(call, 0, name);
        const known = option.state === 'given' ? program.constants(option.value) : undefined;
        if (option.state === 'absent') return 'absent';
        return known?.length !== 1 ? 'unknown' : known[0] === false ? 'off' : 'on';
      };
      const standard = stateOf('standardHeaders');
      const isLegacyOff = stateOf('legacyHeaders') === 'off';
      const isOwn = code.option(call, 0, 'handler').state !== 'absent';
      const at = ['standardHeaders', 'legacyHeaders']
        .map((name) => code.option(call, 0, name))
        .find(({ state }) => state === 'given');
      if (at?.state !== 'given' || !isLegacyOff || isOwn) continue;
      if (standard === 'off' || standard === 'absent')
        yield {
          at: at.at,
          message: 'Neither kind of headers is sent: a client that is limited is not told when to come back.',
        };
    }
  },
  examples: [
    bad('Both off', {
      'app.js': `const express = require('express');\nconst { rateLimit } = require('express-rate-limit');\nconst app = express();\napp.use(rateLimit({ windowMs: 60000, limit: 100, «standardHeaders: false», legacyHeaders: false }));\napp.listen(3000);\n`,
    }),
    bad('The one off, the other never on', {
      'limiter.js': `import rateLimit from 'express-rate-limit';\nexport const limiter = rateLimit({ windowMs: 60000, max: 100, «legacyHeaders: false» });\n`,
      'app.js': `import express from 'express';\nimport { limiter } from './limiter.js';\nconst app = express();\napp.use(limiter);\napp.listen(3000);\n`,
    }),
    good('Of the standard', {
      'app.js': `const express = require('express');\nconst { rateLimit } = require('express-rate-limit');\nconst app = express();\napp.use(rateLimit({ windowMs: 60000, limit: 100, standardHeaders: 'draft-8', legacyHeaders: false }));\napp.listen(3000);\n`,
    }),
    good('The old ones, and an answer of its own', {
      'app.js': `import express from 'express';\nimport { rateLimit } from 'express-rate-limit';\nconst app = express();\napp.use(rateLimit({ windowMs: 60000, limit: 100 }));\napp.use('/a', rateLimit({ legacyHeaders: false, handler: (req, res) => res.set('Retry-After', '60').sendStatus(429) }));\napp.listen(3000);\n`,
    }),
  ],
});
