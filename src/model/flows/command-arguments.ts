import type { Node, Program } from '../program/program.ts';
import type { Site } from './site.ts';

const ROW = { sink: 'argument', label: 'argument' } as const;
/** Programs with options that read, write or run files: what begins with `-` is one to them wherever it stands. */
const PROGRAMS =
  /^(git|hg|svn|curl|wget|tar|zip|7z|ssh|scp|rsync|find|npm|npx|yarn|pnpm|docker|kubectl|sed|awk|psql|mysql|mysqldump|yt-dlp|youtube-dl|wkhtmltopdf|chromium|google-chrome|nmap|man|sort)$/;
const RUNS =
  /^(child_process|cross-spawn|execa)(\.(spawn|spawnSync|execFile|execFileSync|execa|execaSync|sync|promisify\(\)))?$|^util\.promisify\(\)$/;
/** Options whose value is the next argument: `-o file`, and those that have none. */
const OPTION = /^-[A-Za-z]$|^--[\w-]+$/;
const SWITCH =
  /^-[sSLkvqrRlaz]$|^--(silent|fail|quiet|verbose|recursive|oneline|bare|mirror|location|insecure|force|stat|single-branch|no-[\w-]+)$/;

/** Arguments of programs, where an argument may be taken for an option: none behind `--`, none an option waits for. */
export function argumentSites(program: Program): readonly Site[] {
  return program.callsTo(RUNS).flatMap((call): readonly Site[] => {
    const value = program.valueOf(call);
    const [name, list] = [program.argument(call, 0), program.argument(call, 1)];
    if (value.kind !== 'call' || name === undefined || list === undefined) return [];
    const [started] = program.constants(name) ?? [];
    if (typeof started !== 'string' || !PROGRAMS.test(started.split('/').at(-1) ?? '')) return [];
    return program.origins(list).flatMap((origin) =>
      openItems(program, origin).map(({ node, at }) => ({
        row: ROW,
        module: program.moduleOf(call),
        block: value.block,
        into: started,
        value: node,
        path: [],
        at: program.locationIn(program.moduleOf(origin), at),
        guessed: false,
      })),
    );
  });
}

function openItems(
  program: Program,
  list: Node,
): readonly { readonly node: Node; readonly at: readonly [number, number] }[] {
  const array = program.valueOf(list);
  if (array.kind !== 'array') return [];
  const found: { readonly node: Node; readonly at: readonly [number, number] }[] = [];
  let isAwaited = false;
  for (const { value, at, spread } of array.items) {
    const node = program.child(list, value);
    const constants = program.constants(node);
    if (constants?.includes('--')) break;
    if (constants) isAwaited = constants.some((each) => OPTION.test(String(each)) && !SWITCH.test(String(each)));
    else {
      if (!isAwaited && !spread) found.push({ node, at });
      isAwaited = false;
    }
  }
  return found;
}
