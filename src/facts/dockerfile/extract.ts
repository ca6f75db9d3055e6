import { DockerfileParser } from 'dockerfile-ast';
import type { Instruction } from 'dockerfile-ast';
import type { Document, Span } from '../../document/document.ts';
import type { Gap } from '../../document/gap.ts';
import { lineStartsOf } from '../../document/position.ts';
import type { Extractor } from '../facts.ts';
import { commandsOf } from '../shell/commands.ts';
import type { ShellCommand } from '../shell/shell-facts.ts';
import type { Pair, Word, WordMaker } from '../word.ts';
import { wordMakerOf } from '../word.ts';
import { flagsOf, jsonWordsOf, pairsOf, shellWordsOf } from './arguments.ts';
import { blanked } from './blank.ts';
import type { DockerfileFacts, DockerInstruction } from './dockerfile-facts.ts';

/** The parser's time grows faster than the text; no hand-written Dockerfile comes near this. */
const MAX_LENGTH = 200_000;

export const extract: Extractor<'dockerfile'> = (document) => {
  const { path, text } = document;
  if (text.length > MAX_LENGTH) {
    const message = `${path} is longer than ${MAX_LENGTH} characters and was not read.`;
    return { facts: { instructions: [] }, gaps: [{ kind: 'capped', message }] };
  }
  try {
    return { facts: factsOf(document), gaps: [] };
  } catch {
    const gap: Gap = { kind: 'unreadable', message: `${path} could not be parsed as a Dockerfile.` };
    return { facts: { instructions: [] }, gaps: [gap] };
  }
};

function factsOf(document: Document): DockerfileFacts {
  const dockerfile = DockerfileParser.parse(document.text);
  const starts = lineStartsOf(document.text);
  const offsetOf = ({ line, character }: { line: number; character: number }): number =>
    Math.min((starts[line] ?? document.text.length) + character, document.text.length);
  const spanOf = (range: { start: Position; end: Position }): Span => ({
    start: offsetOf(range.start),
    end: offsetOf(range.end),
  });
  const reader: Reader = {
    text: document.text,
    escape: dockerfile.getEscapeCharacter(),
    maker: wordMakerOf(document),
  };
  return {
    instructions: dockerfile
      .getInstructions()
      .map((node) => instructionOf(reader, node, spanOf(node.getRange()), spanOf(node.getInstructionRange()))),
  };
}

type Position = { readonly line: number; readonly character: number };

interface Reader {
  readonly text: string;
  readonly escape: string;
  readonly maker: WordMaker;
}

const STARTS_COMMANDS = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK']);
const TAKES_FLAGS = new Set(['ADD', 'COPY', 'FROM', 'HEALTHCHECK', 'RUN']);

function instructionOf(reader: Reader, node: Instruction, span: Span, keywordAt: Span): DockerInstruction {
  const { text, maker } = reader;
  const keyword = node.getKeyword();
  const { line, lineEnd } = blanked(text, { start: keywordAt.end, end: span.end }, reader.escape);
  const offset = keywordAt.end;
  const { flags, rest } = TAKES_FLAGS.has(keyword) ? flagsOf(line, 0, offset, maker) : { flags: [], rest: 0 };
  const from = keyword === 'HEALTHCHECK' ? rest + (/^\s*CMD(?=\s|$)/i.exec(line.slice(rest))?.[0].length ?? 0) : rest;
  const exec = jsonWordsOf(line, from, offset, maker);
  const words = exec ?? shellWordsOf(line, from, offset, maker);
  const body: Body = { line, from, offset, lineEnd, end: span.end };
  return {
    ...span,
    keyword,
    keywordAt,
    flags,
    form: exec ? 'exec' : 'shell',
    words,
    pairs: hasPairs(keyword) ? pairsIn(reader, keyword, body) : [],
    commands: STARTS_COMMANDS.has(keyword) ? commandsIn(reader, words, body, exec !== undefined) : [],
    variables: variablesIn(text.slice(span.start, span.end)),
  };
}

interface Body {
  /** The arguments on one line, as long as they were. */
  readonly line: string;
  readonly from: number;
  readonly offset: number;
  /** Where that line ends in the document: here-documents follow. */
  readonly lineEnd: number;
  readonly end: number;
}

const hasPairs = (keyword: string): keyword is 'ENV' | 'ARG' | 'LABEL' => ['ENV', 'ARG', 'LABEL'].includes(keyword);

const pairsIn = ({ maker }: Reader, keyword: 'ENV' | 'ARG' | 'LABEL', { line, from, offset }: Body): Pair[] =>
  pairsOf(line, from, offset, maker, keyword);

function commandsIn(
  { text, maker }: Reader,
  words: readonly Word[],
  { line, from, offset, lineEnd, end }: Body,
  exec: boolean,
): readonly ShellCommand[] {
  if (exec) return execCommands(text, words, maker);
  const written = line.slice(from);
  const heredoc = /^([^<]*)<<-?\s*(["']?)([\w.-]+)\2([^<>|;&]*)$/.exec(written);
  if (heredoc) {
    const [, before = '', , delimiter = '', after = ''] = heredoc;
    const bodyStart = lineEnd + (text.startsWith('\r\n', lineEnd) ? 2 : 1);
    const body = text.slice(bodyStart, end);
    const script = body.slice(0, Math.max(0, body.lastIndexOf(delimiter)) || body.length);
    if (isScriptOfShell(`${before} ${after}`, script)) return commandsOf(script, bodyStart, maker);
  }
  return commandsOf(written + text.slice(lineEnd, end), from + offset, maker);
}

/** `RUN <<EOF`, `RUN <<EOF bash` and `RUN sh -e <<EOF`; not a body that names, or is given to, another interpreter. */
const isScriptOfShell = (command: string, script: string): boolean =>
  /^\s*((\/\w+)*\/)?((env\s+)?(ba|da|a)?sh(\s+-[\w ]*)?)?\s*$/.test(command) &&
  !/^\s*#!(?!.*\b(ba|da|a)?sh\b)/.test(script);

/** `["sh", "-c", "…"]` starts what the script says; anything else is one command. */
function execCommands(text: string, words: readonly Word[], maker: WordMaker): readonly ShellCommand[] {
  const [first] = words;
  const last = words.at(-1);
  if (!first || !last) return [];
  const whole: ShellCommand = {
    start: first.start,
    end: last.end,
    env: [],
    words,
    redirects: [],
    joined: 'first',
    inside: 'list',
    background: false,
  };
  const script = words[2];
  if (/(^|\/)(ba|da|a)?sh$/.test(first.text) && /^-\w*c$/.test(words[1]?.text ?? '') && script && !script.secret) {
    const raw = text.slice(script.start + 1, script.end - 1);
    if (raw === script.text) return [whole, ...commandsOf(raw, script.start + 1, maker)];
  }
  return [whole];
}

const variablesIn = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = '']) => name)),
];
