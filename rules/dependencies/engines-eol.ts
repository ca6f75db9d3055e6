import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'dependencies/engines-eol',
  ensures: 'The project asks for a Node.js that still gets security fixes.',
  severity: 'medium',
  control: 'container/eol-node',
  roles: ['any'],
  cwe: 1104,
  owasp: 'A03',
  why: 'Platforms install what the project asks for. Holes found after the end of life of a line are published and never fixed in it.',
  fix: 'Raise it to a supported LTS line, together with images and CI.',
  references: ['https://nodejs.org/en/about/previous-releases'],
  needs: ['nodeVersions'],
  about: {
    what: 'version of Node.js it asks for',
    isIn: ({ nodeVersions }) => nodeVersions.demands.some(({ kind }) => kind === 'range' || kind === 'pin'),
  },
  *check({ nodeVersions }) {
    for (const { kind, by, text, at, ended, majors, folder } of nodeVersions.demands) {
      if ((kind !== 'range' && kind !== 'pin') || !ended) continue;
      const lines = majors.length === 1 ? `Node.js ${majors[0]}` : `Node.js ${majors[0]} to ${majors.at(-1)}`;
      yield {
        at,
        message: `${by} asks for ${text}, and ${lines} gets no more fixes; the line to move to is ${nodeVersions.recommended}.`,
        ...(folder !== '' && { severity: 'low' as const }),
      };
    }
  },
  examples: [
    bad('A range of lines that have all ended', {
      'package.json': '{ "name": "a", "engines": { "node": «"18.x"» }, "scripts": { "start": "node a.js" } }\n',
    }),
    bad('A version file', { 'package.json': '{ "name": "a" }\n', '.nvmrc': '«lts/hydrogen»\n' }),
    bad('Among other tools', { '.tool-versions': 'python 3.12.1\nnodejs «16.20.2»\n' }),
    good('Lines that are alive', {
      'package.json': '{ "name": "a", "engines": { "node": ">=18" }, "volta": { "node": "24.1.0" } }\n',
      '.nvmrc': 'lts/*\n',
    }),
    good('Something that is no version', { 'package.json': '{ "name": "a", "engines": { "node": "whatever" } }\n' }),
  ],
});
