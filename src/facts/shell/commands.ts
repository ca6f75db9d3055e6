import { forEachChild, parse } from 'unbash';
import type {
  Command,
  CompoundList,
  HereDoc,
  HereString,
  ParsedScript,
  Redirect as RedirectNode,
  Statement,
  SyntaxNode,
  Word as WordNode,
} from 'unbash';
import type { Span } from '../../document/document.ts';
import type { Pair, Word, WordMaker } from '../word.ts';
import { plainCommandsOf } from './plain-commands.ts';
import type { Redirect, ShellCommand } from './shell-facts.ts';

type Place = Pick<ShellCommand, 'joined' | 'inside' | 'background'>;

/** Longer scripts are read as far as this. */
const MAX_SCRIPT = 200_000;
const MAX_COMMANDS = 5000;
const MAX_DEPTH = 60;

/** The commands of a script that stands at `offset` of its document. Never throws. */
export function commandsOf(script: string, offset: number, maker: WordMaker): readonly ShellCommand[] {
  const text = script.slice(0, MAX_SCRIPT);
  if (deepestNesting(text) > MAX_NESTING) return plainCommandsOf(text, offset, maker);
  try {
    const found = new Collector(offset, maker);
    found.script(parse(text), 'list', 0);
    if (found.commands.length > 0 || text.trim() === '') return found.commands;
  } catch {
    // the parser is young: what it cannot take is split at separators instead
  }
  return plainCommandsOf(text, offset, maker);
}

/** The parser's time grows with the square of the depth; no script of a person nests like that. */
const MAX_NESTING = 100;

function deepestNesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === '(' || character === '{') deepest = Math.max(deepest, (depth += 1));
    else if (character === ')' || character === '}') depth = Math.max(0, depth - 1);
  }
  return deepest;
}

class Collector {
  readonly commands: ShellCommand[] = [];
  readonly #offset: number;
  readonly #maker: WordMaker;

  constructor(offset: number, maker: WordMaker) {
    this.#offset = offset;
    this.#maker = maker;
  }

  script(script: ParsedScript, inside: Place['inside'], depth: number): void {
    // positions in a decoded script are not positions of the document
    if (script.source === undefined) this.list(script.commands, inside, depth);
  }

  list(statements: readonly Statement[], inside: Place['inside'], depth: number): void {
    statements.forEach(({ command, background }, index) => {
      this.node(command, { joined: index === 0 ? 'first' : 'then', inside, background: background === true }, depth);
    });
  }

  node(node: SyntaxNode, place: Place, depth: number): void {
    if (depth > MAX_DEPTH || this.commands.length >= MAX_COMMANDS) return;
    switch (node.type) {
      case 'Command':
        this.command(node, place);
        this.substitutions(node, depth + 1);
        return;
      case 'AndOr':
        node.commands.forEach((command, index) => {
          const operator = node.operators[index - 1];
          this.node(command, operator ? { ...place, joined: operator === '&&' ? 'and' : 'or' } : place, depth + 1);
        });
        return;
      case 'Pipeline':
        node.commands.forEach((command, index) => {
          this.node(command, index === 0 ? place : { ...place, joined: 'pipe' }, depth + 1);
        });
        return;
      case 'Redirected':
        this.node(node.command, place, depth + 1);
        return;
      case 'Subshell':
      case 'BraceGroup':
        this.block(node.body, place, depth + 1);
        return;
      case 'CompoundList':
        this.block(node, place, depth + 1);
        return;
      default:
        this.branches(node, node.type === 'Function' ? 'function' : 'branch', depth + 1);
    }
  }

  block({ commands }: CompoundList, place: Place, depth: number): void {
    commands.forEach(({ command, background }, index) => {
      const joined = index === 0 ? place.joined : 'then';
      this.node(command, { ...place, joined, background: place.background || background === true }, depth);
    });
  }

  /** The lists of an if, a loop, a case or a function. */
  branches(node: SyntaxNode, inside: Place['inside'], depth: number): void {
    if (depth > MAX_DEPTH) return;
    forEachChild(node, (child) => {
      if (child.type === 'CompoundList') this.list(child.commands, inside, depth + 1);
      else if (child.type === 'Word') this.substitutions(child, depth + 1);
      else if (child.type === 'BraceGroup' || child.type === 'Subshell') {
        this.list(child.body.commands, inside, depth + 1);
      } else this.branches(child, inside, depth + 1);
    });
  }

  substitutions(node: SyntaxNode, depth: number): void {
    if (depth > MAX_DEPTH) return;
    forEachChild(node, (child) => {
      if (child.type === 'Script') this.script(child, 'substitution', depth + 1);
      else this.substitutions(child, depth + 1);
    });
  }

  command(node: Command, place: Place): void {
    const env: Pair[] = [];
    const words = node.name ? [this.word(node.name)] : [];
    const redirects: Redirect[] = [];
    const before = new Set<unknown>(node.prefix);
    for (const part of [...node.prefix, ...node.suffix]) {
      if (part.type === 'Word') words.push(this.word(part));
      else if (part.type === 'Assignment' && before.has(part)) env.push(this.pair(part));
      else if (part.type === 'Assignment') words.push(this.argument(part));
      else redirects.push(this.redirect(part));
    }
    this.commands.push({ ...this.span(node), env, words, redirects, ...place });
  }

  span({ pos, end }: { readonly pos: number; readonly end: number }): { start: number; end: number } {
    return { start: pos + this.#offset, end: end + this.#offset };
  }

  word(node: WordNode): Word {
    const word = this.#maker.word(this.span(node), node.value);
    const [part, ...more] = node.parts ?? [];
    return part?.type === 'SingleQuoted' && more.length === 0 ? { ...word, verbatim: true } : word;
  }

  /** `A=b` as an argument, of `export` or `env`. */
  argument(node: Extract<Command['prefix'][number], { type: 'Assignment' }>): ShellCommand['words'][number] {
    const { name, value } = this.pair(node);
    const { start, end } = this.#maker.word(this.span(node), '');
    const text = value ? `${name}=${value.text}` : node.text;
    return { start, end, text, ...(value?.secret && { secret: value.secret }) };
  }

  pair(node: Extract<Command['prefix'][number], { type: 'Assignment' }>): Pair {
    const { name, value, pos } = node;
    const nameAt = this.span({ pos, end: pos + name.length });
    if (value.type !== 'Word') return { ...this.span(node), name, nameAt };
    return { ...this.span(node), name, nameAt, value: this.#maker.value(name, this.span(value), value.value) };
  }

  redirect(node: RedirectNode | HereString | HereDoc): Redirect {
    if (node.type === 'HereDoc') return { operator: node.operator, body: this.span(node.body) };
    return { operator: node.operator, ...(node.target && { target: this.word(node.target) }) };
  }
}

/** The commands of a script that is a value of another document; each stands where the value stands. */
export function commandsAt({ start, end, text, secret }: Word): readonly ShellCommand[] {
  const word = (_span: Span, written: string): Word => ({ start, end, text: written, ...(secret && { secret }) });
  const maker: WordMaker = { word, value: (_name, span, written) => word(span, written) };
  return commandsOf(text, 0, maker).map((command) => ({ ...command, start, end }));
}
