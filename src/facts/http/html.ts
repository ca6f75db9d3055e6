import { Tokenizer } from 'htmlparser2';
import type { QuoteType } from 'htmlparser2';
import type { ElementFact, HtmlFacts } from './http-facts.ts';

const KEPT = new Set([
  'html',
  'head',
  'body',
  'meta',
  'base',
  'link',
  'script',
  'iframe',
  'frame',
  'object',
  'embed',
  'form',
  'a',
  'img',
  'audio',
  'video',
  'source',
  'title',
  'input',
]);
/** Elements whose start ends the head (HTML 13.2.6.4.4: anything that is not head content). */
const HEAD_CONTENT = new Set([
  'html',
  'head',
  'title',
  'meta',
  'base',
  'basefont',
  'bgsound',
  'link',
  'script',
  'style',
  'noscript',
  'template',
  'noframes',
]);
const MAX_ELEMENTS = 2000;
const MAX_ATTRIBUTES = 40;
const MAX_VALUE = 8192;

/** The elements of a page that load, frame, send or declare something. One pass, no tree, no depth. */
export function htmlFactsOf(html: string, offset: number): HtmlFacts {
  const reader = new Reader(html, offset);
  const tokenizer = new Tokenizer({ decodeEntities: true }, reader);
  tokenizer.write(html);
  tokenizer.end();
  return { title: reader.title.trim().slice(0, 200), elements: reader.elements };
}

class Reader {
  readonly elements: ElementFact[] = [];
  title = '';
  readonly #html: string;
  readonly #offset: number;
  #inHead = true;
  #inTitle = false;
  /** `noscript` or `template` while inside one: a browser that runs scripts makes nothing of what it holds. */
  #inert = '';
  #tag = '';
  #start = 0;
  #attributes: { name: string; value: string }[] = [];
  #name = '';
  #value = '';

  constructor(html: string, offset: number) {
    this.#html = html;
    this.#offset = offset;
  }

  onopentagname(start: number, end: number): void {
    this.#tag = this.#html.slice(start, end).toLowerCase();
    this.#start = start - 1;
    this.#attributes = [];
    if (this.#inert === '' && !HEAD_CONTENT.has(this.#tag)) this.#inHead = false;
  }

  onattribname(start: number, end: number): void {
    this.#name = this.#html.slice(start, end).toLowerCase();
    this.#value = '';
  }

  onattribdata(start: number, end: number): void {
    if (this.#value.length < MAX_VALUE) this.#value += this.#html.slice(start, Math.min(end, start + MAX_VALUE));
  }

  onattribentity(codepoint: number): void {
    this.#value += String.fromCodePoint(codepoint);
  }

  onattribend(_quote: QuoteType, _end: number): void {
    if (this.#attributes.length >= MAX_ATTRIBUTES || this.#attributes.some(({ name }) => name === this.#name)) return;
    this.#attributes.push({ name: this.#name, value: this.#value });
  }

  onopentagend(end: number): void {
    if (this.#inert !== '') return;
    if (this.#tag === 'title') this.#inTitle = true;
    if (this.#tag === 'noscript' || this.#tag === 'template') this.#inert = this.#tag;
    if (!KEPT.has(this.#tag) || this.elements.length >= MAX_ELEMENTS) return;
    this.elements.push({
      tag: this.#tag,
      attributes: this.#attributes,
      at: [this.#offset + this.#start, this.#offset + end + 1],
      inHead: this.#inHead,
    });
  }

  onselfclosingtag(end: number): void {
    this.onopentagend(end);
    this.#inTitle = false;
  }

  onclosetag(start: number, end: number): void {
    const tag = this.#html.slice(start, end).toLowerCase();
    this.#tag = '';
    if (tag === this.#inert) this.#inert = '';
    if (tag === 'title') this.#inTitle = false;
    if (tag === 'head') this.#inHead = false;
  }

  ontext(start: number, end: number): void {
    if (this.#inTitle && this.title.length < 200) this.title += this.#html.slice(start, Math.min(end, start + 200));
    else if (this.#inHead && this.#inert === '' && this.#tag !== 'script' && this.#tag !== 'style') {
      // words outside the title begin the body
      if (/\S/.test(this.#html.slice(start, Math.min(end, start + 1000)))) this.#inHead = false;
    }
  }

  ontextentity(): void {}
  oncdata(): void {}
  oncomment(): void {}
  ondeclaration(): void {}
  onprocessinginstruction(): void {}
  onend(): void {}
}
