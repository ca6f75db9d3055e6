import type { Extractor } from '../facts.ts';
import { wordMakerOf } from '../word.ts';
import { commandsOf } from './commands.ts';

export const extract: Extractor<'shell'> = (document) => ({
  facts: { commands: commandsOf(document.text, 0, wordMakerOf(document)) },
  gaps: [],
});
