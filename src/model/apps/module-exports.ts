import type { Ref } from './frame.ts';
import type { Walk } from './walk.ts';

/** What a module exports as its default or as a whole. */
export function exportsOf({ program, resolver }: Walk, path: string): readonly Ref[] {
  const module = program.modules.get(path);
  const found = (module?.facts.exports ?? []).filter(({ name }) => name === 'default' || name === '=');
  return found.flatMap(({ value }) => (module ? resolver.refs(module.first + value, undefined) : []));
}

export function moduleConstant({ program }: Walk, path: string, name: string): readonly unknown[] | undefined {
  const module = program.modules.get(path);
  const found = module?.facts.exports.find((each) => each.name === name);
  return module && found ? program.constants(module.first + found.value) : undefined;
}
