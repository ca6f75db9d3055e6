import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../', import.meta.url).pathname;

/** Who may import whom; itself always. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'src/document': [],
  'src/load': ['src/document'],
  'src/probe': ['src/document'],
  'src/facts': ['src/document'],
  'src/model': ['src/document', 'src/facts'],
  'src/rule': ['src/document', 'src/model'],
  'src/engine': ['src/document', 'src/load', 'src/facts', 'src/model', 'src/rule'],
  'src/score': ['src/rule', 'src/engine'],
  'src/report': [],
  'src/authoring/write.ts': ['src/authoring', 'src/score', 'src/report', 'src/cli', 'rules'],
  'src/authoring': [
    'src/authoring/write.ts',
    'src/document',
    'src/load',
    'src/facts',
    'src/rule',
    'src/engine',
    'rules',
  ],
  'src/cli': [
    'src/document',
    'src/load',
    'src/probe',
    'src/facts',
    'src/model',
    'src/rule',
    'src/engine',
    'src/score',
    'src/report',
    'src/authoring',
    'rules',
  ],
  rules: ['src/rule'],
};

/** Imported for its types alone: a rule, a score and the engine's project are described by what others declare. */
const TYPES_ONLY: readonly (readonly [from: string, to: string])[] = [
  ['src/rule', 'src/model'],
  ['src/engine', 'src/load'],
  ['src/authoring', 'src/load'],
  ['src/score', 'src/engine'],
];

/** The one home of each package that must not spread. */
const HOMES: Readonly<Record<string, string>> = {
  '@babel/': 'src/facts/javascript',
  undici: 'src/probe',
  chalk: 'src/report',
  commander: 'src/cli',
  ora: 'src/cli',
};

const PURE = ['src/document', 'src/facts', 'src/model', 'src/rule', 'src/score', 'src/report', 'rules'];

interface Import {
  readonly file: string;
  readonly layer: string;
  readonly from: string;
  readonly isType: boolean;
}

const layerOf = (path: string): string =>
  Object.keys(LAYERS).find((layer) => path === layer || path.startsWith(`${layer}/`)) ?? path;

const imports: readonly Import[] = ['src', 'rules'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name}`)
    .flatMap((file) => {
      // the examples of a rule import what they like
      const [text = ''] = readFileSync(join(ROOT, file), 'utf8').split(/^export default defineRule\(/m);
      const statements = text.matchAll(
        /^(import|export)\s+(type\s)?[^;'"`]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm,
      );
      return [...statements].map(([, , type, named, bare, dynamic]): Import => ({
        file,
        layer: layerOf(file),
        from: named ?? bare ?? dynamic ?? '',
        isType: type !== undefined,
      }));
    }),
);

const own = imports
  .filter(({ from }) => from.startsWith('.'))
  .map((one) => ({ ...one, to: layerOf(relative(ROOT, join(ROOT, dirname(one.file), one.from))) }))
  .filter(({ layer, to }) => layer !== to);

describe('who imports whom', () => {
  it('is read from every layer', () => {
    expect(new Set(imports.map(({ layer }) => layer))).toEqual(new Set(Object.keys(LAYERS)));
  });

  it('is what the layers allow', () => {
    const wrong = own.filter(({ layer, to, file }) => !LAYERS[layer]?.includes(to) && file !== 'rules/index.ts');
    expect(wrong.map(({ file, from }) => `${file} imports ${from}`)).toEqual([]);
  });

  it.each(TYPES_ONLY)('%s takes nothing but types from %s', (layer, to) => {
    const wrong = own.filter((one) => one.layer === layer && one.to === to && !one.isType);
    expect(wrong.map(({ file, from }) => `${file} imports ${from}`)).toEqual([]);
  });

  it('is for a rule the contract of rules and nothing else', () => {
    const wrong = imports.filter(
      ({ file, from }) => file.startsWith('rules/') && file !== 'rules/index.ts' && from !== '../../src/rule/rule.ts',
    );
    expect(wrong.map(({ file, from }) => `${file} imports ${from}`)).toEqual([]);
  });

  it.each(Object.entries(HOMES))('%s has one home', (name, home) => {
    const guests = imports.filter(
      ({ from, file }) =>
        (from === name || (name.endsWith('/') && from.startsWith(name))) && !file.startsWith(`${home}/`),
    );
    expect(guests.map(({ file, from }) => `${file} imports ${from}`)).toEqual([]);
  });

  it('leaves disk, network and processes to load, probe and cli', () => {
    const wrong = imports.filter(
      ({ layer, from }) =>
        PURE.includes(layer) &&
        /^node:(fs|net|tls|http|https|http2|dns|child_process|worker_threads|os|process|path)\b/.test(from),
    );
    expect(wrong.map(({ file, from }) => `${file} imports ${from}`)).toEqual([]);
  });
});
