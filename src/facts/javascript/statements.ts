import type * as t from '@babel/types';
import { assignPattern, declarePattern } from './assignments.ts';
import { classOf, interfaceOf, newClass } from './classes.ts';
import { typedOf, useOf, valueOf } from './expressions.ts';
import { functionOf } from './functions.ts';
import { forLoopOf, forEachOf, whileLoopOf } from './loops.ts';
import { moduleStatementOf } from './modules.ts';
import type { Block, BlockId, ValueId } from './module-facts.ts';
import { namesIn } from './regions.ts';
import { typeFactOf } from './types.ts';
import { rangeOf } from './walker.ts';
import type { Walker } from './walker.ts';

/** How the end of a stretch of statements is always left; undefined where it may be reached. */
export type Leaving = Block['leaves'];

/** The body of a function or module: its declarations are hoisted into the scope at hand. */
export function bodyOf(w: Walker, statements: readonly t.Statement[], volatile: ReadonlySet<string>): Leaving {
  // of a lone `namespace` the parser leaves a hole, whatever its types say
  const written = statements.filter((statement: t.Statement | undefined) => statement !== undefined);
  hoist(w, written, volatile);
  return walked(w, written);
}

/** A block with a scope of its own. */
export function statementsOf(w: Walker, statements: readonly t.Statement[]): Leaving {
  return w.inScope(() => bodyOf(w, statements, w.volatile));
}

function hoist(w: Walker, statements: readonly t.Statement[], volatile: ReadonlySet<string>): void {
  for (const statement of statements) {
    const node = declarationIn(statement);
    if (!node) continue;
    if (node.type === 'VariableDeclaration') {
      if (node.kind !== 'var')
        declarePattern(
          w,
          node.declarations.flatMap(({ id }) => namesIn(id)),
          volatile,
        );
    } else if (node.type === 'FunctionDeclaration') {
      if (node.id) w.declare(node.id.name, volatile.has(node.id.name));
    } else if (node.type === 'ClassDeclaration') {
      if (node.id)
        w.assign(w.declare(node.id.name), w.value({ kind: 'class', class: newClass(w, node), at: rangeOf(node) }));
    } else if (node.id.type === 'Identifier') {
      w.declare(node.id.name, volatile.has(node.id.name));
    }
  }
  hoistInterfaces(w, statements);
  for (const statement of statements) {
    const node = declarationIn(statement);
    if (node?.type === 'FunctionDeclaration' && node.id) w.assign(w.declare(node.id.name), functionOf(w, node));
  }
}

/** Interfaces and types of objects, where nothing that has a value is called the same. */
function hoistInterfaces(w: Walker, statements: readonly t.Statement[]): void {
  for (const statement of statements) {
    const node = interfaceIn(statement);
    if (!node || w.scope.find(node.id.name)) continue;
    const at = rangeOf(node);
    const fact = { name: node.id.name, members: [], decorators: [], interface: true as const, at };
    w.assign(w.declare(node.id.name), w.value({ kind: 'class', class: w.classes.push(fact) - 1, at }));
    if (statement !== node) w.exported.push({ local: node.id.name, name: node.id.name, at });
  }
}

function interfaceIn(statement: t.Statement): t.TSInterfaceDeclaration | t.TSTypeAliasDeclaration | undefined {
  const node = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  if (node?.type === 'TSInterfaceDeclaration') return node;
  return node?.type === 'TSTypeAliasDeclaration' && node.typeAnnotation.type === 'TSTypeLiteral' ? node : undefined;
}

type Declaration =
  | t.VariableDeclaration
  | t.FunctionDeclaration
  | t.ClassDeclaration
  | t.TSEnumDeclaration
  | t.TSModuleDeclaration;

/** The declaration a statement is or exports. */
export function declarationIn(statement: t.Statement): Declaration | undefined {
  const node =
    statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration'
      ? statement.declaration
      : statement;
  switch (node?.type) {
    case 'VariableDeclaration':
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
    case 'TSEnumDeclaration':
    case 'TSModuleDeclaration':
      return 'declare' in node && node.declare ? undefined : node;
    default:
      return undefined;
  }
}

function walked(w: Walker, statements: readonly t.Statement[]): Leaving {
  const outer = w.block;
  let leaving: Leaving;
  for (const statement of statements) {
    const left = statementOf(w, statement);
    leaving ??= left;
  }
  // the block of a lone `{ … }` ends where its inside ends
  if (statements.length !== 1 || statements[0]?.type !== 'BlockStatement') w.ended = w.block;
  w.block = outer;
  return leaving;
}

