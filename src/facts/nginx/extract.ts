import type { Extractor } from '../facts.ts';
import type { Word, WordMaker } from '../word.ts';
import { wordMakerOf } from '../word.ts';
import type { NginxDirective } from './nginx-facts.ts';

const MAX_DIRECTIVES = 5000;
const MAX_DEPTH = 30;

export const extract: Extractor<'nginx'> = (document) => {
  const reader = new Reader(document.text, wordMakerOf(document));
  const directives = reader.directives(0);
  const { path } = document;
  return {
    facts: { directives },
    gaps: reader.capped
      ? [{ kind: 'capped', message: `${path} holds too much for one nginx file; a part was not read.` }]
      : [],
  };
};

class Reader {
  capped = false;
  #at = 0;
  #count = 0;
  readonly #text: string;
  readonly #maker: WordMaker;

  constructor(text: string, maker: WordMaker) {
    this.#text = text;
    this.#maker = maker;
  }

  /** Up to the closing brace of the block, or the end of the file at depth 0. */
  directives(depth: number): readonly NginxDirective[] {
    const found: NginxDirective[] = [];
    for (;;) {
      this.space();
      if (this.#at >= this.#text.length) return found;
      const character = this.#text.charAt(this.#at);
      if (character === '}') {
        this.#at += 1;
        if (depth > 0) return found;
        continue;
      }
      if (character === ';' || character === '{') {
        this.#at += 1;
        continue;
      }
      this.#count += 1;
      if (this.#count > MAX_DIRECTIVES || depth > MAX_DEPTH) {
        this.capped = true;
        this.#at = this.#text.length;
        return found;
      }
      found.push(this.directive(depth));
    }
  }

  directive(depth: number): NginxDirective {
    const name = this.word();
    const words: Word[] = [];
    for (;;) {
      this.space();
      const character = this.#text.charAt(this.#at);
      if (this.#at >= this.#text.length || character === '}') break;
      if (character === ';') {
        this.#at += 1;
        break;
      }
      if (character === '{') {
        this.#at += 1;
        // the body is another language
        const block = name.text.endsWith('_by_lua_block') ? this.skipped() : this.directives(depth + 1);
        return this.made(name, words, block);
      }
      words.push(this.word());
    }
    return this.made(name, words);
  }

  made(name: Word, words: readonly Word[], block?: readonly NginxDirective[]): NginxDirective {
    return {
      start: name.start,
      end: this.#at,
      name: name.text,
      nameAt: { start: name.start, end: name.end },
      words,
      ...(block && { block }),
    };
  }

  skipped(): readonly NginxDirective[] {
    for (let open = 1; open > 0 && this.#at < this.#text.length; this.#at += 1) {
      const character = this.#text.charAt(this.#at);
      if (character === '{') open += 1;
      else if (character === '}') open -= 1;
    }
    return [];
  }

  space(): void {
    while (this.#at < this.#text.length) {
      const character = this.#text.charAt(this.#at);
      if (character === '#') {
        const end = this.#text.indexOf('\n', this.#at);
        this.#at = end < 0 ? this.#text.length : end;
      } else if (/\s/.test(character)) this.#at += 1;
      else return;
    }
  }

  word(): Word {
    const start = this.#at;
    let text = '';
    const quote = this.#text.charAt(start);
    if (quote === '"' || quote === "'") {
      this.#at += 1;
      while (this.#at < this.#text.length && this.#text.charAt(this.#at) !== quote) text += this.character();
      this.#at = Math.min(this.#at + 1, this.#text.length);
    } else {
      while (this.#at < this.#text.length && !/[\s;{}]/.test(this.#text.charAt(this.#at))) {
        text += this.#text.startsWith('${', this.#at) ? this.variable() : this.character();
      }
    }
    // a stray quote or brace still has to move on
    if (this.#at === start) this.#at += 1;
    return this.#maker.word({ start, end: this.#at }, text);
  }

  character(): string {
    const escaped = this.#text.charAt(this.#at) === '\\' && this.#at + 1 < this.#text.length;
    const text = this.#text.slice(this.#at, this.#at + (escaped ? 2 : 1));
    this.#at += text.length;
    return text;
  }

  variable(): string {
    const close = this.#text.indexOf('}', this.#at);
    const end = close < 0 || close - this.#at > 100 ? this.#at + 2 : close + 1;
    const text = this.#text.slice(this.#at, end);
    this.#at = end;
    return text;
  }
}
