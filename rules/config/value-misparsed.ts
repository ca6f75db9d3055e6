import { bad, defineRule, good } from '../../src/rule/rule.ts';

const DOTENV = '{ "name": "a", "dependencies": { "dotenv": "^17.0.0" } }\n';
const NODE = '{ "name": "a", "scripts": { "start": "node --env-file=.env a.js" } }\n';

export default defineRule({
  id: 'config/value-misparsed',
  ensures: 'Values in `.env` files mean to the loader what they mean to their author.',
  severity: 'medium',
  roles: ['any'],
  cwe: 1287,
  owasp: 'A02',
  why: 'Both dotenv and `node --env-file` cut an unquoted value at the first `#` and say nothing: a password loses its second half, an address its fragment. They differ in what they make of quotes inside a value.',
  fix: "Put the value in single quotes: `KEY='pa#ss'`.",
  references: [
    'https://nodejs.org/api/environment_variables.html#dotenv',
    'https://github.com/motdotla/dotenv#what-rules-does-the-parsing-engine-follow',
  ],
  needs: ['environment'],
  *check({ environment }) {
    const { files, loaders, expands } = environment;
    for (const { path, entries, encrypted, place, at } of files) {
      if (encrypted || place === 'test') continue;
      const low = place === 'product' ? {} : { severity: 'low' as const };
      const seen = new Map<string, (typeof entries)[number]>();
      for (const entry of entries) {
        const { name, dotenv, node } = entry;
        const both = dotenv !== undefined && node !== undefined;
        const readers = [
          ...(dotenv && (loaders.has('dotenv') || both) ? ['dotenv'] : []),
          ...(node && (loaders.has('node') || both) ? ['node --env-file'] : []),
        ];
        const how = (loaders.has('dotenv') ? dotenv : node) ?? dotenv ?? node;
        if (readers.length > 0 && how) {
          yield {
            at: at(entry),
            ...low,
            message: `${readers.join(' and ')} ${WORDS[how][readers.length > 1 ? 1 : 0]} ${name} in ${path}.`,
          };
        }
        if (entry.expands && loaders.has('dotenv') && !expands && !loaders.has('framework')) {
          yield {
            at: at(entry),
            ...low,
            message: `dotenv leaves \${…} in ${name} as it is: nothing in the project expands it.`,
          };
        }
        const earlier = seen.get(name);
        if (earlier && earlier.value.text !== entry.value.text) {
          yield {
            at: at(earlier.nameAt),
            ...low,
            message: `${name} is set again further down in ${path}; only the last value counts.`,
          };
        }
        seen.set(name, entry);
      }
    }
  },
  examples: [
    bad('Cut at the first #', { 'package.json': DOTENV, '.env': '«DB_PASSWORD=Kf93#vuqLd»\n«LINK=https://a.b/c#d»\n' }),
    bad('Node.js stops at an inner quote', { 'package.json': NODE, '.env': `«TITLE='it's mine'»\n` }),
    bad('Nothing expands it', { 'package.json': DOTENV, '.env': 'HOST=a\n«URL=http://${HOST}/b»\n' }),
    bad('Set twice', { '.env.example': '«PORT»=3000\nA=b\nPORT=4000\n' }),
    good('In quotes, or a comment after white space', {
      'package.json': DOTENV,
      '.env': `DB_PASSWORD='Kf93#vuqLd'\nPORT=3000 # where it listens\nTITLE="it's mine"\n`,
    }),
    good('Expanded by a package', {
      'package.json': '{ "name": "a", "dependencies": { "dotenv": "^17.0.0", "dotenv-expand": "^12.0.0" } }\n',
      '.env': 'HOST=a\nURL=http://${HOST}/b\n',
    }),
  ],
});

const WORDS = {
  cut: ['cuts off the end of', 'cut off the end of'],
  absent: ['does not see', 'do not see'],
  different: ['reads other characters for', 'read other characters for'],
} as const;
