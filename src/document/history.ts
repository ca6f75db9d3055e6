/** What the git history of a project holds that its files no longer do, and how much of it was looked through. */
export type HistoryReport =
  | {
      readonly state: 'searched';
      /** Commits whose added lines were searched, the newest first, and how many there are. */
      readonly searched: number;
      readonly commits: number;
      /** Why that is not all of them: "more than 5 seconds". */
      readonly stopped?: string;
      /** Whether the names of all files ever committed were seen. */
      readonly allNames: boolean;
      /** Older commits are not on this machine. */
      readonly shallow: boolean;
      /** In the order they were committed. */
      readonly leaks: readonly HistoryLeak[];
      /** Files whose names say that they hold secrets, and that are gone. In the order they were committed. */
      readonly files: readonly HistoryFile[];
    }
  /** It could not be looked through, or nobody wanted it to be. It says nothing about the history. */
  | { readonly state: 'unknown'; readonly reason: string };

/** Where something was committed first. */
export interface Commit {
  /** Abbreviated hash. */
  readonly commit: string;
  /** `2024-02-29` */
  readonly date: string;
}

/** A secret that was committed, and is in no file any more. Never its value. */
export interface HistoryLeak extends Commit {
  readonly path: string;
  /** "a GitHub personal access token" */
  readonly name: string;
  readonly grade: 'critical' | 'high' | 'medium' | 'low' | 'info';
}

export interface HistoryFile extends Commit {
  readonly path: string;
  /** Its content was among the lines that were searched, so that what it held is known. */
  readonly searched: boolean;
}
