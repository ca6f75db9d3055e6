import { HELMET_PARTS, SECURITY_HEADERS } from '../apps/packages.ts';
import type { Location } from '../../document/document.ts';
import type { Property } from '../../facts/javascript/module-facts.ts';
import type { Code } from '../code/code.ts';
import { placeOf } from '../place.ts';
import type { Node, Program } from '../program/program.ts';
import { absent, defineView, present } from '../view.ts';
import { contentPolicyOf, valueOfPart } from './parts.ts';
import { REPORT_ONLY } from './policies.ts';
import type { HeaderValue, Policies, WrittenHeader } from './policies.ts';
import { directivesIn, textOf } from './texts.ts';

export const policies = defineView({
  name: 'policies',
  reads: ['template'],
  needs: ['program', 'code'],
  build: (source, { program, code }) => {
    if (program.state !== 'present' || code.state !== 'present') return absent('There is no code to look at.');
    const hasTemplates = source.facts('template').some(({ path }) => !/mail|notification|newsletter/i.test(path));
    return present(policiesOf(program.answer, code.answer, hasTemplates), program.gaps);
  },
});

/** Calls of packages whose options say what is sent, and at which argument they stand. */
const WHOLE: readonly { readonly api: string; readonly names: Readonly<Record<string, string>> }[] = [
  { api: 'helmet', names: HELMET_PARTS },
  { api: 'helmet.default', names: HELMET_PARTS },
  { api: 'koa-helmet', names: HELMET_PARTS },
  { api: 'hono/secure-headers.secureHeaders', names: HELMET_PARTS },
  {
    api: 'lusca',
    names: {
      csp: 'content-security-policy',
      xframe: 'x-frame-options',
      hsts: 'strict-transport-security',
      nosniff: 'x-content-type-options',
      referrerPolicy: 'referrer-policy',
    },
  },
];
const REGISTERED = /^(@fastify\/helmet|fastify-helmet)(\.(default|fastifyHelmet|helmet))?$/;
const WRITES = new Set(['setHeader', 'set', 'header', 'append', 'appendHeader']);
const POLICY = 'content-security-policy';
const NAMES: ReadonlySet<string> = new Set([...SECURITY_HEADERS, REPORT_ONLY]);
const PAGES = new Set(['render', 'view', 'renderToString', 'renderToPipeableStream']);
const STATIC = /^(express|connect|koa|serve-static|koa-static|@fastify\/static|sirv)(\.static)?$/;

function policiesOf(program: Program, code: Code, hasTemplates: boolean): Policies {
  const reading = new Reading(program, code, hasTemplates);
  reading.packages();
  program.calls.forEach((call) => reading.call(call));
  for (const module of program.modules.values()) {
    if (placeOf(module.path) === 'test') continue;
    module.facts.values.forEach((value, id) => {
      if (value.kind === 'literal' && typeof value.value === 'string') reading.text(module.first + id, value.value);
      else if (value.kind === 'object') reading.object(module.first + id, value.properties);
      else if (value.kind === 'import' && value.module === '@nestjs/common') reading.nest(value.name);
    });
  }
  return reading.result();
}

class Reading {
  readonly #program: Program;
  readonly #code: Code;
  readonly #found = new Map<string, WrittenHeader>();
  #pages: boolean;
  #data = false;

  constructor(program: Program, code: Code, hasTemplates: boolean) {
    this.#program = program;
    this.#code = code;
    this.#pages = hasTemplates;
  }

