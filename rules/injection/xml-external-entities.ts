import { bad, defineRule, good } from '../../src/rule/rule.ts';

const PARSERS = ['libxmljs', 'libxmljs2'].flatMap((module) =>
  [
    'parseXml',
    'parseXmlString',
    'parseXmlAsync',
    'parse',
    'XmlDocument.fromXml',
    'XmlDocument.fromXmlAsync',
    'Document.fromXml',
  ].map((method) => `${module}.${method}`),
);
/** Options of libxml that make it read other files or the network. */
const OPTIONS: readonly (readonly [name: string, on: boolean])[] = [
  ['noent', true],
  ['replaceEntities', true],
  ['dtdload', true],
  ['validateEntities', true],
  ['nonet', false],
];

export default defineRule({
  id: 'injection/xml-external-entities',
  ensures: 'XML from outside cannot make the service read files or call hosts.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  cwe: 611,
  owasp: 'A02',
  why: 'An entity such as `<!ENTITY x SYSTEM "file:///etc/passwd">` puts that file into the document; another calls hosts inside your network.',
  fix: 'Drop the option: entities are not replaced by default.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/XML_External_Entity_Prevention_Cheat_Sheet.html'],
  needs: ['program', 'code', 'flows'],
  *check({ program, code, flows }) {
    const reached = new Map(flows.into('xml').map((flow) => [`${flow.sink.path}:${flow.sink.start}`, flow]));
    for (const api of PARSERS) {
      for (const call of program.callsTo(api)) {
        for (const [name, on] of OPTIONS) {
          const option = code.option(call, 1, name);
          if (option.state !== 'given' || !program.constants(option.value)?.every((value) => value === on)) continue;
          const text = code.argument(call, 0);
          const flow = text.state === 'given' ? reached.get(`${text.at.path}:${text.at.start}`) : undefined;
          yield {
            at: option.at,
            message: `${program.describe(call)} replaces external entities${flow ? ` in ${flow.source}` : ''}.`,
            ...(flow && { severity: 'critical' as const, trail: flow.evidence.trail }),
          };
        }
      }
    }
  },
  examples: [
    bad('An upload', {
      'app.js': `const express = require('express');\nconst libxmljs = require('libxmljs');\nconst app = express();\napp.use(express.text());\napp.post('/import', (req, res) => res.json({ ok: libxmljs.parseXmlString(req.body, { «noent: true», noblanks: true }) !== null }));\n`,
    }),
    bad('Options of another file', {
      'options.ts': `export const options = { «noent: true» };\n`,
      'feed.ts': `import { parseXml } from 'libxmljs2';\nimport { options } from './options';\nexport const read = (text: string) => parseXml(text, options);\n`,
    }),
    good('The defaults', {
      'app.js': `const express = require('express');\nconst libxmljs = require('libxmljs');\nconst app = express();\napp.use(express.text());\napp.post('/import', (req, res) => res.json({ ok: libxmljs.parseXmlString(req.body, { noent: false }) !== null }));\n`,
    }),
    good('Parsers that never read external entities', {
      'app.ts': `import { XMLParser } from 'fast-xml-parser';\nimport { parseStringPromise } from 'xml2js';\nexport const read = async (text: string) => [new XMLParser().parse(text), await parseStringPromise(text)];\n`,
    }),
  ],
});
