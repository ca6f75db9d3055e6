import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/query-language',
  ensures: 'Request data never becomes part of the text of a Cypher, LDAP, XPath, Flux or similar query.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  cwe: 943,
  owasp: 'A05',
  why: 'A bracket or quote in the value ends the part it was meant for; the rest is a query of the client: another user, every node, a login without a password.',
  fix: 'Use the parameters of the query language, or the escape function of its package (`ldapjs` filter objects, `aql` tags, Cypher `$name`).',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/LDAP_Injection_Prevention_Cheat_Sheet.html',
    'https://cwe.mitre.org/data/definitions/943.html',
  ],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('query-text')) {
      yield { ...evidence, message: `${source} becomes part of the query that ${into} runs.` };
    }
  },
  examples: [
    bad('A filter of LDAP', {
      'app.js': `const express = require('express');\nconst ldap = require('ldapjs');\nconst app = express();\nconst client = ldap.createClient({ url: 'ldaps://directory' });\napp.get('/person', (req, res) => {\n  client.search('ou=people', «{ filter: \`(uid=\${req.query.uid})\`, scope: 'sub' }», (error, result) => res.json({ ok: !error }));\n});\n`,
    }),
    bad('Cypher', {
      'app.ts': `import Fastify from 'fastify';\nimport neo4j from 'neo4j-driver';\nconst driver = neo4j.driver('neo4j://graph');\nconst app = Fastify();\napp.get('/friends', async (request) => {\n  const { name } = request.query as { name: string };\n  return driver.session().run(«\`MATCH (p {name: '\${name}'})-->(f) RETURN f\`»);\n});\n`,
    }),
    good('Parameters', {
      'app.ts': `import Fastify from 'fastify';\nimport neo4j from 'neo4j-driver';\nconst driver = neo4j.driver('neo4j://graph');\nconst app = Fastify();\napp.get('/friends', async (request) => {\n  const { name } = request.query as { name: string };\n  return driver.session().run('MATCH (p {name: $name})-->(f) RETURN f', { name });\n});\n`,
    }),
    good('A number', {
      'app.js': `const express = require('express');\nconst ldap = require('ldapjs');\nconst app = express();\nconst client = ldap.createClient({ url: 'ldaps://directory' });\napp.get('/person', (req, res) => client.search('ou=people', { filter: \`(uidNumber=\${Number(req.query.id)})\` }, () => res.end()));\n`,
    }),
  ],
});
