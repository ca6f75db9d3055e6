import { VISITOR_KEYS } from '@babel/types';
import type { LVal, Node, Program } from '@babel/types';

/**
 * What must be known of a function or loop before it is walked: the names its `var`s hoist, the names a loop assigns
 * (they hold either of several values from its start), and the names inner functions assign (they may change at any time).
 */
export interface Region {
  readonly vars: readonly string[];
  readonly assigned: ReadonlySet<string>;
  readonly assignedByClosures: ReadonlySet<string>;
}

interface OpenRegion {
  readonly isFunction: boolean;
  readonly vars: string[];
  readonly assigned: Set<string>;
  readonly assignedByClosures: Set<string>;
}

const LOOPS: ReadonlySet<string> = new Set([
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'WhileStatement',
  'DoWhileStatement',
]);

const FUNCTIONS: ReadonlySet<string> = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ObjectMethod',
  'ClassMethod',
  'ClassPrivateMethod',
]);

/** One pass over the whole tree, by names alone: a name used twice only makes the answer more cautious. */
export function regionsOf(program: Program): ReadonlyMap<Node, Region> {
  const regions = new Map<Node, Region>();
  const open: OpenRegion[] = [];

  const assign = (name: string): void => {
    let crossed = false;
    for (let i = open.length - 1; i >= 0; i -= 1) {
      const region = open[i];
      if (!region) continue;
      region.assigned.add(name);
      if (crossed) region.assignedByClosures.add(name);
      if (region.isFunction) crossed = true;
    }
  };
  const declareVar = (name: string): void => {
    open.findLast(({ isFunction }) => isFunction)?.vars.push(name);
  };

  const visit = (node: Node): void => {
    const isFunction = FUNCTIONS.has(node.type) || node.type === 'Program';
    const isRegion = isFunction || LOOPS.has(node.type);
    if (isRegion) {
      const region = { isFunction, vars: [], assigned: new Set<string>(), assignedByClosures: new Set<string>() };
      open.push(region);
      regions.set(node, region);
    }
    if (node.type === 'AssignmentExpression') namesIn(node.left).forEach(assign);
    else if (node.type === 'UpdateExpression') namesIn(node.argument as LVal).forEach(assign);
    else if (node.type === 'ForInStatement' || node.type === 'ForOfStatement') {
      if (node.left.type !== 'VariableDeclaration') namesIn(node.left).forEach(assign);
    } else if (node.type === 'VariableDeclaration' && node.kind === 'var') {
      for (const { id, init } of node.declarations) {
        for (const name of namesIn(id)) {
          declareVar(name);
          if (init) assign(name);
        }
      }
    }
    for (const key of VISITOR_KEYS[node.type] ?? []) {
      const child = (node as unknown as Record<string, Node | (Node | null)[] | null | undefined>)[key];
      if (Array.isArray(child)) {
        for (const each of child) if (each) visit(each);
      } else if (child) visit(child);
    }
    if (isRegion) open.pop();
  };
  visit(program);
  return regions;
}

/** The names a pattern binds or assigns. */
export function namesIn(pattern: Node): readonly string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        namesIn(property.type === 'RestElement' ? property.argument : property.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? namesIn(element) : []));
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    case 'RestElement':
      return namesIn(pattern.argument);
    case 'TSParameterProperty':
      return namesIn(pattern.parameter);
    case 'TSAsExpression':
    case 'TSNonNullExpression':
    case 'TSSatisfiesExpression':
    case 'ParenthesizedExpression':
      return namesIn(pattern.expression);
    default:
      return [];
  }
}
