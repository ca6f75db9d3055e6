import type { HumanOptions } from '../report/human.ts';
import type { AuditFlags } from './flags.ts';

/** How the human report is to look where standard output goes. */
export function terminalOf({ color, quiet, verbose }: Pick<AuditFlags, 'color' | 'quiet' | 'verbose'>): HumanOptions {
  return {
    color: color && hasColor(process.stdout),
    width: process.stdout.columns ?? widthAsked() ?? 100,
    detail: quiet ? 'quiet' : verbose ? 'verbose' : 'normal',
  };
}

/** `COLUMNS`, as shells export it; for output that is no terminal. */
function widthAsked(): number | undefined {
  const columns = Number(process.env['COLUMNS']);
  return Number.isInteger(columns) && columns >= 40 && columns <= 500 ? columns : undefined;
}

/** https://no-color.org, https://force-color.org; otherwise terminals that can. */
export function hasColor({ isTTY }: { readonly isTTY?: boolean }): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTTY === true && TERM !== 'dumb';
}

/** Whether somebody is watching who is helped by something that moves. */
export const isInteractive = (): boolean => process.stderr.isTTY === true && !process.env['CI'];
