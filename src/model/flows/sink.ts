import type { Label } from './label.ts';
import type { Shape } from './shapes.ts';

/** Places where what a client sent does harm, by what it does there. */
export type SinkName =
  | 'sql'
  | 'shell'
  | 'program'
  | 'code'
  | 'html'
  | 'path'
  | 'query-object'
  | 'query-code'
  | 'query-text'
  | 'url'
  | 'url-path'
  | 'redirect'
  | 'template'
  | 'template-html'
  | 'render-options'
  | 'view'
  | 'module'
  | 'deserialize'
  | 'merge'
  | 'record'
  | 'regex'
  | 'mail'
  | 'log-secret'
  | 'fast-hash'
  | 'secret-comparison'
  | 'xml'
  | 'argument'
  | 'mail-html'
  | 'inflate'
  | 'log-line'
  | 'upload-name'
  | 'method'
  | 'own-function'
  | 'size';

/** A call whose argument is a sink. */
export interface SinkRow {
  readonly sink: SinkName;
  readonly label: Label;
  /** Packages or globals the callee comes from. */
  readonly from?: readonly string[];
  /** Or: the callee is a method of a parameter with one of these shapes. */
  readonly on?: readonly Shape[];
  /** Or of something below it: `req.files.photo.mv()`. */
  readonly below?: true;
  /** The last part of the callee's path; empty for the package itself. */
  readonly calls: readonly string[];
  /** The callee's path must match, too. */
  readonly through?: RegExp;
  /** Which arguments, and which part of them. */
  readonly args: readonly SinkArgument[];
  /** Only what a request calls like this. */
  readonly sources?: RegExp;
  /** Only where an argument is one of these constants. */
  readonly when?: {
    readonly index: number;
    readonly is?: readonly (string | boolean)[];
    readonly path?: readonly string[];
    /** Or: comes from there. */
    readonly api?: RegExp;
  };
  /** Not where this argument, or any, has this property. */
  readonly unless?: { readonly index?: number; readonly has: string };
  /** Only before this major version of a package, where its version is known. */
  readonly before?: readonly [name: string, major: number];
  /** Not where a function is handed on that was itself handed over: `setTimeout(callback)`. */
  readonly notHandedOn?: true;
  /** A receiver we cannot see is one, if the text handed to it looks like this. */
  readonly text?: RegExp;
  /** A receiver we cannot see is one, if it is called like this. */
  readonly receiver?: RegExp;
}

export interface SinkArgument {
  /** Position; `last` of all; `all` of them. */
  readonly index: number | 'last' | 'all';
  readonly path?: readonly string[];
}
