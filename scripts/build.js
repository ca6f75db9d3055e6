// Bundles the command line and everything it needs into dist/, or the folder that is named: the published package
// installs nothing else.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { VISITOR_KEYS } from '@babel/types';

const root = new URL('../', import.meta.url);
const outdir = resolve(process.argv[2] ?? fileURLToPath(new URL('dist', root)));
const textOf = (path) => readFileSync(new URL(path, root), 'utf8');

/** What is cached is good only for the very code, and the very packages, that made it. */
function hashOf(...folders) {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const files = readdirSync(new URL(folder, root), { recursive: true }).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
    );
    for (const name of files.toSorted()) hash.update(`${folder}/${name}\0${textOf(`${folder}/${name}`)}\0`);
  }
  return hash.update(textOf('package-lock.json')).digest('hex').slice(0, 16);
}

const SPINNERS = JSON.parse(textOf('node_modules/cli-spinners/spinners.json'));

/**
 * Of packages that cannot be cut to what is used, only that: half a megabyte that nobody downloads and no start reads.
 * Another import from them fails the build.
 */
const SLIM = {
  '@babel/types': `export const VISITOR_KEYS = ${JSON.stringify(VISITOR_KEYS)};`,
  'cli-spinners': `export default ${JSON.stringify({ dots: SPINNERS.dots, line: SPINNERS.line })};`,
  'vscode-languageserver-types': `
    const isNumber = (value) => Number.isInteger(value) && value >= 0;
    const isPosition = (value) => isNumber(value?.line) && isNumber(value?.character);
    export const Position = { create: (line, character) => ({ line, character }), is: isPosition };
    export const Range = {
      create: (one, two, three, four) =>
        isPosition(one)
          ? { start: one, end: two }
          : { start: Position.create(one, two), end: Position.create(three, four) },
      is: (value) => isPosition(value?.start) && isPosition(value?.end),
    };`,
  undici: `
    import Agent from 'undici/lib/dispatcher/agent.js';
    import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
    import api from 'undici/lib/api/index.js';
    Object.assign(Dispatcher.prototype, api);
    export { Agent };`,
};

const slim = {
  name: 'slim',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(@babel\/types|undici|cli-spinners|vscode-languageserver-types)$/ }, ({ path }) => ({
      path,
      namespace: 'slim',
    }));
    // the parser of undici comes twice, with and without SIMD: once is enough
    onResolve({ filter: /llhttp_simd-wasm\.js$/ }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path.replace('llhttp_simd', 'llhttp')),
    }));
    // nobody here speaks HTTP/2 to send a request, or sends a form: what would be needed for it throws
    onResolve({ filter: /[/](?:client-h2|fetch[/]body)\.js$/ }, ({ path, importer }) =>
      /[/]undici[/]lib[/]/.test(importer) ? { path, namespace: 'unused' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'unused' }, ({ path }) => ({
      contents: `module.exports = () => { throw new Error('${path} is not part of this package'); };`,
    }));
    onLoad({ filter: /.*/, namespace: 'slim' }, ({ path }) => ({
      contents: SLIM[path],
      resolveDir: fileURLToPath(root),
    }));
  },
};

/**
 * Half of every rule are examples, which `explain` alone reads, and a quarter are words, which are read where there is
 * something to say. Both are packed.
 */
const RULE = /[\\/]rules[\\/][a-z]+[\\/][\w-]+\.ts$/;
const EXAMPLES = /\n {2}examples: \[\n[\s\S]*?\n {2}\],\n(?= {2}\w|\}\);)/;
const WORDS = /\n {2}(?:why|fix|references):[\s\S]*?,(?=(?: \/\/[^\n]*)?\n {2}[\w*/])/g;
const CONTRACT = /[\\/]src[\\/]rule[\\/]rule\.ts$/;
const AS_IT_IS = '=> rule;';

/** What a rule gets its words by, when they are first asked for. */
const READING = `=> Object.defineProperties(rule, Object.fromEntries(['why', 'fix', 'references'].map((name) =>
  [name, { enumerable: true, get: () => wordsOf(rule.id)[name] }])));
let words;
function wordsOf(id) {
  const get = (name) => process.getBuiltinModule('node:' + name);
  const file = new URL('words.br', import.meta.url);
  words ??= JSON.parse(get('zlib').brotliDecompressSync(get('fs').readFileSync(file)).toString());
  return words[id];
}`;

