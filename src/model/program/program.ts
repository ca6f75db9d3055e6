import type { Location } from '../../document/document.ts';
import type { Gap } from '../../document/gap.ts';
import type {
  Block,
  BlockId,
  FunctionFact,
  FunctionId,
  ModuleFacts,
  Range,
  Value,
  ValueId,
  Write,
} from '../../facts/javascript/module-facts.ts';

/** A value anywhere in the program: the module's first node plus its index in the module. */
export type Node = number;

export interface Module {
  readonly path: string;
  readonly facts: ModuleFacts;
  /** The node of the module's value 0. */
  readonly first: Node;
}

export type Constant = string | number | boolean | null;

/** A function of the program: the node of its `function` value, and its facts. */
export interface FunctionRef {
  readonly node: Node;
  readonly module: Module;
  readonly fact: FunctionFact;
}

/** Something a property of a value is given, where it is given it. */
export interface Field {
  readonly node: Node;
  /** The property is one of this value's own: it was spread. */
  readonly whole?: true;
  /** Where it was assigned. */
  readonly module?: Module;
  readonly block?: BlockId;
  /** The key, where it was computed. */
  readonly key?: Node;
}

/**
 * All modules as one: names resolved across files, calls joined with the functions they call.
 *
 * `origins` follows a value to where it comes from: through imports, exports, variables, properties of objects and
 * classes, `await`, results of the program's own functions and, for parameters, the arguments of all known calls.
 * What it cannot follow further is an origin: a literal, a function, a call of a package, a parameter of a callback.
 */
export interface Program {
  readonly modules: ReadonlyMap<string, Module>;
  readonly gaps: readonly Gap[];

  /** Paths of the modules a module imports; of those a computed `require` may load from a folder, all. */
  readonly importsOf: (path: string) => readonly string[];
  /** The modules a computed `require` or `import()` may load; empty where its folder cannot be seen. */
  readonly loadedAt: (call: Node) => readonly string[];
  /** The module of the project a specifier leads to. */
  readonly resolveImport: (from: string, specifier: string) => string | undefined;
  readonly moduleOf: (node: Node) => Module;
  readonly valueOf: (node: Node) => Value;
  /** The nodes of all values of a kind, in the order of modules: do not loop over `facts.values` for them. */
  readonly nodesOf: (kind: Value['kind']) => readonly Node[];
  /** The node of a value id that stands in the facts of the module `node` is in. */
  readonly child: (node: Node, id: ValueId) => Node;
  readonly nodeIn: (module: Module, id: ValueId) => Node;
  readonly locationOf: (node: Node) => Location;
  readonly locationIn: (module: Module, range: Range) => Location;

  readonly origins: (node: Node) => readonly Node[];
  /** What a name, property or import was given, a call itself rather than what it returns. */
  readonly definitions: (node: Node) => readonly Node[];
  /**
   * Canonical paths of what a value is: `child_process.exec`, `express()`, `pg.Pool().query`. Calls and `new` are `()`,
   * `await` is transparent, `node:` is dropped, a default import is the module itself. A parameter declared with an
   * imported type is an instance: `pool: Pool` is `pg.Pool()`. Parameter `j` of a function given as argument `i` to a
   * call of `a.b` is `a.b@i#j`.
   */
  readonly apis: (node: Node) => readonly string[];
  /** What a value is once folded, where it is one of few constants; undefined where it is not constant. */
  readonly constants: (node: Node) => readonly Constant[] | undefined;

  readonly functionAt: (node: Node) => FunctionRef | undefined;
  /** The function a value is written in; the module's own pseudo-function for top-level code has no node. */
  readonly enclosing: (node: Node) => FunctionRef | undefined;
  /** All calls of the program, in module and evaluation order. */
  readonly calls: readonly Node[];
  /** Calls whose callee has one of these canonical paths, or one a pattern matches, in order: `express().use`. */
  readonly callsTo: (...apis: readonly (string | RegExp)[]) => readonly Node[];
  /** Calls of methods with one of these names, or one a pattern matches, in order: `.catch(…)` of whatever it is. */
  readonly callsNamed: (...names: readonly (string | RegExp)[]) => readonly Node[];
  /** Functions of the program a call may run. */
  readonly callees: (call: Node) => readonly FunctionRef[];
  /** Calls of the program that may run a function. */
  readonly callers: (fn: Node) => readonly Node[];
  /** Where a function is handed to a call it is not the callee of: callbacks. */
  readonly handedTo: (fn: Node) => readonly { readonly call: Node; readonly index: number }[];
  readonly argument: (call: Node, index: number) => Node | undefined;
  /** What the property of an object, instance or namespace may be. Empty where nothing is known. */
  readonly property: (node: Node, name: string) => readonly Node[];
  /**
   * What the property of an object, instance or function is given, not followed any further; of all its properties
   * where no name is given.
   */
  readonly fields: (node: Node, name?: string) => readonly Field[];
  /** The class of the project a value is an instance of: the node of its `class` value. */
  readonly classOf: (node: Node) => Node | undefined;
  /** Calls that may run a function; `shift` arguments stand before the function's own (`fn.call(self, a)`: 1). */
  readonly callSites: (fn: Node) => readonly { readonly call: Node; readonly shift: number }[];
  readonly functionIn: (module: Module, id: FunctionId) => FunctionRef | undefined;
  /** The module of the project an import leads to. */
  readonly moduleAt: (node: Node, specifier: string) => Module | undefined;
  /** Assignments to properties of an object, instance, function or namespace. */
  readonly writesTo: (origin: Node) => readonly { readonly module: Module; readonly write: Write }[];
  /** The blocks a value is in, innermost first, up to the body of its function. */
  readonly blocks: (node: Node) => readonly Block[];
  /** How the user would call it: `req.query.host`. */
  readonly describe: (node: Node) => string;
}
