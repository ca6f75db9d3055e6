import type { Graph } from './graph.ts';
import type { Origins } from './origins.ts';
import type { Node } from './program.ts';

const MAX_DEPTH = 6;

/**
 * What a name, property or import was given, followed no further than that: the call itself rather than what it
 * returns. `controller.create` is `caught(async (req, res) => …)`.
 */
export function definitionsOf(graph: Graph, origins: Origins, node: Node, depth = 0): readonly Node[] {
  const value = graph.valueOf(node);
  const child = (id: number): Node => graph.child(node, id);
  const inner = (nodes: readonly Node[]): readonly Node[] =>
    nodes.flatMap((each) => (each === node ? [each] : definitionsOf(graph, origins, each, depth + 1)));
  if (depth > MAX_DEPTH) return [node];
  switch (value.kind) {
    case 'typed':
    case 'await':
      return inner([child(value.value)]);
    case 'variable':
    case 'either':
      return inner(value.options.map(child));
    case 'import': {
      const target = origins.moduleAt(node, value.module);
      const exports = target?.facts.exports.filter(({ name }) => name === value.name) ?? [];
      return target && exports.length > 0 ? inner(exports.map((fact) => target.first + fact.value)) : [node];
    }
    case 'member': {
      const { property } = value;
      if (property === undefined) return [node];
      const found = origins
        .of(child(value.object))
        .flatMap((object) => propertyDefinitions(graph, origins, object, property));
      return found.length > 0 ? inner(found) : [node];
    }
    default:
      return [node];
  }
}

function propertyDefinitions(graph: Graph, origins: Origins, object: Node, name: string): readonly Node[] {
  const value = graph.valueOf(object);
  if (value.kind === 'object') {
    const property = value.properties.findLast((each) => each.name === name);
    return property ? [graph.child(object, property.value)] : [];
  }
  if (value.kind !== 'import') return [];
  const target = origins.moduleAt(object, value.module);
  return target
    ? target.facts.exports.filter((fact) => fact.name === name).map((fact) => target.first + fact.value)
    : [];
}
