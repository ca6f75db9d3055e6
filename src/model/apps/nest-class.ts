import type { ClassFact } from '../../facts/javascript/module-facts.ts';
import type { Module, Node } from '../program/program.ts';
import type { Walk } from './walk.ts';

/** A class where it is written. */
export interface ClassAt {
  readonly module: Module;
  readonly fact: ClassFact;
}

export function classAt(node: Node, walk: Walk): ClassAt | undefined {
  const value = walk.program.valueOf(node);
  const module = walk.program.moduleOf(node);
  const fact = value.kind === 'class' ? module.facts.classes[value.class] : undefined;
  return fact && { module, fact };
}

/** `@Module(…)` of NestJS. */
export const isNamed = (decorator: Node, name: string, walk: Walk): boolean => {
  const value = walk.program.valueOf(decorator);
  return (
    value.kind === 'call' &&
    walk.program.apis(walk.program.child(decorator, value.callee)).includes(`@nestjs/common.${name}`)
  );
};
