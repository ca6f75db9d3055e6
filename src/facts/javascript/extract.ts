import type { Node, Program } from '@babel/types';
import type { Document } from '../../document/document.ts';
import type { Gap } from '../../document/gap.ts';
import type { Extraction } from '../facts.ts';
import { secretsIn } from '../secrets.ts';
import type { ModuleFacts } from './module-facts.ts';
import { bindImports, settleExports } from './modules.ts';
import { parsed } from './parse.ts';
import { regionsOf } from './regions.ts';
import type { Region } from './regions.ts';
import { bodyOf } from './statements.ts';
import { declarePattern } from './assignments.ts';
import { turnsIn } from './turns.ts';
import { rangeOf, Walker } from './walker.ts';

/** The value graph of a module. What Babel cannot read is a gap; what it could read is still there. */
export function extract(document: Document): Extraction<ModuleFacts> {
  const { path, text } = document;
  const { file, errors } = parsed(path, text);
  const gaps: Gap[] = errors.slice(0, 1).map(({ message, offset }) => ({
    kind: 'unreadable',
    message: `${path} could not be read whole: ${message}`,
    at: { path, start: offset, end: offset },
  }));
  if (!file) return { facts: EMPTY, gaps };
  try {
    return { facts: factsOf(file.program, document), gaps };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return {
      facts: EMPTY,
      gaps: [
        ...gaps,
        { kind: 'capped', message: `${path} is nested too deeply to be read.`, at: { path, start: 0, end: 0 } },
      ],
    };
  }
}

const EMPTY: ModuleFacts = {
  values: [],
  functions: [],
  classes: [],
  blocks: [],
  writes: [],
  named: [],
  throws: [],
  imports: [],
  exports: [],
  commonjs: false,
  directives: [],
};

function factsOf(program: Program, document: Document): ModuleFacts {
  const regions: ReadonlyMap<Node, Region> = regionsOf(program);
  const w = new Walker(regions, secretsIn(document));
  w.functions.push({ params: [], arity: 0, returns: [], block: 0, at: rangeOf(program) });
  w.newBlock({ kind: 'body', at: rangeOf(program) });
  const region = regions.get(program);
  const volatile = region?.assignedByClosures ?? new Set<string>();
  w.volatile = volatile;
  bindImports(w, program.body);
  declarePattern(w, region?.vars ?? [], volatile);
  bodyOf(w, program.body, volatile);
  settleExports(w);
  for (let next = w.pending.shift(); next; next = w.pending.shift()) next();
  const { values, functions, classes, blocks, writes, named, throws, imports, exports, commonjs } = w;
  const directives = program.directives.map(({ value }) => value.value);
  const facts = { values, functions, classes, blocks, writes, named, throws, imports, exports, commonjs, directives };
  const turns = turnsIn(document.text);
  return turns.length === 0 ? facts : { ...facts, turns };
}
