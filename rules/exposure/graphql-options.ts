import { bad, defineRule, good } from '../../src/rule/rule.ts';

const APOLLO = [
  'apollo-server',
  'apollo-server-express',
  'apollo-server-fastify',
  'apollo-server-koa',
  'apollo-server-lambda',
  '@apollo/server',
].map((name) => `${name}.ApolloServer`);

interface Setting {
  readonly apis: readonly string[];
  readonly index: number;
  readonly option: string;
  readonly is: boolean;
  readonly says: string;
  readonly severity?: 'medium';
}

const SETTINGS: readonly Setting[] = [
  { apis: APOLLO, index: 0, option: 'introspection', is: true, says: 'tells everybody its whole schema' },
  { apis: APOLLO, index: 0, option: 'playground', is: true, says: 'shows a page to try queries to everybody' },
  {
    apis: ['express-graphql', 'express-graphql.graphqlHTTP'],
    index: 0,
    option: 'graphiql',
    is: true,
    says: 'shows a page to try queries to everybody',
  },
  { apis: ['mercurius'], index: 1, option: 'graphiql', is: true, says: 'shows a page to try queries to everybody' },
  {
    apis: APOLLO,
    index: 0,
    option: 'csrfPrevention',
    is: false,
    says: 'takes operations from forms of other sites',
    severity: 'medium',
  },
  {
    apis: APOLLO,
    index: 0,
    option: 'allowBatchedHttpRequests',
    is: true,
    says: 'takes any number of operations in one request',
  },
];

export default defineRule({
  id: 'exposure/graphql-options',
  ensures: 'GraphQL shows its schema and its tools to developers only.',
  severity: 'low',
  roles: ['service', 'function'],
  cwe: 200,
  owasp: 'A02',
  why: `The schema names every mutation, those nobody links to included; that is where an attacker starts. Batches pass
limiters that count requests, and without protection against forged requests a page of someone else sends mutations
with the cookies of your users.`,
  fix: "Leave the option at its default, or make it depend on the environment: `introspection: process.env.NODE_ENV !== 'production'`.",
  references: [
    'https://www.apollographql.com/docs/apollo-server/api/apollo-server',
    'https://cheatsheetseries.owasp.org/cheatsheets/GraphQL_Cheat_Sheet.html',
  ],
  needs: ['program', 'code'],
  about: {
    what: 'GraphQL server',
    isIn: ({ program }) => SETTINGS.some(({ apis }) => program.callsTo(...apis).length > 0),
  },
  *check({ program, code }) {
    for (const { apis, index, option, is, says, severity } of SETTINGS) {
      for (const call of program.callsTo(...apis)) {
        const found = code.option(call, index, option);
        if (found.state !== 'given' || !program.constants(found.value)?.every((value) => value === is)) continue;
        if (code.isEnvironmentGuarded(call)) continue;
        yield { at: found.at, message: `${program.describe(call)} ${says}.`, ...(severity && { severity }) };
      }
    }
  },
  examples: [
    bad('Introspection for all', {
      'app.js': `const { ApolloServer } = require('@apollo/server');\nmodule.exports = new ApolloServer({ typeDefs: '', resolvers: {}, «introspection: true», «csrfPrevention: false» });\n`,
    }),
    bad('GraphiQL, by options of another file', {
      'options.ts': `export const options = { «graphiql: true» };\n`,
      'app.ts': `import express from 'express';\nimport { graphqlHTTP } from 'express-graphql';\nimport { options } from './options';\nexpress().use('/graphql', graphqlHTTP({ schema: {}, ...options }));\n`,
    }),
    good('By the environment', {
      'app.js': `const { ApolloServer } = require('@apollo/server');\nconst isDevelopment = process.env.NODE_ENV !== 'production';\nmodule.exports = new ApolloServer({ typeDefs: '', introspection: isDevelopment, csrfPrevention: true });\n`,
    }),
    good('The defaults', {
      'app.ts': `import Fastify from 'fastify';\nimport mercurius from 'mercurius';\nFastify().register(mercurius, { schema: '', graphiql: false });\n`,
    }),
  ],
});
