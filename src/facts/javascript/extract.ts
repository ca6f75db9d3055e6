import type { Document } from '../../document/document.ts';
import type { Extraction } from '../facts.ts';
import type { ModuleFacts } from './module-facts.ts';

export function extract(_document: Document): Extraction<ModuleFacts> {
  return {
    facts: {
      values: [],
      functions: [],
      classes: [],
      blocks: [],
      writes: [],
      throws: [],
      imports: [],
      exports: [],
      commonjs: false,
      directives: [],
    },
    gaps: [],
  };
}
