import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'dependencies/runtime-dep-in-dev',
  ensures: 'What the running program imports is installed in production.',
  severity: 'high',
  roles: ['service', 'worker', 'function'],
  why: 'A production install leaves devDependencies out (`npm ci --omit=dev`, NODE_ENV=production): the program ends at its first import with "Cannot find module", in production alone.',
  fix: 'Move the package to `dependencies`: `npm install --save-prod <name>`.',
  references: ['https://docs.npmjs.com/cli/v11/configuring-npm/package-json#devdependencies'],
  needs: ['program', 'roles', 'manifests'],
  *check({ program, roles, manifests }) {
    const told = new Set<string>();
    for (const [path, { facts }] of program.modules) {
      if (!isProduct(path) || roles.at(path).size === 0) continue;
      const manifest = manifests.above(path);
      if (!manifest || manifest.scripts.some(({ programs }) => programs.some(bundles))) continue;
      const own = [manifest, manifests.workspaceOf(manifest)].flatMap(({ dependencies }) => dependencies);
      // TypeScript drops an import of which only types are used, and types have names in capitals
      const used = new Set(
        facts.values.flatMap((value) => (value.kind === 'import' && !/^[A-Z]/.test(value.name) ? [value.module] : [])),
      );
      for (const { module, kind, block, at } of facts.imports) {
        const name = packageOf(module ?? '');
        if (name === undefined || kind === 'type' || kind === 'dynamic' || block !== 0) continue;
        if (/\.[mc]?tsx?$/.test(path) && !used.has(module ?? '')) continue;
        const declared = own.filter((dependency) => dependency.name === name);
        if (declared.length === 0 || declared.some((dependency) => dependency.kind !== 'devDependencies')) continue;
        if (told.has(`${manifest.path} ${name}`)) continue;
        told.add(`${manifest.path} ${name}`);
        const [first] = declared;
        yield {
          at: { path, start: at[0], end: at[1] },
          confidence: 'likely',
          ...(isPlugin(manifest) && { unsure: 'Whoever installs this package may bring it along.' }),
          message: `${path} imports ${name}, which ${manifest.path} has in devDependencies alone.`,
          trail: first ? [{ at: first.nameAt, note: 'A production install leaves it out.' }] : [],
        };
      }
    }
  },
  examples: [
    bad('Required, and imported', {
      'server.js': `
const express = require('express');
const morgan = «require('morgan')»;
const app = express();
app.use(morgan('tiny'));
app.listen(3000);`,
      'package.json':
        '{ "name": "a", "scripts": { "start": "node server.js" }, "dependencies": { "express": "5.1.0" }, "devDependencies": { "morgan": "1.10.0" } }\n',
    }),
    bad('In a module the server loads', {
      'src/server.ts': `
import { createServer } from 'node:http';
import { log } from './log.ts';
createServer((req, res) => { log(req.url); res.end(); }).listen(3000);`,
      'src/log.ts': `
«import pino from 'pino';»
const logger = pino();
export const log = (text?: string) => logger.info(text);`,
      'package.json':
        '{ "name": "a", "scripts": { "start": "node src/server.ts" }, "devDependencies": { "pino": "9.0.0", "typescript": "5.9.0" } }\n',
    }),
    good('Types, tests and guarded tools', {
      'server.ts': `
import type { Options } from 'tsup';
import { Config } from 'jest';
const express = require('express');
if (process.env.NODE_ENV !== 'production') require('morgan');
const options: Options | Config = {};
express().listen(3000, () => console.log(options));`,
      'certification/index.js':
        "const helmet = require('helmet');\nconst express = require('express');\nexpress().use(helmet()).listen(3001);\n",
      'a.test.ts': "import request from 'supertest';\nrequest('x');\n",
      'package.json':
        '{ "name": "a", "scripts": { "start": "node server.ts" }, "dependencies": { "express": "5.1.0" }, "devDependencies": { "morgan": "1.10.0", "tsup": "8.0.0", "helmet": "8.1.0", "jest": "30.0.0", "supertest": "7.0.0" } }\n',
    }),
    good('A bundler puts it into what is shipped', {
      'server.js': "const fastify = require('fastify');\nfastify().listen({ port: 3000, host: '0.0.0.0' });\n",
      'package.json':
        '{ "name": "a", "scripts": { "start": "node server.js", "build": "esbuild server.js --bundle --outfile=dist/server.js" }, "devDependencies": { "fastify": "5.0.0", "esbuild": "0.25.0" } }\n',
    }),
    good('In both lists, or in those of the workspace', {
      'apps/api/server.js':
        "const express = require('express');\nconst ms = require('ms');\nexpress().listen(3000, () => ms('1h'));\n",
      'apps/api/package.json':
        '{ "name": "api", "scripts": { "start": "node server.js" }, "dependencies": { "express": "5.1.0" }, "devDependencies": { "express": "5.1.0", "ms": "2.1.3" } }\n',
      'package.json': '{ "name": "a", "private": true, "workspaces": ["apps/*"], "dependencies": { "ms": "2.1.3" } }\n',
    }),
  ],
});

const isProduct = (path: string): boolean =>
  !/^certification\/|(^|\/)(tests?|__tests__|specs?|e2e|scripts?|tools?|fixtures?|mocks?|examples?)\/|[._-](test|spec|config|stories|mock)\.[mc]?[jt]sx?$/i.test(
    path,
  );

/** `lodash/fp` → `lodash`; undefined for files, aliases and what Node.js brings. */
const packageOf = (module: string): string | undefined =>
  module.startsWith('node:') ? undefined : /^(@[a-z\d][\w.-]*\/[\w.-]+|[a-z\d][\w.-]*)(\/|$)/.exec(module)?.[1];

/** The program that is shipped has its dependencies in it. */
const bundles = (words: readonly string[]): boolean =>
  words.some((word) =>
    /^(esbuild|webpack|rollup|vite|tsup|ncc|parcel|next|nuxt|nuxi|rspack|rsbuild|tsdown|unbuild|remix|react-router|astro|svelte-kit|gatsby|nx|turbo|wrangler|sls|serverless|encore|medusa|strapi)$/.test(
      word.slice(word.lastIndexOf('/') + 1),
    ),
  ) ||
  (words[0] === 'bun' && words[1] === 'build') ||
  (words[0] === 'nest' && words.includes('--webpack'));

/** Published from a workspace and started by nobody here: what it is plugged into is there already. */
const isPlugin = ({ kind, folder }: { readonly kind: string; readonly folder: string }): boolean =>
  kind === 'library' && folder !== '';