/** Walks one statement. What follows an `if` that leaves is walked in a block of its own (see `ifOf`). */
export function statementOf(w: Walker, node: t.Statement): Leaving {
  switch (node.type) {
    case 'ExpressionStatement':
      return expressionStatementOf(w, node);
    case 'VariableDeclaration':
      declarationOf(w, node);
      return undefined;
    case 'ReturnStatement': {
      const fact = w.functions[w.function];
      if (node.argument)
        fact?.returns.push({
          value: valueOf(w, node.argument, 'returned'),
          at: rangeOf(node.argument),
          block: w.block,
        });
      return 'return';
    }
    case 'ThrowStatement':
      w.throws.push({ value: valueOf(w, node.argument), block: w.block, at: rangeOf(node) });
      return 'throw';
    case 'BreakStatement':
      return 'break';
    case 'ContinueStatement':
      return 'continue';
    case 'BlockStatement':
      return statementsOf(w, node.body);
    case 'IfStatement':
      return ifOf(w, node);
    case 'ForStatement':
      return forLoopOf(w, node);
    case 'ForInStatement':
    case 'ForOfStatement':
      return forEachOf(w, node);
    case 'WhileStatement':
    case 'DoWhileStatement':
      return whileLoopOf(w, node);
    case 'SwitchStatement':
      return switchOf(w, node);
    case 'TryStatement':
      return tryOf(w, node);
    case 'LabeledStatement':
      statementOf(w, node.body);
      return undefined;
    case 'FunctionDeclaration':
      if (node.id && !w.scope.find(node.id.name)) w.assign(w.declare(node.id.name), functionOf(w, node));
      return undefined;
    case 'ClassDeclaration': {
      const declared = node.id
        ? w.scope.find(node.id.name)?.given.find((id) => w.values[id]?.kind === 'class')
        : undefined;
      classOf(w, node, declared);
      return undefined;
    }
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
      interfaceOf(w, node);
      return undefined;
    default:
      moduleStatementOf(w, node);
      return undefined;
  }
}

function expressionStatementOf(w: Walker, node: t.ExpressionStatement): Leaving {
  const value = w.values[valueOf(w, node.expression, 'dropped')];
  if (value?.kind !== 'call') return undefined;
  const callee = w.values[value.callee];
  // `ctx.throw(404)` of Koa, `notFound()` of Next.js
  if (callee?.kind === 'member' && callee.property === 'throw') return 'throw';
  if (callee?.kind === 'import' && callee.module === 'next/navigation') return 'throw';
  if (callee?.kind !== 'member' || (callee.property !== 'exit' && callee.property !== 'abort')) return undefined;
  const object = w.values[callee.object];
  return object?.kind === 'global' && object.name === 'process' ? 'exit' : undefined;
}

export function declarationOf(w: Walker, node: t.VariableDeclaration): void {
  for (const { id, init } of node.declarations) {
    if (!init) continue;
    const value = valueOf(w, init);
    nameFunction(w, value, id);
    const type = typeFactOf(w, (id as { typeAnnotation?: t.Node | null }).typeAnnotation);
    if (id.type === 'Identifier') {
      const binding = w.scope.find(id.name) ?? w.declare(id.name);
      w.assign(binding, typedOf(w, value, type, rangeOf(id)));
    } else {
      assignPattern(w, id, typedOf(w, value, type, rangeOf(id)), '=');
    }
  }
}

/** Names of what nobody may guess. */
const SECRETIVE =
  /(token|otp|secret|passw(or)?d|passcode|api_?key|session_?id|nonce|salt|csrf|iv|(encryption|signing|secret|private)_?key|(verif\w*|reset|confirm\w*|activation|invit\w*|login|auth|recovery|backup|coupon|voucher)_?codes?)$/i;

/** `const f = () => …` names the function, as the language does; a few names say what their value is for. */
export function nameFunction(w: Walker, id: ValueId, target: t.Node): void {
  const value = w.values[id];
  if (target.type === 'Identifier' && SECRETIVE.test(target.name)) w.named.push({ name: target.name, value: id });
  if (value?.kind !== 'function' || target.type !== 'Identifier') return;
  const fact = w.functions[value.function];
  if (fact) fact.name ??= target.name;
}

function ifOf(w: Walker, node: t.IfStatement): Leaving {
  const test = useOf(w, node.test);
  const { value: condition } = test;
  const outer = w.block;
  const end = node.end ?? 0;
  // the way past an `if` without `else` has a condition, too
  const emptyElse = (): BlockId => w.newBlock({ kind: 'else', parent: outer, condition, holds: false, at: [end, end] });
  const branch = (
    body: t.Statement | null | undefined,
    holds: boolean,
  ): [Leaving, ReturnType<Walker['flow']['branch']>, BlockId?] => {
    if (!body) return [undefined, new Map()];
    const block = w.newBlock({ kind: holds ? 'then' : 'else', parent: outer, condition, holds, at: rangeOf(body) });
    let leaving: Leaving;
    const changes = w.flow.branch(() =>
      w.inBlock(block, () => (leaving = w.inScope(() => bodyOf(w, [body], w.volatile)))),
    );
    const fact = w.blocks[block];
    if (fact && leaving) fact.leaves = leaving;
    return [leaving, changes, w.ended];
  };
  const [thenLeaves, thenChanges, thenEnd] = branch(node.consequent, true);
  const [elseLeaves, elseChanges, elseEnd = emptyElse()] = branch(node.alternate, false);
  w.merge([thenLeaves ? undefined : thenChanges, elseLeaves ? undefined : elseChanges], rangeOf(node), [
    thenEnd ?? outer,
    elseEnd,
  ]);
  if (thenLeaves && elseLeaves) return thenLeaves;
  if (thenLeaves || elseLeaves) {
    w.block = w.newBlock({ kind: 'after', parent: outer, condition, holds: !thenLeaves, at: [end, end] });
  }
  return undefined;
}

