import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AuditError } from '../document/audit-error.ts';
import { nearestOf } from '../document/nearest.ts';
import type { AuditReport } from '../report/audit-report.ts';
import { isReadByAgent } from '../report/agent.ts';
import type { HumanOptions } from '../report/human.ts';

type Render = (report: AuditReport) => string;

/** A report is loaded only when it is asked for. */
const FORMATS: ReadonlyMap<string, (options: HumanOptions) => Promise<Render>> = new Map([
  [
    'human',
    async (options: HumanOptions): Promise<Render> => {
      const { human } = await import('../report/human.ts');
      return (report) => human(report, options);
    },
  ],
  ['lines', async () => (await import('../report/lines.ts')).lines],
  ['json', async () => (await import('../report/json.ts')).json],
  ['sarif', async () => (await import('../report/sarif.ts')).sarif],
  ['github', async () => (await import('../report/github.ts')).github],
  ['gitlab', async () => (await import('../report/gitlab.ts')).gitlab],
  ['junit', async () => (await import('../report/junit.ts')).junit],
  ['markdown', async () => (await import('../report/markdown.ts')).markdown],
  ['html', async () => (await import('../report/html.ts')).html],
]);

export const FORMAT_NAMES: readonly string[] = [...FORMATS.keys()];

/** Where a report goes: to a file, or to standard output. */
export interface Output {
  readonly format: string;
  readonly file?: string;
}

/**
 * What `--format` asks for. Only one report may go to standard output; without any, that is the human one, and for an agent
 * `lines`.
 * `cwd` is what the names of files are relative to.
 */
export function outputsOf(wanted: readonly string[], cwd: string): readonly Output[] {
  const outputs = wanted.map((text): Output => {
    const equals = text.indexOf('=');
    const format = equals === -1 ? text : text.slice(0, equals);
    if (!FORMATS.has(format)) throw unknownFormat(format);
    if (equals === -1) return { format };
    if (equals === text.length - 1) throw new AuditError(2, `${text} names no file.`, `Write --format ${text}<file>.`);
    return { format, file: resolve(cwd, text.slice(equals + 1)) };
  });
  const printed = outputs.filter(({ file }) => file === undefined);
  if (printed.length > 1) {
    const [first, second] = printed;
    throw new AuditError(
      2,
      'Only one report can go to standard output.',
      `Write one of them to a file: --format ${first?.format} --format ${second?.format}=<file>.`,
    );
  }
  return printed.length === 1
    ? outputs
    : [{ format: isReadByAgent(process.env, process.stdout.isTTY) ? 'lines' : 'human' }, ...outputs];
}

function unknownFormat(format: string): AuditError {
  const nearest = nearestOf(format, FORMAT_NAMES);
  const hint = nearest === undefined ? '' : `Did you mean ${nearest}? `;
  return new AuditError(2, `There is no format ${format}.`, `${hint}Formats: ${FORMAT_NAMES.join(', ')}.`);
}

/** Writes every report to where it is to go. Only a terminal gets colours. */
export async function deliver(report: AuditReport, outputs: readonly Output[], terminal: HumanOptions): Promise<void> {
  const paper: HumanOptions = { ...terminal, color: false, width: 100 };
  for (const { format, file } of outputs) {
    const render = await FORMATS.get(format)?.(file === undefined ? terminal : paper);
    const text = render?.(report) ?? '';
    if (file === undefined) process.stdout.write(text);
    else writeReport(file, text);
  }
}

function writeReport(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    throw new AuditError(2, `The report cannot be written to ${file}: ${reason}.`, 'Name another file.');
  }
}
