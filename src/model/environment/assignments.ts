import type { Span } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import type { DataNode } from '../../facts/data/data-facts.ts';
import type { Pair, Word } from '../../facts/word.ts';
import { isDevelopmentName } from '../images/stage.ts';
import { commandsAt } from '../../facts/shell/commands.ts';
import { placeOf } from '../place.ts';
import type { Source } from '../view.ts';
import type { Assignment, DotenvFile } from './environment.ts';

const NAME = /^[A-Z][A-Z0-9_]+$/;
const MAX_DEPTH = 30;

/** Variables set by files of the project, whatever the file is for. */
export function assignmentsOf(source: Source, files: readonly DotenvFile[]): readonly Assignment[] {
  return [
    ...files.flatMap((file) =>
      file.entries.map(({ name, value, start, end }) => assignment(file.path, 'dotenv', name, value, { start, end })),
    ),
    ...(['yaml', 'json', 'manifest'] as const).flatMap((language) =>
      source.facts(language).flatMap(({ path, facts }) => facts.documents.flatMap((node) => inData(path, node, 0))),
    ),
    ...source
      .facts('dockerfile')
      .flatMap(({ path, facts }) =>
        facts.instructions.flatMap(({ keyword, pairs, commands }) => [
          ...(keyword === 'ENV' || keyword === 'ARG' ? pairs.flatMap((pair) => ofPair(path, 'image', pair)) : []),
          ...commands.flatMap(({ env }) => env.flatMap((pair) => ofPair(path, 'image', pair))),
        ]),
      ),
    ...source
      .facts('shell')
      .flatMap(({ path, facts }) =>
        facts.commands.flatMap(({ env, words }) => [
          ...env.flatMap((pair) => ofPair(path, 'script', pair)),
          ...words.flatMap((word) => ofWord(path, word)),
        ]),
      ),
  ].filter(({ name }) => NAME.test(name));
}

function inData(path: string, node: DataNode, depth: number): readonly Assignment[] {
  if (depth > MAX_DEPTH) return [];
  if (node.kind === 'scalar') return inText(path, node);
  if (node.kind === 'list') return node.items.flatMap((item) => inData(path, item, depth + 1));
  const name = node.entries.find(({ key }) => key === 'name')?.value;
  const value = node.entries.find(({ key }) => key === 'value')?.value;
  const named =
    name?.kind === 'scalar' && value?.kind === 'scalar' ? [assignment(path, 'data', name.text, value, value)] : [];
  return [
    ...named,
    ...node.entries.flatMap(({ key, keyAt, value: of }) =>
      of.kind === 'scalar' && NAME.test(key)
        ? [assignment(path, 'data', key, of, { start: keyAt.start, end: of.end })]
        : inData(path, of, depth + 1),
    ),
  ];
}

/** `NAME=value`, alone or before a command. */
function inText(path: string, node: Word): readonly Assignment[] {
  if (!/\b[A-Z][A-Z0-9_]+=/.test(node.text)) return [];
  const whole = /^([A-Z][A-Z0-9_]+)=(.*)$/s.exec(node.text);
  if (whole?.[1] !== undefined && !/\s/.test(node.text)) {
    return [assignment(path, 'data', whole[1], { ...node, text: whole[2] ?? '' }, node)];
  }
  // what is inside a value of another document stands where the value stands
  return commandsAt(node).flatMap(({ env, words }) => [
    ...env.flatMap(({ name, value }) => (value ? [assignment(path, 'script', name, value, node)] : [])),
    ...words.flatMap((word) => ofWord(path, word)),
  ]);
}

const ofPair = (path: string, by: Assignment['by'], { name, value, start, end }: Pair): readonly Assignment[] =>
  value ? [assignment(path, by, name, value, { start, end })] : [];

/** An argument of `export`, `env` or `cross-env`. */
function ofWord(path: string, word: Word): readonly Assignment[] {
  const [, name, value = ''] = /^([A-Z][A-Z0-9_]+)=(.*)$/s.exec(word.text) ?? [];
  return name === undefined ? [] : [assignment(path, 'script', name, { ...word, text: value }, word)];
}

const assignment = (
  path: string,
  by: Assignment['by'],
  name: string,
  value: Word,
  { start, end }: Span,
): Assignment => ({
  name,
  value: value.text,
  secret: value.secret !== undefined,
  at: locationOf(path, { start, end }),
  by,
  place: placeOf(path),
  development: isDevelopmentName(path) || /(^|[/._-])(dev|development|local|test|ci)([/._-]|$)/i.test(path),
});