function switchOf(w: Walker, node: t.SwitchStatement): Leaving {
  const subject = useOf(w, node.discriminant);
  const outer = w.block;
  const ends: ReturnType<Walker['flow']['branch']>[] = [];
  const blocks: BlockId[] = [];
  const hasDefault = node.cases.some(({ test }) => !test);
  const leavings = node.cases.map((each): Leaving => {
    const condition = each.test
      ? w.value({
          kind: 'operation',
          operator: '===',
          operands: [subject, useOf(w, each.test)],
          at: rangeOf(each.test),
        })
      : undefined;
    const block = w.newBlock({
      kind: 'case',
      parent: outer,
      ...(condition !== undefined && { condition, holds: true }),
      at: rangeOf(each),
    });
    let leaving: Leaving;
    const changes = w.flow.branch(() => w.inBlock(block, () => (leaving = statementsOf(w, each.consequent))));
    const fact = w.blocks[block];
    if (fact && leaving) fact.leaves = leaving;
    if (leaving !== 'return' && leaving !== 'throw' && leaving !== 'exit') {
      ends.push(changes);
      blocks.push(block);
    }
    return leaving;
  });
  w.merge(hasDefault ? ends : [...ends, new Map()], rangeOf(node), [...blocks, outer]);
  const leavesAlways = hasDefault && ends.length === 0 && leavings.every((leaving) => leaving !== undefined);
  return leavesAlways ? leavings[0] : undefined;
}

function tryOf(w: Walker, node: t.TryStatement): Leaving {
  const outer = w.block;
  let tryLeaves: Leaving;
  let catchLeaves: Leaving;
  const tryBlock = w.newBlock({ kind: 'try', parent: outer, at: rangeOf(node.block) });
  const tried = w.flow.branch(() => w.inBlock(tryBlock, () => (tryLeaves = statementsOf(w, node.block.body))));
  const tryEnd = w.ended;
  const fact = w.blocks[tryBlock];
  if (fact && tryLeaves) fact.leaves = tryLeaves;

  const { handler } = node;
  let caught: ReturnType<Walker['flow']['branch']> | undefined;
  if (handler) {
    const block = w.newBlock({ kind: 'catch', parent: outer, at: rangeOf(handler) });
    caught = w.flow.branch(() => {
      // whatever the body had assigned before it threw may hold
      w.merge([tried, new Map()], rangeOf(node));
      w.inBlock(block, () =>
        w.inScope(() => {
          if (handler.param) {
            declarePattern(w, namesIn(handler.param), w.volatile);
            assignPattern(
              w,
              handler.param,
              w.value({ kind: 'caught', block: tryBlock, at: rangeOf(handler.param) }),
              '=',
            );
          }
          catchLeaves = bodyOf(w, handler.body.body, w.volatile);
        }),
      );
    });
    const catchFact = w.blocks[block];
    if (catchFact && catchLeaves) catchFact.leaves = catchLeaves;
  }
  w.merge([tryLeaves ? undefined : tried, catchLeaves ? undefined : caught], rangeOf(node));
  // what follows runs only where the body came to its end: the conditions there go on to hold
  if (handler && catchLeaves && !tryLeaves) continueFrom(w, tryEnd, tryBlock, node.end ?? 0);
  let finallyLeaves: Leaving;
  if (node.finalizer) {
    const { finalizer } = node;
    const block = w.newBlock({ kind: 'finally', parent: outer, at: rangeOf(finalizer) });
    w.inBlock(block, () => (finallyLeaves = statementsOf(w, finalizer.body)));
  }
  return finallyLeaves ?? (tryLeaves && (!handler || catchLeaves) ? tryLeaves : undefined);
}

/** Opens the blocks behind an `if` that leaves once more, below the block at hand. */
function continueFrom(w: Walker, end: BlockId, start: BlockId, at: number): void {
  const conditions: { condition: ValueId; holds: boolean }[] = [];
  for (let id: BlockId | undefined = end; id !== undefined && id !== start; id = w.blocks[id]?.parent) {
    const block = w.blocks[id];
    if (block?.kind === 'after' && block.condition !== undefined)
      conditions.unshift({ condition: block.condition, holds: block.holds ?? true });
  }
  for (const each of conditions) w.block = w.newBlock({ kind: 'after', parent: w.block, ...each, at: [at, at] });
}
