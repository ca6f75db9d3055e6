import { expect, it } from 'vitest';
import type { Document } from '../document/document.ts';
import { languageOf } from '../document/language.ts';
import type { Project } from '../load/project.ts';
import { defineRule, good } from '../rule/rule.ts';
import type { Role } from '../model/role.ts';
import { audit } from './audit.ts';

/** The modules that are parsed for a rule about services. */
async function parsedIn(
  files: Readonly<Record<string, string>>,
  roles: readonly [Role] = ['service'],
): Promise<string[]> {
  const documents = Object.entries(files).map(([path, text]): Document => ({
    path,
    text,
    language: languageOf(path, text),
    tracked: 'tracked',
  }));
  const listed = documents.map(({ path, tracked, text }) => ({ path, tracked, bytes: text.length }));
  const project: Project = { root: '/', documents, files: listed, gaps: [] };
  const parsed: string[] = [];
  const rule = defineRule({
    id: 'config/any',
    ensures: '',
    severity: 'info',
    roles,
    why: '',
    fix: '',
    references: [],
    needs: ['program'],
    examples: [good('', {}), good('', {})],
    *check() {},
  });
  await audit(project, [rule], {
    today: new Date(0),
    cache: {
      factsOf: () => undefined,
      keep: ({ path, language }) => {
        if (language === 'javascript') parsed.push(path);
      },
    },
  });
  return parsed.toSorted();
}

const START = { 'package.json': '{ "scripts": { "start": "node server.js" } }' };
const LISTENS = `require('node:http').createServer((q, s) => s.end()).listen(3000);\n`;

it('what the start script leads to, and not its tests, tools and front-end', async () => {
  expect(
    await parsedIn({
      ...START,
      'server.js': `const users = require('./lib/users');\nimport('./lib/late.mjs');\n${LISTENS}`,
      'lib/users.js': `export * from '../shared/index.ts';`,
      'lib/late.mjs': '',
      'lib/unused.js': '',
      'shared/index.ts': `import type { Shown } from '../web/shown.ts';`,
      'web/shown.ts': '',
      'server.test.js': `require('./server')`,
      'webpack.config.js': '',
    }),
  ).toEqual(['lib/late.mjs', 'lib/users.js', 'server.js', 'shared/index.ts']);
});

it('folders that are loaded by computed names, and modules that are started by name', async () => {
  expect(
    await parsedIn({
      ...START,
      'server.js': `for (const f of fs.readdirSync(path.join(__dirname, 'routes'))) require(path.join(__dirname, 'routes', f));\nfork('./jobs/mail.js');\n${LISTENS}`,
      'routes/a.js': '',
      'routes/deep/b.js': '',
      'jobs/mail.js': '',
      'jobs/other.js': '',
    }),
  ).toEqual(['jobs/mail.js', 'routes/a.js', 'routes/deep/b.js', 'server.js']);
});

it('the sources of what is built, through aliases and workspaces', async () => {
  expect(
    await parsedIn({
      'package.json': '{ "workspaces": ["packages/*"], "scripts": { "start": "node dist/main.js" } }',
      'tsconfig.json':
        '{ "compilerOptions": { "outDir": "dist", "rootDir": "src", "baseUrl": ".", "paths": { "~/*": ["src/*"] } } }',
      'src/main.ts': `import { a } from '~/a';\nimport { b } from '@acme/b';\n${LISTENS}`,
      'src/a.ts': '',
      'src/c.ts': '',
      'packages/b/package.json': '{ "name": "@acme/b", "main": "dist/index.js" }',
      'packages/b/src/index.ts': '',
      'packages/c/package.json': '{ "name": "@acme/c" }',
      'packages/c/src/index.ts': '',
    }),
  ).toEqual(['packages/b/src/index.ts', 'src/a.ts', 'src/main.ts']);
});

it('everything, where nothing says what is started or what is started opens no port', async () => {
  const files = { 'server.js': LISTENS, 'tool.js': '' };
  expect(await parsedIn({ ...files, 'package.json': '{}' })).toEqual(['server.js', 'tool.js']);
  expect(await parsedIn({ ...files, 'package.json': '{ "scripts": { "start": "node tool.js" } }' })).toEqual([
    'server.js',
    'tool.js',
  ]);
});

it('everything, where a module of the root loads what it is told', async () => {
  expect(
    await parsedIn({ ...START, 'server.js': `require(process.env.PLUGIN);\n${LISTENS}`, 'plugin.js': '' }),
  ).toEqual(['plugin.js', 'server.js']);
});

it('everything, for a rule about front-ends', async () => {
  expect(await parsedIn({ ...START, 'server.js': LISTENS, 'web.js': '' }, ['frontend'])).toEqual([
    'server.js',
    'web.js',
  ]);
});
