import type { Node, Program } from '../program/program.ts';
import { isFrom } from './api-path.ts';
import type { Pattern, Site } from './site.ts';

const ROW = { sink: 'regex', label: 'text' } as const;
const MAX_PATTERNS = 4;
const OF_PATTERN = ['test', 'exec'] as const;
const OF_TEXT = ['match', 'matchAll', 'replace', 'replaceAll', 'search', 'split'] as const;

/** Texts matched against patterns the program has written down. */
export function matchedSites(program: Program): readonly Site[] {
  const site = (call: Node, text: Node | undefined, regex: Node | undefined): readonly Site[] => {
    const value = program.valueOf(call);
    if (value.kind !== 'call' || text === undefined || regex === undefined) return [];
    const patterns = patternsOf(program, regex);
    if (patterns.length === 0) return [];
    const module = program.moduleOf(call);
    return [
      {
        row: ROW,
        module,
        block: value.block,
        into: program.describe(program.child(call, value.callee)),
        value: text,
        path: [],
        at: program.locationOf(call),
        guessed: false,
        patterns,
      },
    ];
  };
  return [
    ...program
      .callsNamed(...OF_PATTERN)
      .flatMap((call) => site(call, program.argument(call, 0), receiverOf(program, call))),
    ...program
      .callsNamed(...OF_TEXT)
      .flatMap((call) => site(call, receiverOf(program, call), program.argument(call, 0))),
    ...program
      .callsTo('validator.matches', 'validator.default.matches')
      .flatMap((call) => site(call, program.argument(call, 0), program.argument(call, 1))),
  ];
}

/** A pattern of a schema or a route: whatever is checked by it comes from outside. */
export interface CheckedPattern {
  readonly node: Node;
  readonly pattern: Pattern;
}

const SCHEMAS =
  /^(zod(\/v\d|\/mini)?|joi|@hapi\/joi|yup|celebrate|express-validator|koa-validate|superstruct|valibot)(?![\w-])/;
const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'all', 'use'] as const;

export function checkedPatterns(program: Program): readonly CheckedPattern[] {
  const rootsAt = (call: Node): readonly string[] => {
    const value = program.valueOf(call);
    return value.kind === 'call' ? program.apis(program.child(call, value.callee)) : [];
  };
  const given = (call: Node, index: number): readonly CheckedPattern[] => {
    const node = program.argument(call, index);
    return node === undefined ? [] : patternsOf(program, node).map((pattern) => ({ node, pattern }));
  };
  return [
    ...program
      .callsNamed('regex', 'pattern', 'matches', 'match')
      .filter((call) => rootsAt(call).some((api) => SCHEMAS.test(api)))
      .flatMap((call) => given(call, 0)),
    ...program.callsTo('class-validator.Matches').flatMap((call) => given(call, 0)),
    ...program.callsTo('valibot.regex').flatMap((call) => given(call, 0)),
    ...program.callsTo('superstruct.pattern').flatMap((call) => given(call, 1)),
    ...program
      .callsNamed(...METHODS)
      .filter((call) => rootsAt(call).some((api) => isFrom(api, 'express')))
      .flatMap((call) => given(call, 0)),
    ...writtenSchemas(program),
  ];
}

/** `{ type: 'string', pattern: '…' }` of a JSON schema, `{ type: String, match: /…/ }` of Mongoose. */
function writtenSchemas(program: Program): readonly CheckedPattern[] {
  return [...program.modules.values()].flatMap((module) =>
    module.facts.values.flatMap((value): readonly CheckedPattern[] => {
      if (value.kind !== 'object' || !value.properties.some(({ name }) => name === 'type')) return [];
      const property = value.properties.find(({ name }) => name === 'pattern' || name === 'match');
      const type = value.properties.find(({ name }) => name === 'type');
      if (!property || !type) return [];
      const typed = program.nodeIn(module, type.value);
      const node = program.nodeIn(module, property.value);
      if (property.name === 'match')
        return program.apis(typed).includes('String')
          ? patternsOf(program, node).map((pattern) => ({ node, pattern }))
          : [];
      if (!program.constants(typed)?.includes('string')) return [];
      const [source] = program.constants(program.nodeIn(module, property.value)) ?? [];
      return typeof source === 'string' ? [{ node, pattern: { source, flags: 'u' } }] : [];
    }),
  );
}

function receiverOf(program: Program, call: Node): Node | undefined {
  const value = program.valueOf(call);
  if (value.kind !== 'call') return undefined;
  const calleeNode = program.child(call, value.callee);
  const callee = program.valueOf(calleeNode);
  return callee.kind === 'member' ? program.child(calleeNode, callee.object) : undefined;
}

/** The patterns a value may be, without those that cannot be slow. */
function patternsOf(program: Program, node: Node): readonly Pattern[] {
  const { kind } = program.valueOf(node);
  if (kind === 'literal' || kind === 'join' || kind === 'object') return [];
  return program
    .origins(node)
    .slice(0, MAX_PATTERNS)
    .flatMap((origin): readonly Pattern[] => {
      const value = program.valueOf(origin);
      if (value.kind === 'regex') return [{ source: value.pattern, flags: value.flags }];
      if (value.kind !== 'call' || !program.apis(program.child(origin, value.callee)).includes('RegExp')) return [];
      const [text, flags] = [program.argument(origin, 0), program.argument(origin, 1)];
      const [source] = (text === undefined ? undefined : program.constants(text)) ?? [];
      const [letters] = (flags === undefined ? undefined : program.constants(flags)) ?? [''];
      return typeof source === 'string' && typeof letters === 'string' ? [{ source, flags: letters }] : [];
    })
    .filter(({ source }) => mayBeSlow(source));
}

/** Something is repeated in something that is, or twice: what repeats one character once has one way to match. */
function mayBeSlow(source: string): boolean {
  const bare = source.slice(0, 2000).replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]/g, 'a');
  const repeated = bare.match(/[+*]|\{\d+,\}/g) ?? [];
  return repeated.length > 1 || /\)(?:[+*]|\{\d+,\})/.test(bare);
}