  packages(): void {
    for (const { api, names } of WHOLE)
      for (const call of this.#program.callsTo(api)) this.#withArgument(call, 0, (node) => this.#options(node, names));
    for (const [part, name] of Object.entries(HELMET_PARTS))
      for (const from of ['helmet', 'koa-helmet'])
        for (const call of this.#program.callsTo(`${from}.${part}`))
          this.#withArgument(call, 0, (node) => this.#part(name, node));
    for (const call of this.#program.callsTo('helmet-csp'))
      this.#withArgument(call, 0, (node) => this.#part(POLICY, node));
  }

  call(call: Node): void {
    const program = this.#program;
    const value = program.valueOf(call);
    const callee = value.kind === 'call' ? program.valueOf(program.child(call, value.callee)) : undefined;
    if (value.kind !== 'call' || callee?.kind !== 'member' || callee.property === undefined) return;
    const { property } = callee;
    this.#answered(call, property);
    const first = program.argument(call, 0);
    if (first === undefined) return;
    if (property === 'register' && program.apis(first).some((api) => REGISTERED.test(api)))
      this.#withArgument(call, 1, (node) => this.#options(node, HELMET_PARTS));
    if (!(WRITES.has(property) && value.args.length === 2) && property !== 'removeHeader') return;
    const [text] = program.constants(first) ?? [];
    const name = typeof text === 'string' ? text.toLowerCase() : '';
    if (!NAMES.has(name) || this.#isLeft(call)) return;
    if (property === 'removeHeader') this.#add(name, call, { kind: 'off' });
    const second = this.#code.argument(call, 1);
    if (property !== 'removeHeader' && second.state === 'given')
      this.#add(name, second.value, valueOfText(program, name, second.value, second.at), second.at);
  }

  /** Controllers answer with data unless a decorator names a template. */
  nest(name: string): void {
    if (name === 'Controller') this.#data = true;
    else if (name === 'Render') this.#pages = true;
  }

  /** The policy a page says itself. */
  text(node: Node, text: string): void {
    const meta = metaPolicyIn(text);
    if (meta === undefined) return;
    const directives = directivesIn(meta, this.#program.locationOf(node));
    this.#add(POLICY, node, { kind: 'policy', directives, completed: false });
  }

  /** `{ 'X-Frame-Options': 'DENY' }`, `{ key: 'X-Frame-Options', value: 'DENY' }` */
  object(object: Node, properties: readonly Property[]): void {
    const program = this.#program;
    const written = properties.map(({ name, value }) => [name?.toLowerCase() ?? '', value] as const);
    const key = properties.find(({ name }) => name === 'key' || name === 'name');
    const text = properties.find(({ name }) => name === 'value');
    if (key && text) {
      const [name] = program.constants(program.child(object, key.value)) ?? [];
      if (typeof name === 'string') written.push([name.toLowerCase(), text.value]);
    }
    for (const [name, value] of written) {
      if (!NAMES.has(name)) continue;
      const node = program.child(object, value);
      if (!this.#isLeft(node)) this.#add(name, node, valueOfText(program, name, node, program.locationOf(node)));
    }
  }

  result(): Policies {
    const headers = [...this.#found.values()].toSorted(({ at: a }, { at: b }) =>
      a.path === b.path ? a.start - b.start : a.path < b.path ? -1 : 1,
    );
    return { headers, answers: this.#pages ? 'pages' : this.#data ? 'data' : 'unknown' };
  }

  #add(name: string, node: Node, value: HeaderValue | undefined, at = this.#program.locationOf(node)): void {
    const key = `${at.path}:${at.start}:${name}`;
    if (value && !this.#found.has(key)) this.#found.set(key, { name, at, value });
  }

  #isLeft(node: Node): boolean {
    return placeOf(this.#program.moduleOf(node).path) === 'test' || this.#code.isEnvironmentGuarded(node);
  }

  #withArgument(call: Node, index: number, read: (node: Node) => void): void {
    const argument = this.#code.argument(call, index);
    if (argument.state === 'given' && !this.#isLeft(call)) read(argument.value);
  }

  #options(node: Node, names: Readonly<Record<string, string>>): void {
    for (const [key, name] of Object.entries(names)) {
      const option = this.#code.property(node, key);
      if (option.state === 'given') this.#part(name, option.value);
    }
    const reported = this.#code.property(node, 'contentSecurityPolicyReportOnly');
    if (reported.state === 'given')
      this.#add(REPORT_ONLY, reported.value, contentPolicyOf(this.#program, this.#code, reported.value));
  }

  #part(name: string, node: Node): void {
    this.#add(name, node, valueOfPart(this.#program, this.#code, name, node));
    if (name === POLICY) this.#add(REPORT_ONLY, node, contentPolicyOf(this.#program, this.#code, node, true));
  }

  #answered(call: Node, property: string): void {
    if (property === 'json') this.#data = true;
    if (this.#pages || placeOf(this.#program.moduleOf(call).path) === 'test') return;
    if (PAGES.has(property)) this.#pages = true;
    else if (property === 'static') this.#pages = this.#code.apiOf(call).some((api) => STATIC.test(api));
    else if (property === 'sendFile' || property === 'sendfile') this.#pages = isPage(this.#program, call);
    else if (property === 'send' || property === 'html' || property === 'end')
      this.#pages = isMarkup(this.#program, call);
  }
}

function valueOfText(program: Program, name: string, node: Node, at: Location): HeaderValue | undefined {
  const text = textOf(program, node);
  // `'x-frame-options': 'X-Frame-Options'` is a label
  if (text === undefined || LABEL.test(text)) return undefined;
  const isPolicy = name === POLICY || name === REPORT_ONLY;
  if (isPolicy && !directivesIn(text, at).some((directive) => DIRECTIVE.test(directive.name))) return undefined;
  return isPolicy ? { kind: 'policy', directives: directivesIn(text, at), completed: false } : { kind: 'text', text };
}

const DIRECTIVE =
  /-src(-\w+)?$|^(frame-ancestors|base-uri|form-action|sandbox|report-(uri|to)|upgrade-insecure-requests|block-all-mixed-content|require-trusted-types-for|trusted-types|plugin-types)$/;
const LABEL = /^(x-|content-security|strict-transport|referrer-policy|csp$|hsts$)|^[A-Z][\w-]*( [A-Za-z(][\w-]*)+\.?$/i;

/** `'index.html'`, or `path.join(root, 'index.html')`. */
function isPage(program: Program, call: Node): boolean {
  const argument = program.argument(call, 0);
  return argument !== undefined && /\.html?\b/.test(textOf(program, argument) ?? program.describe(argument));
}

function isMarkup(program: Program, call: Node): boolean {
  const argument = program.argument(call, 0);
  const text = argument === undefined ? undefined : textOf(program, argument);
  return text !== undefined && /^\s*<[a-z!]/i.test(text);
}

/** The policy in `<meta http-equiv="Content-Security-Policy" content="…">`. */
function metaPolicyIn(text: string): string | undefined {
  const start = text.search(/<meta\s[^>]{0,200}content-security-policy(?!-)/i);
  if (start < 0) return undefined;
  return /\scontent\s*=\s*(?:"([^"]{1,4000})"|'([^']{1,4000})')/i.exec(text.slice(start, start + 5000))?.[1];
}
