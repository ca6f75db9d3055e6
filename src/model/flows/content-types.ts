import type { Node, Program } from '../program/program.ts';
import type { SinkRow } from './sink.ts';

const SETTERS: ReadonlySet<string> = new Set([
  'type',
  'contentType',
  'set',
  'header',
  'setHeader',
  'writeHead',
  'attachment',
  'jsonp',
  'append',
]);
const PAGE = /html|svg|xml/i;

interface Setting {
  readonly call: Node;
  /** `unknown` where it is not a constant. */
  readonly type: 'page' | 'other' | 'unknown';
}

/** What a response says its body is: markup in plain text or JSON harms nobody. */
export class ContentTypes {
  readonly #program: Program;
  /** By the value the response comes from. */
  readonly #settings = new Map<Node, Setting[]>();

  constructor(program: Program) {
    this.#program = program;
    for (const call of program.calls) {
      const setting = this.#settingAt(call);
      if (!setting) continue;
      for (const root of this.#rootsOf(call)) this.#add(root, setting);
    }
    for (const module of program.modules.values()) {
      // ctx.type = 'html'
      for (const write of module.facts.writes) {
        if (write.property !== 'type') continue;
        const value = program.nodeIn(module, write.value);
        const setting: Setting = { call: value, type: this.#typeOf(value) };
        for (const root of program.origins(program.nodeIn(module, write.object))) this.#add(root, setting);
      }
    }
  }

  #add(root: Node, setting: Setting): void {
    const known = this.#settings.get(root);
    if (known) known.push(setting);
    else this.#settings.set(root, [setting]);
  }

  /** Whether what a call sends may be taken for a page. */
  isPage(call: Node, { on = [], from = [], calls }: SinkRow): boolean {
    if (on.includes('hono-context') && calls.includes('html') && this.#method(call) === 'html') return true;
    // c.body(text, 200, { 'Content-Type': 'text/html' })
    const given = on.includes('hono-context')
      ? [1, 2].map((index) => this.#program.argument(call, index)).filter((node) => node !== undefined)
      : [];
    const told = this.#typeAmong(given);
    if (told !== 'unknown') return told === 'page';
    if (from.length > 0) return this.#responsePage(call) !== 'other';
    const before = this.#rootsOf(call)
      .flatMap((root) => this.#settings.get(root) ?? [])
      .filter((setting) => setting.call < call && this.#sameFunction(setting.call, call));
    const last = before.at(-1);
    if (last) return last.type !== 'other';
    // Fastify and Hono say text/plain of a text; Express and hapi say text/html; Node.js says nothing, and browsers guess
    return !on.includes('fastify-reply') && !on.includes('hono-context');
  }

  /** What was said last of a response, before a place in the same function, is that it is a page. */
  isPageBefore(root: Node, place: Node): boolean {
    const before = (this.#settings.get(root) ?? []).filter(
      ({ call }) => call < place && this.#program.moduleOf(call) === this.#program.moduleOf(place),
    );
    return before.at(-1)?.type === 'page';
  }

  /** `{ headers: { 'content-type': 'text/html' }, … }`. */
  isPageObject(object: Node): boolean {
    return this.#typeAmong(this.#program.property(object, 'headers')) === 'page';
  }

  /** `new Response(text, { headers: { 'content-type': … } })`: text/plain unless it says otherwise. */
  #responsePage(call: Node): Setting['type'] {
    const options = this.#program.argument(call, 1);
    const headers = options === undefined ? [] : this.#program.property(options, 'headers');
    if (!this.#apisOf(call).some((api) => api.endsWith('Response'))) return 'unknown';
    if (headers.length === 0) return 'other';
    return this.#typeAmong(headers);
  }

  #settingAt(call: Node): Setting | undefined {
    const method = this.#method(call);
    if (method === undefined || !SETTERS.has(method)) return undefined;
    if (method === 'attachment') return { call, type: 'other' };
    if (method === 'type' || method === 'contentType')
      return { call, type: this.#typeOf(this.#program.argument(call, 0)) };
    if (method === 'writeHead') {
      const headers = [1, 2].map((index) => this.#program.argument(call, index)).filter((node) => node !== undefined);
      return headers.length === 0 ? undefined : this.#setIfTyped(call, headers);
    }
    const name = this.#program.argument(call, 0);
    const names = name === undefined ? undefined : this.#program.constants(name);
    if (!names) return name === undefined ? undefined : this.#setIfTyped(call, [name]);
    return names.some((each) => String(each).toLowerCase() === 'content-type')
      ? { call, type: this.#typeOf(this.#program.argument(call, 1)) }
      : undefined;
  }

  #setIfTyped(call: Node, objects: readonly Node[]): Setting | undefined {
    const type = this.#typeAmong(objects);
    return type === 'unknown' ? undefined : { call, type };
  }

  #typeAmong(objects: readonly Node[]): Setting['type'] {
    for (const object of objects) {
      for (const name of ['Content-Type', 'content-type', 'Content-type']) {
        const [value] = this.#program.property(object, name);
        if (value !== undefined) return this.#typeOf(value);
      }
    }
    return 'unknown';
  }

  #typeOf(node: Node | undefined): Setting['type'] {
    const constants = node === undefined ? undefined : this.#program.constants(node);
    if (!constants) return 'unknown';
    return constants.some((constant) => PAGE.test(String(constant))) ? 'page' : 'other';
  }

  #method(call: Node): string | undefined {
    const value = this.#program.valueOf(call);
    const callee = value.kind === 'call' ? this.#program.valueOf(this.#program.child(call, value.callee)) : undefined;
    return callee?.kind === 'member' ? callee.property : undefined;
  }

  #apisOf(call: Node): readonly string[] {
    const value = this.#program.valueOf(call);
    return value.kind === 'call' ? this.#program.apis(this.#program.child(call, value.callee)) : [];
  }

  /** What a chain of calls starts from: `res` of `res.status(200).type('text').send(…)`. */
  #rootsOf(call: Node): readonly Node[] {
    let node = call;
    for (let step = 0; step < 16; step += 1) {
      const value = this.#program.valueOf(node);
      if (value.kind === 'call') {
        const callee = this.#program.child(node, value.callee);
        const member = this.#program.valueOf(callee);
        if (member.kind !== 'member') return [node];
        node = this.#program.child(callee, member.object);
      } else if (value.kind === 'await' || value.kind === 'typed') {
        node = this.#program.child(node, value.value);
      } else break;
    }
    return this.#program.origins(node);
  }

  #sameFunction(a: Node, b: Node): boolean {
    return (
      this.#program.enclosing(a)?.node === this.#program.enclosing(b)?.node &&
      this.#program.moduleOf(a) === this.#program.moduleOf(b)
    );
  }
}
