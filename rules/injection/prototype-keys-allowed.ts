import { bad, defineRule, good } from '../../src/rule/rule.ts';

interface Setting {
  readonly apis: readonly string[];
  readonly index: number;
  readonly option: string;
  readonly is: string | boolean;
}

const SETTINGS: readonly Setting[] = [
  { apis: ['fastify', 'fastify.fastify'], index: 0, option: 'onProtoPoisoning', is: 'ignore' },
  { apis: ['fastify', 'fastify.fastify'], index: 0, option: 'onConstructorPoisoning', is: 'ignore' },
  ...[1, 2].flatMap((index) =>
    ['protoAction', 'constructorAction'].map((option) => ({
      apis: ['secure-json-parse', 'secure-json-parse.parse', '@hapi/bourne.parse'],
      index,
      option,
      is: 'ignore',
    })),
  ),
  { apis: ['qs.parse'], index: 1, option: 'allowPrototypes', is: true },
];

export default defineRule({
  id: 'injection/prototype-keys-allowed',
  ensures: 'Parsers take the names that lead to prototypes out of what clients send.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  cwe: 1321,
  owasp: 'A08',
  why: `The parser drops or refuses \`__proto__\` and \`constructor\` by default. Told to ignore them, it hands them on, and the first
deep merge of a body writes into \`Object.prototype\`: every object of the process has \`isAdmin\`.`,
  fix: 'Drop the option, or set it to `remove`.',
  references: [
    'https://fastify.dev/docs/latest/Reference/Server/#onprotopoisoning',
    'https://github.com/ljharb/qs#parsing-objects',
  ],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const { apis, index, option, is } of SETTINGS) {
      for (const call of program.callsTo(...apis)) {
        const found = code.option(call, index, option);
        if (found.state === 'given' && program.constants(found.value)?.every((value) => value === is))
          yield { at: found.at, message: `${program.describe(call)} lets names that lead to prototypes through.` };
      }
    }
  },
  examples: [
    bad('Fastify told to ignore them', {
      'app.js': `const fastify = require('fastify')({ logger: true, «onProtoPoisoning: 'ignore'» });\nfastify.listen({ port: 3000 });\n`,
    }),
    bad('qs, and a parser of another file', {
      'parse.ts': `import qs from 'qs';\nimport sjson from 'secure-json-parse';\nexport const query = (text: string) => qs.parse(text, { «allowPrototypes: true» });\nexport const body = (text: string) => sjson.parse(text, undefined, { «protoAction: 'ignore'» });\n`,
    }),
    good('The defaults, and taken out', {
      'app.js': `const fastify = require('fastify')({ onProtoPoisoning: 'remove' });\nconst qs = require('qs');\nfastify.get('/', (request) => qs.parse(request.raw.url, { allowPrototypes: false }));\n`,
    }),
    good('Another parser with such an option', {
      'app.ts': `import { parse } from './own';\nexport const read = (text: string) => parse(text, { allowPrototypes: true, protoAction: 'ignore' });\n`,
      'own.ts': `export const parse = (text: string, options: object) => ({ text, options });\n`,
    }),
  ],
});
