import type { Extractor } from '../facts.ts';
import { commandsOf } from '../shell/commands.ts';
import { wordMakerOf } from '../word.ts';
import type { ProcfileProcess } from './procfile-facts.ts';

const MAX_PROCESSES = 100;

/** Source: https://devcenter.heroku.com/articles/procfile */
export const extract: Extractor<'procfile'> = (document) => {
  const maker = wordMakerOf(document);
  const processes: ProcfileProcess[] = [];
  let start = 0;
  for (const line of document.text.split('\n')) {
    const found = /^([\w-]+):[ \t]*/.exec(line);
    const from = start;
    start += line.length + 1;
    if (!found || processes.length >= MAX_PROCESSES) continue;
    const [head, name = ''] = found;
    const command = line.slice(head.length).trimEnd();
    processes.push({
      start: from,
      end: from + head.length + command.length,
      name,
      nameAt: { start: from, end: from + name.length },
      commands: commandsOf(command, from + head.length, maker),
    });
  }
  return { facts: { processes }, gaps: [] };
};
