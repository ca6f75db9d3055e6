import { bad, defineRule, good } from '../../src/rule/rule.ts';

const SERVERS = [
  'apollo-server',
  'apollo-server-express',
  'apollo-server-fastify',
  'apollo-server-koa',
  'apollo-server-lambda',
  '@apollo/server',
]
  .map((name) => `${name}.ApolloServer`)
  .concat([
    'graphql-yoga.createYoga',
    'express-graphql',
    'express-graphql.graphqlHTTP',
    'mercurius',
    '@nestjs/graphql.GraphQLModule.forRoot',
    'graphql-http/lib/use/express.createHandler',
  ]);
/** Packages that refuse documents that are too deep or too dear. */
const LIMITERS =
  /^(graphql-depth-limit|graphql-query-complexity|graphql-validation-complexity|graphql-cost-analysis|graphql-query-cost|graphql-no-alias|graphql-rate-limit|graphql-constraint-directive|@escape\.tech\/|graphql-armor|@graphql-yoga\/plugin-(persisted|apq|depth)|@envelop\/(depth|operation-field|resource|rate|persisted)|graphql-shield\/limit|@graphql-inspector)/;

export default defineRule({
  id: 'limits/graphql-unlimited',
  ensures: 'A GraphQL query has a limit to its depth and its cost.',
  severity: 'medium',
  roles: ['service', 'function'],
  cwe: 770,
  owasp: 'A06',
  why: `A query nests as deep as the schema has circles (\`author { posts { author { posts …\`), and repeats a field a thousand
times under aliases: a kilobyte of text asks for millions of rows, and passes every limiter that counts requests.`,
  fix: 'Add `validationRules: [depthLimit(8)]` (`graphql-depth-limit`), a limit of cost (`graphql-query-complexity`, GraphQL Armor), or accept persisted queries only.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/GraphQL_Cheat_Sheet.html'],
  needs: ['program', 'code'],
  about: { what: 'GraphQL server', isIn: ({ program }) => program.callsTo(...SERVERS).length > 0 },
  *check({ program, code }) {
    const limiting = [...program.modules.values()].filter(({ facts }) =>
      facts.imports.some(({ module }) => LIMITERS.test(module ?? '')),
    );
    const loaded = new Set(limiting.flatMap(({ path }) => [path, ...program.importsOf(path)]));
    /** A module that limits, or one that is loaded together with such a module. */
    const isLimited = (path: string): boolean => {
      const open = [path];
      const seen = new Set(open);
      for (let at = open.pop(); at !== undefined; at = open.pop()) {
        if (loaded.has(at)) return true;
        for (const next of program.importsOf(at).filter((each) => !seen.has(each))) {
          seen.add(next);
          open.push(next);
        }
      }
      return false;
    };
    /** A plugin of the project may well be what limits queries. */
    const hasOwnPlugin = (call: number): boolean => {
      const plugins = code.option(call, 0, 'plugins');
      const lists = plugins.state === 'given' ? program.origins(plugins.value) : [];
      return lists.some((origin) => {
        const list = program.valueOf(origin);
        if (list.kind !== 'array') return true;
        return list.items.some(({ value }) => program.apis(program.child(origin, value)).length === 0);
      });
    };
    for (const call of program.callsTo(...SERVERS)) {
      const index = program.describe(call).startsWith('mercurius') ? 1 : 0;
      const options = ['validationRules', 'queryDepth', 'persistedQueries', 'persistedOperations', 'onlyPersisted'];
      if (options.some((name) => code.option(call, index, name).state !== 'absent')) continue;
      if (hasOwnPlugin(call) || isLimited(program.moduleOf(call).path)) continue;
      yield { at: code.calleeAt(call), message: `${program.describe(call)} answers queries of any depth and cost.` };
    }
  },
  examples: [
    bad('Apollo without rules', {
      'app.js': `const { ApolloServer } = require('@apollo/server');\nconst { typeDefs, resolvers } = require('./schema');\nconst server = «new ApolloServer({ typeDefs, resolvers })»;\nmodule.exports = server;\n`,
      'schema.js': `exports.typeDefs = 'type Query { a: String }';\nexports.resolvers = {};\n`,
    }),
    bad('The module of Nest', {
      'app.module.ts': `import { Module } from '@nestjs/common';\nimport { GraphQLModule } from '@nestjs/graphql';\nimport { ApolloDriver } from '@nestjs/apollo';\n@Module({ imports: [«GraphQLModule.forRoot»({ driver: ApolloDriver, autoSchemaFile: true })] })\nexport class AppModule {}\n`,
    }),
    bad('Yoga', {
      'app.ts': `import { createServer } from 'node:http';\nimport { createYoga } from 'graphql-yoga';\nimport { schema } from './schema';\ncreateServer(«createYoga({ schema })»).listen(4000);\n`,
      'schema.ts': `export const schema = {};\n`,
    }),
    good('A limit of depth', {
      'app.js': `const { ApolloServer } = require('@apollo/server');\nconst depthLimit = require('graphql-depth-limit');\nmodule.exports = new ApolloServer({ typeDefs: '', resolvers: {}, validationRules: [depthLimit(8)] });\n`,
    }),
    good('A plugin of the project', {
      'app.js': `const { ApolloServer } = require('@apollo/server');\nconst { limits } = require('./limits');\nmodule.exports = new ApolloServer({ typeDefs: '', resolvers: {}, plugins: [limits(8)] });\n`,
      'limits.js': `exports.limits = (depth) => ({ requestDidStart: async () => ({ didResolveOperation: async () => depth }) });\n`,
    }),
    good('Armor, in another file, and options nobody sees', {
      'app.ts': `import { ApolloServer } from '@apollo/server';\nimport { protection } from './protection';\nexport const make = (options: object) => [new ApolloServer({ typeDefs: '', ...protection }), new ApolloServer(options)];\n`,
      'protection.ts': `import { ApolloArmor } from '@escape.tech/graphql-armor';\nexport const protection = new ApolloArmor().protect();\n`,
    }),
  ],
});
