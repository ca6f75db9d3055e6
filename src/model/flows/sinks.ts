import type { SinkRow } from './sink.ts';
import { DATA } from './sinks/data.ts';
import { MESSAGES, NETWORK, PAGES } from './sinks/network.ts';
import { CODE, PATH, SHELL, TEMPLATES } from './sinks/programs.ts';
import { DOCUMENTS, SQL } from './sinks/queries.ts';
import { RECORDS } from './sinks/records.ts';

/** Every sink that is an argument of a call. */
export const SINKS: readonly SinkRow[] = [
  ...RECORDS,
  ...SQL,
  ...SHELL,
  ...CODE,
  ...PATH,
  ...DOCUMENTS,
  ...TEMPLATES,
  ...DATA,
  ...NETWORK,
  ...PAGES,
  ...MESSAGES,
];
