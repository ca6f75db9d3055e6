import { bad, defineRule, good } from '../../src/rule/rule.ts';

const LOADS = /^(dotenv|dotenv-flow|@dotenvx\/dotenvx|dotenv-safe)(\.default)?\.config$|^process\.loadEnvFile$/;
const LOADING_IMPORT = /^(dotenv|@dotenvx\/dotenvx|dotenv-flow)\/config$/;
/** What a platform sets before the process starts. */
const OF_PLATFORM = /^(NODE_ENV|NODE_OPTIONS|PATH|HOME|USER|PWD|TZ|CI|DEBUG|TERM|SHELL|HOSTNAME|npm_\w+)$/;

export default defineRule({
  id: 'config/dotenv-loaded-too-late',
  ensures: 'Variables from `.env` are there before any module reads them.',
  severity: 'high',
  roles: ['any'],
  cwe: 696,
  why: `A module that reads \`process.env\` while it is loaded sees \`undefined\` if \`.env\` is read later, and keeps it: the database URL is missing, or its fallback is used without a word. In ES modules every \`import\` runs before the first line, so \`dotenv.config()\` is always later than all of them.`,
  fix: `Make \`import 'dotenv/config'\` the first import of the entry, or start with \`node --env-file=.env\`.`,
  references: [
    'https://github.com/motdotla/dotenv#how-do-i-use-dotenv-with-import',
    'https://nodejs.org/api/cli.html#--env-fileconfig',
  ],
  needs: ['program', 'code', 'loading', 'telemetry'],
  *check({ program, code, loading, telemetry }) {
    if (telemetry.preloads.some((preload) => /dotenv|env-file/.test(preload))) return;
    type Module = ReturnType<typeof program.moduleOf>;
    /** Where each module loads the variables itself. */
    const sites = new Map<Module, { readonly start: number; readonly end: number }>();
    for (const call of program.callsTo(LOADS)) {
      if (code.ownerOf(call)) continue;
      const module = program.moduleOf(call);
      const [start, end] = program.valueOf(call).at;
      if (!sites.has(module)) sites.set(module, { start, end });
    }
    for (const module of program.modules.values()) {
      const load = loading.of(module).find(({ specifier }) => LOADING_IMPORT.test(specifier));
      if (load) sites.set(module, { start: load.at[0], end: load.at[1] });
    }
    for (const [module, { start, end }] of sites) {
      const isImport = loading.of(module).some((load) => LOADING_IMPORT.test(load.specifier) && load.at[0] === start);
      const all = loading.before(module, start);
      const early = isImport ? all.filter((each) => each.module !== module || each.load.at[1] <= start) : all;
      // somebody else loaded them before
      if (
        early.some(
          ({ load }) =>
            LOADING_IMPORT.test(load.specifier) || (load.target && load.target !== module && sites.has(load.target)),
        )
      )
        continue;
      if (isImport && reachedBefore(module, start)) continue;
      const reader = early
        .filter((each) => !isImport || isBefore(each.module, module, start, each.load.at[0]))
        .map(({ load }) => load.target)
        .find((target) => target !== undefined && target !== module && readIn(target) !== undefined);
      const read = reader && readIn(reader);
      if (!reader || read === undefined) continue;
      yield {
        at: program.locationIn(module, [start, end]),
        message: `\`.env\` is read here, but \`${program.describe(read)}\` was read before, in ${reader.path}.`,
        trail: [{ at: program.locationOf(read), note: 'This runs when its module is loaded, and that is earlier.' }],
      };
    }

    function reachedBefore(module: Module, start: number): boolean {
      const [first] = loading.of(module);
      return first !== undefined && first.at[0] === start && loading.importersOf(module).length === 0;
    }

    function isBefore(from: Module, module: Module, start: number, at: number): boolean {
      if (from === module) return at < start;
      // loaded on behalf of an import that stands behind this one
      const own = loading.of(module).filter((load) => load.at[0] > start && load.target !== undefined);
      return !own.some((load) => load.target !== undefined && loading.below(load.target).has(from));
    }

    /** A variable read in code that runs when the module is loaded. */
    function readIn(module: Module): number | undefined {
      const { values, blocks } = module.facts;
      const id = values.findIndex((value) => {
        if (value.kind !== 'member' || value.property === undefined || OF_PLATFORM.test(value.property)) return false;
        if (!/^[A-Z][A-Z0-9_]*$/.test(value.property) || blocks[value.block]?.function !== 0) return false;
        return program.apis(module.first + value.object).includes('process.env');
      });
      return id === -1 ? undefined : module.first + id;
    }
  },
  examples: [
    bad('ES modules: the imports run first', {
      'server.js': `
import dotenv from 'dotenv';
import { url } from './config.js';
«dotenv.config()»;
console.log(url);`,
      'config.js': `export const url = process.env.DATABASE_URL;`,
    }),
    bad('CommonJS: required before', {
      'server.js': `
const app = require('./app');
«require('dotenv').config()»;
app.listen(3000);`,
      'app.js': `
const { url } = require('./db');
module.exports = require('express')();`,
      'db.js': `exports.url = process.env.DATABASE_URL || 'postgres://localhost';`,
    }),
    good('First of all', {
      'server.js': `
require('dotenv').config();
const app = require('./app');
app.listen(3000);`,
      'app.js': `
const url = process.env.DATABASE_URL;
module.exports = require('express')();`,
    }),
    good('As the first import', {
      'server.ts': `
import 'dotenv/config';
import { url } from './config.js';
console.log(url);`,
      'config.ts': `export const url = process.env.DATABASE_URL;`,
    }),
    good('The module that reads loads them itself', {
      'server.js': `
import { url } from './config.js';
console.log(url);`,
      'config.js': `
import dotenv from 'dotenv';
dotenv.config();
export const url = process.env.DATABASE_URL;`,
    }),
    good('Read when it is needed', {
      'server.js': `
import dotenv from 'dotenv';
import { connect } from './db.js';
dotenv.config();
connect();`,
      'db.js': `export const connect = () => open(process.env.DATABASE_URL);`,
    }),
    good('Preloaded by the start command', {
      'package.json': `{ "name": "shop", "private": true, "scripts": { "start": "node -r dotenv/config server.js" } }`,
      'server.js': `
import dotenv from 'dotenv';
import { url } from './config.js';
dotenv.config();`,
      'config.js': `export const url = process.env.DATABASE_URL;`,
    }),
  ],
});
