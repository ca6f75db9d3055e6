/**
 * The value graph of one JavaScript or TypeScript module: plain JSON, independent of any rule.
 *
 * Every expression is a value, numbered in the order of evaluation. Identifiers are gone: a use of `x` *is* the value
 * `x` holds there (an `either` where several assignments reach it, a `variable` where a closure may see any of them).
 * Control flow is a tree of blocks: the conditions that hold at a value are those of its block and the block's parents.
 */
export interface ModuleFacts {
  readonly values: readonly Value[];
  /** `functions[0]` is the module itself. */
  readonly functions: readonly FunctionFact[];
  readonly classes: readonly ClassFact[];
  /** `blocks[0]` is the body of the module. */
  readonly blocks: readonly Block[];
  /** Assignments to properties, in order of evaluation. */
  readonly writes: readonly Write[];
  /** Variables whose names say that nobody may guess what they hold: `resetToken`, `salt`. */
  readonly named: readonly NamedValue[];
  readonly throws: readonly Throw[];
  readonly imports: readonly ImportFact[];
  readonly exports: readonly ExportFact[];
  /** True where the text is a CommonJS module (`require`, `module.exports`) rather than an ES module. */
  readonly commonjs: boolean;
  /** Directives such as `use client`, `use server`, `use strict`. */
  readonly directives: readonly string[];
  /** Characters that turn the direction of writing where nobody sees it. */
  readonly turns?: readonly Range[];
}

/** Index into `values`. */
export type ValueId = number;
/** Index into `functions`. */
export type FunctionId = number;
/** Index into `classes`. */
export type ClassId = number;
/** Index into `blocks`. */
export type BlockId = number;
/** Half-open range of UTF-16 offsets. */
export type Range = readonly [start: number, end: number];

interface Placed {
  readonly at: Range;
}

/** A value at the place where it is used: an argument, an operand, an element. */
export interface Use extends Placed {
  readonly value: ValueId;
  readonly spread?: true;
}

export type Value = Placed &
  (
    | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
    | { readonly kind: 'undefined' }
    | { readonly kind: 'regex'; readonly pattern: string; readonly flags: string }
    /** A literal that is a secret; its text is not kept. */
    | { readonly kind: 'secret'; readonly detector: string; readonly masked: string }
    /**
     * `name` is an export's name, `default`, `*` for the namespace, or `=` for what CommonJS `require` yields.
     * `dynamic` for `import()`, whose value is a promise.
     */
    | { readonly kind: 'import'; readonly module: string; readonly name: string; readonly dynamic?: true }
    /** A name nothing in the module binds: `process`, `Math`, `__dirname`. */
    | { readonly kind: 'global'; readonly name: string }
    /** `property` where the name is known, `key` where it is computed. */
    | {
        readonly kind: 'member';
        readonly object: ValueId;
        readonly property?: string;
        readonly key?: ValueId;
        readonly block: BlockId;
        readonly optional?: true;
      }
    | CallValue
    | { readonly kind: 'function'; readonly function: FunctionId }
    | { readonly kind: 'class'; readonly class: ClassId }
    /** `rest`: the array of this and all later arguments. */
    | { readonly kind: 'param'; readonly function: FunctionId; readonly index: number; readonly rest?: true }
    /** `this` of the nearest function that binds it, or of the class in a field's initial value. */
    | { readonly kind: 'this'; readonly function: FunctionId; readonly class?: ClassId }
    /** `super` in `super.method()`; `super(…)` is a call with this as its callee. */
    | { readonly kind: 'super'; readonly function: FunctionId }
    | { readonly kind: 'caught'; readonly block: BlockId }
    /** String building: `+` or a template literal; the literal pieces are parts, too. */
    | { readonly kind: 'join'; readonly operator: '+' | 'template'; readonly parts: readonly Use[] }
    | {
        readonly kind: 'either';
        readonly reason: 'conditional' | 'or' | 'nullish' | 'and' | 'assigned' | 'default';
        readonly options: readonly ValueId[];
        readonly test?: ValueId;
        /** Of `assigned`: the block each option comes out of, where each comes out of one. */
        readonly from?: readonly BlockId[];
      }
    /** A binding that closures may see at any time: all values it is ever given. */
    | { readonly kind: 'variable'; readonly name: string; readonly options: readonly ValueId[] }
    | { readonly kind: 'object'; readonly properties: readonly Property[] }
    | { readonly kind: 'array'; readonly items: readonly Use[] }
    | { readonly kind: 'await'; readonly value: ValueId }
    | { readonly kind: 'yield'; readonly value: ValueId }
    /** Loop variables of `for … of` and `for … in`. */
    | { readonly kind: 'element'; readonly of: ValueId }
    | { readonly kind: 'key'; readonly of: ValueId }
    /** Array or object destructuring's remainder; `without` are the names taken before it. */
    | { readonly kind: 'rest'; readonly of: ValueId; readonly without: readonly string[]; readonly from?: number }
    /** Arithmetic, comparison, logic: `===`, `!`, `typeof`, `in`, `instanceof`, `-`, `++` … */
    | { readonly kind: 'operation'; readonly operator: string; readonly operands: readonly Use[] }
    /** `as T`, `satisfies T`, or a declared type of a variable. */
    | { readonly kind: 'typed'; readonly value: ValueId; readonly type: TypeFact }
    | {
        readonly kind: 'jsx';
        readonly tag: ValueId;
        readonly properties: readonly Property[];
        readonly children: readonly Use[];
      }
    | { readonly kind: 'opaque' }
  );

