import type { Word, WordMaker } from '../word.ts';
import type { ShellCommand } from './shell-facts.ts';

const SEPARATORS = [
  ['&&', 'and'],
  ['||', 'or'],
  ['|', 'pipe'],
  [';', 'then'],
  ['\n', 'then'],
  ['&', 'then'],
] as const;

/** What can be said of a script no parser takes: it is split at separators and white space outside quotes. */
export function plainCommandsOf(script: string, offset: number, maker: WordMaker): readonly ShellCommand[] {
  const commands: ShellCommand[] = [];
  let words: Word[] = [];
  let joined: ShellCommand['joined'] = 'first';
  const flush = (next: ShellCommand['joined']): void => {
    const [first] = words;
    const last = words.at(-1);
    if (first && last) {
      commands.push({
        start: first.start,
        end: last.end,
        env: [],
        words,
        redirects: [],
        joined,
        inside: 'list',
        background: false,
      });
    }
    words = [];
    joined = next;
  };
  let at = 0;
  while (at < script.length) {
    const separator = SEPARATORS.find(([text]) => script.startsWith(text, at));
    if (separator) {
      flush(separator[1]);
      at += separator[0].length;
    } else if (/\s/.test(script.charAt(at))) {
      at += 1;
    } else {
      const { end, text } = wordAt(script, at);
      words.push(maker.word({ start: at + offset, end: end + offset }, text));
      at = end;
    }
  }
  flush('then');
  return commands;
}

/** The word that starts at an offset: quotes are taken off, a backslash keeps what follows it. */
export function wordAt(script: string, start: number, separators = /[\s;&|]/): { end: number; text: string } {
  let text = '';
  let at = start;
  let quote = '';
  while (at < script.length) {
    const character = script.charAt(at);
    if (quote === '' && separators.test(character)) break;
    if (character === '\\' && quote !== "'") {
      text += script.charAt(at + 1);
      at += 2;
      continue;
    }
    if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else text += character;
    at += 1;
  }
  return { end: Math.min(at, script.length), text };
}
