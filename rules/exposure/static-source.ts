import { bad, defineRule, good } from '../../src/rule/rule.ts';

interface Server {
  readonly api: string;
  readonly index: number;
  /** Absent where the folder is the argument itself. */
  readonly option?: string;
}

const SERVERS: readonly Server[] = [
  { api: 'express.static', index: 0 },
  { api: 'serve-static', index: 0 },
  { api: 'koa-static', index: 0 },
  { api: 'serve-index', index: 0 },
  { api: 'sirv', index: 0 },
  { api: 'fastify().register', index: 1, option: 'root' },
];

export default defineRule({
  id: 'exposure/static-source',
  ensures: 'Only files that are meant for visitors are served.',
  severity: 'high',
  roles: ['service', 'function'],
  cwe: 538,
  owasp: 'A02',
  why: `The folder of the service holds its source, \`package.json\`, \`.git\` and what was left beside them: keys, dumps, backups.
Whoever asks for \`/app.js\` or \`/package-lock.json\` gets it.`,
  fix: "Serve a folder of its own: `express.static(path.join(__dirname, 'public'))`.",
  references: ['https://expressjs.com/en/starter/static-files.html', 'https://cwe.mitre.org/data/definitions/538.html'],
  needs: ['program', 'code'],
  *check({ program, code }) {
    /** The folder of the module, of the process, or one above: where source is. */
    const isSource = (node: number): boolean =>
      program.origins(node).some((origin) => {
        const value = program.valueOf(origin);
        if (value.kind === 'global' || value.kind === 'member')
          return value.kind === 'global'
            ? value.name === '__dirname'
            : program.apis(origin).some((api) => /^import\.meta\.dirname$/.test(api));
        if (value.kind === 'literal')
          return typeof value.value === 'string' && /^(\.|\.\/|\.\.\/?|\/)$/.test(value.value);
        if (value.kind === 'join') {
          const [first, ...rest] = value.parts.map((part) => program.child(origin, part.value));
          const below = rest.map((part) => program.constants(part)?.[0]);
          return (
            first !== undefined &&
            isSource(first) &&
            below.every((each) => typeof each === 'string' && /^[./]*$/.test(each))
          );
        }
        if (value.kind !== 'call') return false;
        const apis = program.apis(program.child(origin, value.callee));
        if (apis.includes('process.cwd')) return true;
        if (!apis.some((api) => /^path\.(join|resolve|normalize)$/.test(api))) return false;
        const [first, ...rest] = value.args.map((argument) => program.child(origin, argument.value));
        const below = rest.map((part) => program.constants(part)?.[0]);
        return (
          first !== undefined &&
          isSource(first) &&
          below.every((each) => typeof each === 'string' && /^[./]*$/.test(each))
        );
      });
    for (const { api, index, option } of SERVERS) {
      for (const call of program.callsTo(api)) {
        const folder = option === undefined ? code.argument(call, index) : code.option(call, index, option);
        if (folder.state !== 'given' || !isSource(folder.value)) continue;
        yield { at: folder.at, message: `${program.describe(call)} serves the folder the source is in.` };
      }
    }
  },
  examples: [
    bad('The folder of the module', {
      'app.js': `const express = require('express');\nconst app = express();\napp.use(express.static(«__dirname»));\napp.use('/files', express.static(«'./'»));\napp.listen(3000);\n`,
    }),
    bad('One above, of a path put together in another file', {
      'src/root.ts': `import path from 'node:path';\nexport const root = path.join(__dirname, '..');\n`,
      'src/app.ts': `import Koa from 'koa';\nimport serve from 'koa-static';\nimport { root } from './root';\nnew Koa().use(serve(«root»)).use(serve(«process.cwd()»)).listen(3000);\n`,
    }),
    good('A folder of its own', {
      'app.js': `const express = require('express');\nconst path = require('path');\nconst app = express();\napp.use(express.static('public'));\napp.use(express.static(path.join(__dirname, 'dist')));\napp.use(express.static(__dirname + '/assets'));\n`,
    }),
    good('Fastify with a folder, and one nobody sees', {
      'app.ts': `import Fastify from 'fastify';\nimport fastifyStatic from '@fastify/static';\nimport path from 'node:path';\nexport const make = (root: string) => {\n  const app = Fastify();\n  app.register(fastifyStatic, { root: path.join(import.meta.dirname, 'public') });\n  app.register(fastifyStatic, { root });\n  return app;\n};\n`,
    }),
  ],
});
