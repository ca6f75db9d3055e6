/**
 * `npm run bench [-- folder…]`: the whole process on a generated project and on the folders named, as a ratio to
 * parsing the same files with @babel/parser in a process of its own, in the same run. Medians of interleaved turns.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { generateProject } from './generated-project.ts';

const TURNS = 5;
const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const scratch = mkdtempSync(join(tmpdir(), 'seaworthy-bench-'));

interface Usage {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly rssMb: number;
}

function measured(args: readonly string[]): Usage {
  const usage = join(scratch, 'usage.json');
  const { status, stderr } = spawnSync(process.execPath, ['--require', join(here, 'usage.cjs'), ...args], {
    env: { ...process.env, BENCH_USAGE: usage, XDG_CACHE_HOME: join(scratch, 'cache'), NO_COLOR: '1' },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0 && status !== 1) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`);
  return JSON.parse(readFileSync(usage, 'utf8')) as Usage;
}

const audit = join(here, '../bin/audit.js');
const RUNS: Readonly<Record<string, (folder: string) => readonly string[]>> = {
  'parse alone': (folder) => [join(here, 'parse.mjs'), folder],
  'audit, no cache': (folder) => [audit, folder, '--format', 'json', '--no-cache'],
  'audit, one file changed': (folder) => [audit, folder, '--format', 'json'],
  'audit, nothing changed': (folder) => [audit, folder, '--format', 'json'],
};

/** `changed`: a file of the folder that may be written to. */
function bench(name: string, folder: string, changed?: string): void {
  const runs = Object.entries(RUNS).filter(([run]) => changed !== undefined || run !== 'audit, one file changed');
  const turns = new Map<string, Usage[]>(runs.map(([run]) => [run, []]));
  measured(RUNS['audit, nothing changed']?.(folder) ?? []);
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const [run, argsOf] of runs) {
      if (run === 'audit, one file changed') appendFileSync(join(folder, changed ?? ''), `// turn ${turn}\n`);
      turns.get(run)?.push(measured(argsOf(folder)));
    }
  }
  const base = median(turns.get('parse alone') ?? [], 'cpuMs');
  console.log(`\n${name}`);
  for (const [run, usages] of turns) {
    const cpu = median(usages, 'cpuMs');
    const row = [
      `${(cpu / base).toFixed(2)} × parse`,
      `${cpu.toFixed(0)} ms CPU`,
      `${median(usages, 'wallMs').toFixed(0)} ms wall`,
      `${median(usages, 'rssMb').toFixed(0)} MB`,
    ];
    console.log(`  ${run.padEnd(24)} ${row.map((cell) => cell.padStart(14)).join('')}`);
  }
}

function median(usages: readonly Usage[], key: keyof Usage): number {
  const sorted = usages.map((usage) => usage[key]).toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

try {
  for (const count of [50, 600]) {
    const folder = join(scratch, `generated-${count}`);
    generateProject(folder, count);
    bench(`generated, ${count} files`, folder, 'server.js');
  }
  for (const folder of process.argv.slice(2)) bench(folder, resolve(folder));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
