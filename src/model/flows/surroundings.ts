import type { TemplateFacts } from '../../facts/template/template-facts.ts';
import type { Node, Program } from '../program/program.ts';
import type { Label } from './label.ts';
import type { SinkName } from './sink.ts';

/** What is known of the project beside its code. */
export interface Surroundings {
  /** The major version of a package for a module. */
  readonly versions?: (names: readonly string[], path: string) => number | undefined;
  readonly declared?: Declared;
  readonly templates?: readonly TemplateDocument[];
}

export interface TemplateDocument {
  readonly path: string;
  readonly facts: TemplateFacts;
}

/**
 * What the user says of calls the analysis cannot judge by itself. A call is named by the path of a package's function
 * (`mylib.clean`), by the name of a function of the project (`clean`), or by both its file and its name
 * (`src/text.ts#clean`).
 */
export interface Declared {
  readonly sources?: readonly DeclaredSource[] | undefined;
  readonly sinks?: readonly DeclaredArgument[] | undefined;
  readonly sanitizers?: readonly DeclaredSanitizer[] | undefined;
  readonly gates?: readonly DeclaredGate[] | undefined;
}

/** A middleware, guard or check on the way to routes, and what it does for them. */
export interface DeclaredGate {
  readonly call: string;
  readonly is: GateKind;
}

export const GATE_KINDS = ['auth', 'role', 'limiter', 'csrf', 'validator'] as const;

export type GateKind = (typeof GATE_KINDS)[number];

/** The result of a call, or a parameter of the function that is handed to it, is what a client sent. */
interface DeclaredSource {
  readonly call: string;
  readonly parameter?: number | undefined;
}

interface DeclaredArgument {
  readonly call: string;
  readonly argument?: number | undefined;
  readonly kind: DeclaredSink;
}

interface DeclaredSanitizer {
  readonly call: string;
  readonly clears: readonly DeclaredSink[] | 'all';
}

/** Kinds of harm by the words of the configuration. */
export const DECLARED_SINKS = {
  sql: { sink: 'sql', label: 'sql' },
  shell: { sink: 'shell', label: 'shell' },
  code: { sink: 'code', label: 'code' },
  html: { sink: 'html', label: 'html' },
  path: { sink: 'path', label: 'path' },
  url: { sink: 'url', label: 'url-host' },
  redirect: { sink: 'redirect', label: 'redirect' },
  query: { sink: 'query-object', label: 'object' },
  template: { sink: 'template', label: 'template' },
  regex: { sink: 'regex', label: 'regex' },
} as const satisfies Readonly<Record<string, { readonly sink: SinkName; readonly label: Label }>>;

export type DeclaredSink = keyof typeof DECLARED_SINKS;

/** `src/text.ts#clean` in two. */
export function callOf(name: string): { readonly path: string | undefined; readonly own: string } {
  const [path = '', own] = name.split('#');
  return own === undefined ? { path: undefined, own: name } : { path: path.replace(/^\.\//, ''), own };
}

/** Whether a call is the one that is named. */
export function isCallTo(program: Program, call: Node, name: string): boolean {
  const value = program.valueOf(call);
  if (value.kind !== 'call') return false;
  const { path, own } = callOf(name);
  const callee = program.child(call, value.callee);
  if (path === undefined && program.apis(callee).includes(name)) return true;
  return program
    .callees(call)
    .some(({ module, fact }) => fact.name === own && (path === undefined || module.path === path));
}
