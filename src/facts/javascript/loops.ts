import type * as t from '@babel/types';
import { assignPattern, declarePattern } from './assignments.ts';
import { valueOf } from './expressions.ts';
import type { BlockId, ValueId } from './module-facts.ts';
import { namesIn } from './regions.ts';
import type { Binding } from './scope.ts';
import { bodyOf, declarationOf } from './statements.ts';
import type { Leaving } from './statements.ts';
import { rangeOf } from './walker.ts';
import type { Walker } from './walker.ts';

export function forLoopOf(w: Walker, node: t.ForStatement): Leaving {
  w.inScope(() => {
    if (node.init?.type === 'VariableDeclaration') {
      declareIn(w, node.init);
      declarationOf(w, node.init);
    } else if (node.init) valueOf(w, node.init, 'dropped');
    loop(w, node, () => {
      const condition = node.test ? valueOf(w, node.test) : undefined;
      return {
        ...(condition !== undefined && { condition }),
        run: () => {
          walkBody(w, node.body);
          if (node.update) valueOf(w, node.update, 'dropped');
        },
      };
    });
  });
  return undefined;
}

export function forEachOf(w: Walker, node: t.ForInStatement | t.ForOfStatement): Leaving {
  const of = valueOf(w, node.right, node.type === 'ForOfStatement' && node.await ? 'awaited' : 'used');
  w.inScope(() => {
    if (node.left.type === 'VariableDeclaration') declareIn(w, node.left);
    loop(w, node, () => ({
      run: () => {
        const target = node.left.type === 'VariableDeclaration' ? node.left.declarations[0]?.id : node.left;
        if (target) {
          const each = w.value({ kind: node.type === 'ForInStatement' ? 'key' : 'element', of, at: rangeOf(target) });
          assignPattern(w, target, each, '=');
        }
        walkBody(w, node.body);
      },
    }));
  });
  return undefined;
}

export function whileLoopOf(w: Walker, node: t.WhileStatement | t.DoWhileStatement): Leaving {
  loop(w, node, () => {
    const condition = valueOf(w, node.test);
    return { ...(node.type === 'WhileStatement' && { condition }), run: () => walkBody(w, node.body) };
  });
  return undefined;
}

const walkBody = (w: Walker, body: t.Statement): Leaving => w.inScope(() => bodyOf(w, [body], w.volatile));

function declareIn(w: Walker, node: t.VariableDeclaration): void {
  if (node.kind !== 'var')
    declarePattern(
      w,
      node.declarations.flatMap(({ id }) => namesIn(id)),
      w.volatile,
    );
}

interface LoopParts {
  readonly condition?: ValueId;
  readonly run: () => void;
}

/** What a loop assigns holds, from its start, either the value before it or the one at the end of a turn. */
function loop(w: Walker, node: t.Loop, partsOf: () => LoopParts): void {
  const at = rangeOf(node);
  const turns: { binding: Binding; options: ValueId[] }[] = [];
  for (const name of w.region(node)?.assigned ?? []) {
    const binding = w.scope.find(name);
    if (!binding || binding.volatile || binding.function !== w.function) continue;
    const options = binding.current === undefined ? [] : [binding.current];
    turns.push({ binding, options });
    w.flow.assign(binding, w.value({ kind: 'either', reason: 'assigned', options, at }));
  }
  const block: BlockId = w.newBlock({ kind: 'loop', parent: w.block, at });
  const changes = w.flow.branch(() =>
    w.inBlock(block, () => {
      const { condition, run } = partsOf();
      const fact = w.blocks[block];
      if (fact && condition !== undefined) Object.assign(fact, { condition, holds: true });
      run();
    }),
  );
  for (const { binding, options } of turns) {
    const end = changes.get(binding);
    if (end !== undefined && !options.includes(end)) options.push(end);
  }
}