export interface CallValue extends Placed {
  readonly kind: 'call';
  readonly callee: ValueId;
  readonly args: readonly Use[];
  readonly block: BlockId;
  readonly new?: true;
  /** A tagged template: the first argument is the array of its literal pieces, the others are its holes. */
  readonly tagged?: true;
  readonly optional?: true;
  /** `dropped`: an expression statement; `awaited`; `returned`; otherwise the value is used. */
  readonly result: 'dropped' | 'awaited' | 'returned' | 'used';
}

export interface Property extends Placed {
  /** Absent for computed keys and spreads. */
  readonly name?: string;
  readonly key?: ValueId;
  readonly value: ValueId;
  readonly kind: 'value' | 'method' | 'get' | 'set' | 'spread';
}

/** A type as far as it names something: `Express`, `Request<P>`, `Pool | null` (the first that is not null). */
export interface TypeFact {
  readonly name: string;
  /** The import or class the name stands for. */
  readonly value?: ValueId;
  readonly arguments?: readonly TypeFact[];
  readonly array?: true;
}

export interface FunctionFact extends Placed {
  /** Its own, or that of what it is first given to. */
  readonly name?: string;
  readonly params: readonly ParamFact[];
  /** `Function.length`: parameters before the first default or rest. */
  readonly arity: number;
  readonly returns: readonly (Use & { readonly block: BlockId })[];
  readonly async?: true;
  readonly generator?: true;
  readonly arrow?: true;
  /** The block of its body. */
  readonly block: BlockId;
  /** The function it is written in; absent for the module. */
  readonly parent?: FunctionId;
  /** The block it is written in. */
  readonly within?: BlockId;
  /** The class it is a member of. */
  readonly class?: ClassId;
  readonly returnType?: TypeFact;
  readonly directives?: readonly string[];
}

export interface ParamFact extends Placed {
  /** The `param` value, or an `either` of it and its default. */
  readonly value: ValueId;
  readonly name?: string;
  readonly type?: TypeFact;
  readonly decorators?: readonly ValueId[];
  /** A TypeScript parameter property (`private readonly pool: Pool`). */
  readonly property?: true;
}

/** A class; an interface or a type of an object is one without code. */
export interface ClassFact extends Placed {
  readonly name?: string;
  readonly super?: ValueId;
  /** Interfaces it promises to fulfil, or those an interface extends. */
  readonly implements?: readonly ValueId[];
  readonly interface?: true;
  readonly members: readonly ClassMember[];
  readonly decorators: readonly ValueId[];
}

export interface ClassMember extends Placed {
  readonly name?: string;
  readonly kind: 'constructor' | 'method' | 'get' | 'set' | 'field';
  readonly static?: true;
  /** The function of a method, the initial value of a field. */
  readonly value?: ValueId;
  readonly type?: TypeFact;
  readonly decorators: readonly ValueId[];
}

/**
 * A stretch of code that runs or not as a whole. `condition` has the truth value `holds` in it; `after` is what follows
 * an `if` one of whose branches leaves.
 */
export interface Block {
  readonly kind: 'body' | 'then' | 'else' | 'after' | 'case' | 'loop' | 'try' | 'catch' | 'finally';
  readonly function: FunctionId;
  /** Absent for the body of a function. */
  readonly parent?: BlockId;
  readonly condition?: ValueId;
  readonly holds?: boolean;
  /** How its end is always left, where it is. */
  readonly leaves?: 'return' | 'throw' | 'break' | 'continue' | 'exit';
  readonly at: Range;
}

/** `object.property = value`, `object[key] = value`, `delete object.property`. */
export interface Write extends Placed {
  readonly object: ValueId;
  readonly property?: string;
  readonly key?: ValueId;
  readonly value: ValueId;
  readonly operator: string;
  readonly block: BlockId;
  /** Number of values before it: orders writes among calls. */
  readonly order: number;
}

export interface NamedValue {
  readonly name: string;
  readonly value: ValueId;
}

export interface Throw extends Placed {
  readonly value: ValueId;
  readonly block: BlockId;
}

export interface ImportFact extends Placed {
  /** The specifier; absent where it is computed (`value` says from what). */
  readonly module?: string;
  readonly value?: ValueId;
  readonly kind: 'import' | 'require' | 'dynamic' | 'reexport' | 'type';
  readonly block: BlockId;
}

/** `name` is `=` for `module.exports = …`, `*` for `export * from`. */
export interface ExportFact extends Placed {
  readonly name: string;
  readonly value: ValueId;
  /** Only a type. */
  readonly type?: true;
}
