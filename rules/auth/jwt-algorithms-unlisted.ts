import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'auth/jwt-algorithms-unlisted',
  ensures: 'Versions of jsonwebtoken that take unsigned tokens are told which algorithms to accept.',
  severity: 'high',
  control: 'auth/jwt-algorithms',
  roles: ['service', 'worker', 'function'],
  cwe: 347,
  owasp: 'A04',
  why: `Before version 9 a key that is not set, because a variable is missing in one environment, made \`verify\` accept tokens
without a signature, unless it was told which algorithms to accept.`,
  fix: "Update to version 9, and name the algorithm you sign with: `jwt.verify(token, key, { algorithms: ['HS256'] })`.",
  references: ['https://nvd.nist.gov/vuln/detail/CVE-2022-23540', 'https://www.rfc-editor.org/rfc/rfc8725#section-3.1'],
  needs: ['program', 'code', 'manifests'],
  about: { what: 'token that is verified', isIn: ({ program }) => program.callsTo('jsonwebtoken.verify').length > 0 },
  *check({ program, code, manifests }) {
    for (const call of program.callsTo('jsonwebtoken.verify')) {
      const key = code.argument(call, 1);
      if (key.state !== 'given' || program.constants(key.value) !== undefined) continue;
      if (code.option(call, 2, 'algorithms').state !== 'absent') continue;
      const own = manifests.above(program.moduleOf(call).path);
      const all = own ? [own, manifests.workspaceOf(own)] : [];
      const range = all.flatMap(({ dependencies }) => dependencies).find(({ name }) => name === 'jsonwebtoken')?.range;
      if (!/^[\^~=v]{0,2}[0-8](\.|$)/.test(range ?? '')) continue;
      const isUnset = program.apis(key.value).some((api) => /^process\.env\b/.test(api));
      yield {
        at: program.locationOf(call),
        // checked settings are always there
        ...(!isUnset && { severity: 'low' as const }),
        message: `${program.describe(call)} names no algorithms: before version 9 an unset key accepts tokens without a signature.`,
      };
    }
  },
  examples: [
    bad('A key of the environment', {
      'package.json': `{ "name": "api", "version": "1.0.0", "main": "app.js", "scripts": { "start": "node app.js" }, "dependencies": { "express": "^4.18.0", "jsonwebtoken": "^8.5.1" } }\n`,
      'app.js': `const express = require('express');\nconst jwt = require('jsonwebtoken');\nconst app = express();\napp.get('/a', (req, res) => res.json(«jwt.verify(req.headers.authorization, process.env.KEY)»));\napp.listen(3000);\n`,
    }),
    good('A list', {
      'package.json': `{ "name": "api", "version": "1.0.0", "main": "app.js", "scripts": { "start": "node app.js" }, "dependencies": { "express": "^4.18.0", "jsonwebtoken": "^8.5.1" } }\n`,
      'app.js': `const express = require('express');\nconst jwt = require('jsonwebtoken');\nconst app = express();\napp.get('/a', (req, res) => res.json(jwt.verify(req.headers.authorization, process.env.KEY, { algorithms: ['HS256'] })));\napp.listen(3000);\n`,
    }),
    good('Since version 9', {
      'package.json': `{ "name": "api", "version": "1.0.0", "type": "module", "main": "app.js", "scripts": { "start": "node app.js" }, "dependencies": { "fastify": "^5.0.0", "jsonwebtoken": "^9.0.2" } }\n`,
      'app.js': `import Fastify from 'fastify';\nimport jwt from 'jsonwebtoken';\nconst app = Fastify();\napp.get('/a', async (request) => jwt.verify(request.headers.authorization, process.env.KEY));\nawait app.listen({ port: 3000 });\n`,
    }),
  ],
});