const packing = {
  name: 'packing',
  setup({ onLoad }) {
    onLoad({ filter: CONTRACT }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes(AS_IT_IS)) throw new Error(`${path}: nothing defines a rule.`);
      return { contents: text.replace(AS_IT_IS, READING), loader: 'ts' };
    });
    onLoad({ filter: RULE }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const rest = text.replace(EXAMPLES, '\n  examples: [],\n').replace(WORDS, '');
      if (text.match(WORDS)?.length !== 3 || !EXAMPLES.test(text) || !/\n {2}needs: /.test(rest))
        throw new Error(`${path}: its words or its examples cannot be found.`);
      return { contents: rest, loader: 'ts' };
    });
  },
};

/** The rules as they are written. */
async function allRules() {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(root),
    entryPoints: ['rules/index.ts'],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  const { rules } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
  return rules;
}

/** Something of all rules, by id, packed. */
const packed = (rules, part) =>
  brotliCompressSync(JSON.stringify(Object.fromEntries(rules.map((rule) => [rule.id, part(rule)]))));

/** The folders of the packages that were bundled, `node_modules/…`. */
function packagesIn(metafile) {
  const inputs = Object.keys(metafile.inputs).map((path) => path.replace(/^slim:/, 'node_modules/'));
  const folders = inputs.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  return [...new Set(folders)].toSorted();
}

/** Of a package: who holds the rights to it, and the terms, which many others share to the letter. */
function licenceOf(folder) {
  const { name, version, license } = JSON.parse(textOf(`${folder}/package.json`));
  const file = readdirSync(new URL(folder, root)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const lines = (file ? textOf(`${folder}/${file}`).trim() : `Licensed under ${license}.`).split(/\r?\n/);
  const isNotice = (line) => /^\W*(?:copyright|\(c\)|©)\s.*\d{4}/i.test(line);
  const notices = lines.filter(isNotice).map((line) => `  ${line.trim()}`);
  const terms = lines.filter((line) => !isNotice(line)).join('\n');
  return { head: [`${name} ${version} (${license})`, ...notices].join('\n'), terms: terms.trim() };
}

/** Every package with its notices, and below them the terms they share, once. */
function licencesOf(folders) {
  const groups = new Map();
  for (const { head, terms } of folders.map(licenceOf)) {
    const words = terms
      .replaceAll(/[^a-z]+/gi, ' ')
      .trim()
      .toLowerCase();
    const key = words.replace(/^(?:the )?mit licen[cs]e(?: mit)? /, '');
    const group = groups.get(key) ?? { heads: [], terms };
    groups.set(key, { ...group, heads: [...group.heads, head] });
  }
  return [...groups.values()].map(({ heads, terms }) => `${heads.join('\n')}\n\n${terms}\n`);
}

rmSync(outdir, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: fileURLToPath(root),
  entryPoints: { audit: 'src/cli/start.ts' },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // the ES modules of a package, where it has some: they can be cut to what is used
  mainFields: ['module', 'main'],
  charset: 'utf8',
  legalComments: 'none',
  minify: true,
  // packages in CommonJS call require for what comes with Node
  banner: { js: "import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);" },
  define: {
    BUILT_VERSION: JSON.stringify(JSON.parse(textOf('package.json')).version),
    BUILT_EXTRACTORS: JSON.stringify(hashOf('src/document', 'src/facts')),
    BUILT_OF: JSON.stringify(hashOf('src', 'rules')),
  },
  plugins: [slim, packing],
  metafile: true,
  logLevel: 'warning',
});
const licences = licencesOf(packagesIn(metafile));
writeFileSync(
  join(outdir, 'THIRD-PARTY-LICENSES.txt'),
  `This package contains code of the following packages.\n\n${licences.join(`\n${'-'.repeat(80)}\n\n`)}`,
);
const rules = await allRules();
writeFileSync(
  join(outdir, 'examples.br'),
  packed(rules, ({ examples }) => examples),
);
writeFileSync(
  join(outdir, 'words.br'),
  packed(rules, ({ why, fix, references }) => ({ why, fix, references })),
);
