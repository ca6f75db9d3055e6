import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'exposure/graphql-open-live',
  ensures: 'The GraphQL schema is not handed to strangers.',
  severity: 'low',
  control: 'exposure/graphql-introspection',
  roles: ['any'],
  cwe: 200,
  owasp: 'A02',
  why: `Introspection lists every type, field and mutation, the forgotten ones included; a playground lets anyone try them
from the browser.`,
  fix: `\`new ApolloServer({ introspection: process.env.NODE_ENV !== 'production' })\`, and no landing page in production. An API
that is public on purpose can ignore this.`,
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/GraphQL_Cheat_Sheet.html#introspection-graphiql'],
  needs: ['active'],
  *check({ active }) {
    for (const { responses } of active) {
      const asked = responses.filter(({ step }) => step === 'graphql' || step === 'graphql-post');
      const answer = asked.find(({ body }) => body.members?.includes('data.__schema'));
      const page = asked.find(({ marks }) => marks.some(({ name }) => name === 'graphql-ui'));
      if (answer)
        yield {
          at: answer.line,
          message: `${answer.url.origin}${answer.url.path} describes its whole schema to anybody.`,
        };
      if (page)
        yield { at: page.line, message: `${page.url.origin}${page.url.path} offers a playground.`, severity: 'medium' };
    }
  },
  examples: [
    bad('Introspection', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-graphql-post.http': `
POST https://api.example/graphql HTTP/1.1
Content-Type: application/json

{"query":"{__schema{queryType{name}}}"}

«HTTP/1.1 200 OK»
Content-Type: application/json

{"data":{"__schema":{"queryType":{"name":"Query"}}}}`,
    }),
    good('Refused', {
      'live/1-home.http': `
GET https://api.example/ HTTP/1.1

HTTP/1.1 200 OK
Content-Type: application/json

{}`,
      'live/2-graphql-post.http': `
POST https://api.example/graphql HTTP/1.1

HTTP/1.1 400 Bad Request
Content-Type: application/json

{"errors":[{"message":"GraphQL introspection is not allowed"}]}`,
    }),
  ],
});
