import type { FunctionRef, Node, Program } from '../program/program.ts';
import type { Site } from './site.ts';

const ROW = { sink: 'upload-name', label: 'path' } as const;
const STORAGES = ['multer.diskStorage', 'multer-s3', 'multer-google-storage', 'multer-sharp-s3'];

/** Under which name an upload is kept: what `filename` (or `key`) of a storage hands to its callback. */
export function uploadSites(program: Program): readonly Site[] {
  const callbacks = new Set<Node>();
  for (const api of STORAGES) {
    for (const call of program.callsTo(api)) {
      const options = program.argument(call, 0);
      if (options === undefined) continue;
      for (const name of ['filename', 'key']) {
        for (const property of program.property(options, name)) {
          const fn = program.functionAt(property);
          const callback = fn?.fact.params[2];
          if (fn && callback) callbacks.add(program.nodeIn(fn.module, callback.value));
        }
      }
    }
  }
  if (callbacks.size === 0) return [];
  return program.calls.flatMap((call): readonly Site[] => {
    const value = program.valueOf(call);
    const use = value.kind === 'call' ? value.args[1] : undefined;
    if (value.kind !== 'call' || !use) return [];
    const callee = program.child(call, value.callee);
    if (!program.origins(callee).some((origin) => callbacks.has(origin))) return [];
    return [siteOf(program, call, value.block, program.child(call, use.value), use.at)];
  });
}

const siteOf = (program: Program, call: Node, block: number, value: Node, at: FunctionRef['fact']['at']): Site => ({
  row: ROW,
  module: program.moduleOf(call),
  block,
  into: 'the name the file is kept under',
  value,
  path: [],
  at: program.locationIn(program.moduleOf(call), at),
  guessed: false,
});
