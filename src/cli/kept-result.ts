import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Gap } from '../document/gap.ts';
import type { AuditOptions, AuditResult } from '../engine/audit.ts';
import { writePrivately } from '../engine/private-file.ts';
import { git } from '../load/git.ts';
import type { Project } from '../load/project.ts';
import type { Rule } from '../rule/rule.ts';

/** Everything a result hangs on besides the project, the rules and the code that made it. */
export type Asked = Omit<AuditOptions, 'history' | 'cache' | 'stopwatch' | 'onProgress'> & {
  /** How the git history is looked into. */
  readonly history: boolean | undefined;
};

/** What is kept: lists of gaps, which many rules share, once. */
interface Kept {
  readonly key: string;
  readonly gapLists: readonly (readonly Gap[])[];
  readonly result: Omit<AuditResult, 'outcomes'> & {
    readonly outcomes: readonly (Omit<AuditResult['outcomes'][number], 'gaps'> & { readonly gaps: number })[];
  };
}

/**
 * The result of the last run over a project, for the next one that asks exactly the same of exactly the same files: no
 * part of a result is ever reused, since an edit in one file changes the findings of another.
 */
export class KeptResult {
  readonly #file: string;
  readonly #key: string;

  constructor(file: string, key: string) {
    this.#file = file;
    this.#key = key;
  }

  /** Undefined where anything differs, and where the file is not what was written. */
  get(): AuditResult | undefined {
    try {
      const { key, gapLists, result } = JSON.parse(readFileSync(this.#file, 'utf8')) as Kept;
      if (key !== this.#key) return undefined;
      return { ...result, outcomes: result.outcomes.map((each) => ({ ...each, gaps: gapLists[each.gaps] ?? [] })) };
    } catch {
      return undefined;
    }
  }

  keep(result: AuditResult): void {
    if (result.outcomes.some(({ status }) => status === 'crashed')) return;
    const gapLists = [...new Set(result.outcomes.map(({ gaps }) => gaps))];
    const indexOf = new Map(gapLists.map((gaps, index) => [gaps, index]));
    const outcomes = result.outcomes.map((each) => ({ ...each, gaps: indexOf.get(each.gaps) ?? 0 }));
    const kept: Kept = { key: this.#key, gapLists, result: { ...result, outcomes } };
    writePrivately(this.#file, JSON.stringify(kept));
  }
}

/** The same only for the same question: files, texts, rules, wishes, day, commits, and the build that answers. */
export async function keyOf(project: Project, rules: readonly Rule[], asked: Asked, build: string): Promise<string> {
  const { today, baseline, ...others } = asked;
  const hash = createHash('sha256');
  const say = (part: unknown): unknown => hash.update(`${JSON.stringify(part) ?? 'undefined'}\n`);
  say([build, process.version, today.toISOString().slice(0, 10), rules.map(({ id }) => id), others]);
  say([...(baseline ?? [])]);
  say([project.root, project.files, project.gaps, await commitsOf(project.root)]);
  for (const { path, language, tracked, text } of project.documents) {
    say([path, language, tracked, text.length]);
    hash.update(text);
  }
  return hash.digest('base64url');
}

async function commitsOf(root: string): Promise<string> {
  const answer = await git(root, ['rev-parse', '--is-shallow-repository', '--all']);
  return answer.state === 'answered' ? answer.output : answer.state;
}
