import type { Location, Tracked } from '../document/document.ts';
import { placeOf } from './place.ts';
import { defineView, present } from './view.ts';

/** A file that holds credentials or data as a whole, and that git has or will have. */
export interface SensitiveFile {
  readonly at: Location;
  /** "a Java key store". */
  readonly what: string;
  readonly state: string;
  readonly severity: 'high' | 'medium' | 'low';
  /** Why its content may be harmless. */
  readonly unsure?: string;
}

const KINDS: readonly (readonly [name: RegExp, what: string, severity: SensitiveFile['severity'], unsure?: string])[] =
  [
    [/\.(p12|pfx)$/i, 'a PKCS #12 key store', 'high'],
    [/\.(jks|keystore)$/i, 'a Java key store', 'high'],
    [/\.(kdb|kdbx|agilekeychain)$/i, 'a password database', 'high'],
    [/\.ppk$/i, 'a PuTTY key', 'high'],
    [/(^|\/)[._]netrc$/, 'a file of logins', 'high'],
    [/(^|\/)\.pgpass$/, 'a file of database passwords', 'high'],
    [/(^|\/)\.git-credentials$/, 'a file of git logins', 'high'],
    [/(^|\/)\.htpasswd$/, 'a file of password hashes', 'medium'],
    [/(^|\/)\.aws\/credentials$/, 'a file of AWS keys', 'high'],
    [/(^|\/)(\.kube\/config|kubeconfig(\.ya?ml)?)$/, 'the login to a Kubernetes cluster', 'high'],
    [/(^|\/)\.docker\/config\.json$/, 'the logins of Docker', 'high'],
    [/\.tfstate(\.backup)?$/, 'the state of Terraform, which holds secrets in plain text', 'high'],
    [/\.heapsnapshot$/, 'an image of the memory of a process', 'high'],
    [/\.heapprofile$|(^|\/)core\.\d+$/, 'a dump of a process', 'medium'],
    [/\.har$/i, 'a recording of browser traffic, with its cookies and tokens', 'medium'],
    [
      /(^|\/)[\w.-]*(dump|backup)[\w.-]*\.(sql|sql\.gz|bson|dump|archive)$|(^|\/)dump\.rdb$/i,
      'a dump of a database',
      'medium',
      'Its rows were not read: they may be made up.',
    ],
    [/\.(sqlite3?|mdb)$/i, 'a database', 'medium', 'Its rows were not read: they may be made up.'],
  ];

const STATES: Readonly<Record<Exclude<Tracked, 'ignored'>, string>> = {
  tracked: 'it is committed',
  untracked: 'git does not ignore it, so the next commit takes it along',
  unknown: 'it lies in the project',
};

/** By their names alone, whatever can be read of them. */
export const sensitiveFiles = defineView({
  name: 'sensitiveFiles',
  reads: [],
  needs: [],
  build: ({ files }) =>
    present(
      files.flatMap(({ path, tracked, bytes }): readonly SensitiveFile[] => {
        if (tracked === 'ignored' || bytes === 0 || placeOf(path) !== 'product' || /migrations?\//i.test(path))
          return [];
        const kind = KINDS.find(([name]) => name.test(path));
        if (!kind) return [];
        const [, what, severity, unsure] = kind;
        const at = { path, start: 0, end: 0 };
        return [{ at, what, severity, state: STATES[tracked], ...(unsure !== undefined && { unsure }) }];
      }),
    ),
});
