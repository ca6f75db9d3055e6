import { spawn } from 'node:child_process';
import { delimiter, dirname, isAbsolute, relative } from 'node:path';

export type GitAnswer =
  | { readonly state: 'answered'; readonly output: string }
  | { readonly state: 'no repository' }
  /** The repository belongs to someone else, so git refuses to read its configuration. */
  | { readonly state: 'dubious ownership' }
  | { readonly state: 'no git' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'capped'; readonly reason: string };

export interface GitCaps {
  readonly bytes: number;
  readonly milliseconds: number;
}

const GIT_CAPS: GitCaps = { bytes: 64 * 1024 * 1024, milliseconds: 20_000 };

/** Whatever the repository's own configuration says, nothing it names is run. */
const NOTHING_RUNS = [
  ['core.fsmonitor', 'false'],
  ['core.hooksPath', '/dev/null'],
  ['core.pager', 'cat'],
  ['core.sshCommand', 'false'],
  ['core.askPass', ''],
  ['credential.helper', ''],
  ['protocol.allow', 'never'],
  ['log.showSignature', 'false'],
].flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/**
 * Asks git a question that needs no working-tree filter: `ls-files`, `ls-tree`, `rev-parse`, `merge-base`, `log`.
 * `args` is fixed text of ours; anything from outside comes after `--end-of-options`.
 */
export async function git(root: string, args: readonly string[], caps: GitCaps = GIT_CAPS): Promise<GitAnswer> {
  const output: Buffer[] = [];
  const answer = await gitStream(root, args, caps, (chunk) => output.push(chunk));
  return answer.state === 'answered' ? { state: 'answered', output: Buffer.concat(output).toString('utf8') } : answer;
}

/** The same, its output handed over as it comes and kept nowhere; the answer's own `output` is empty. */
export function gitStream(
  root: string,
  args: readonly string[],
  caps: GitCaps,
  onData: (chunk: Buffer) => void,
): Promise<GitAnswer> {
  return new Promise((resolve) => {
    const child = spawn('git', ['--no-pager', '--literal-pathspecs', ...NOTHING_RUNS, '-C', root, ...args], {
      // not the target: Windows looks for programs in the current folder first
      cwd: dirname(process.execPath),
      env: environmentOf(root),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let bytes = 0;
    let errors = '';
    let capped: string | undefined;
    const stop = (reason: string): void => {
      capped = reason;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => stop(`more than ${caps.milliseconds / 1000} seconds`), caps.milliseconds);
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > caps.bytes) stop(`more than ${caps.bytes} bytes`);
      else if (capped === undefined) onData(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (errors.length < 4_000) errors += chunk.toString('utf8');
    });
    child.on('error', ({ message }) => {
      clearTimeout(timer);
      resolve(/ENOENT/.test(message) ? { state: 'no git' } : { state: 'failed', reason: message });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      if (capped !== undefined) resolve({ state: 'capped', reason: capped });
      else if (code === 0) resolve({ state: 'answered', output: '' });
      else resolve(refusalOf(errors, code));
    });
  });
}

function refusalOf(errors: string, code: number | null): GitAnswer {
  if (/dubious ownership/.test(errors)) return { state: 'dubious ownership' };
  if (/not a git repository/i.test(errors)) return { state: 'no repository' };
  return { state: 'failed', reason: errors.split('\n')[0]?.slice(0, 200) || `exit code ${code}` };
}

/** Neither the variables a git hook sets, nor a `git` that lies in the target itself. */
function environmentOf(root: string): NodeJS.ProcessEnv {
  const { PATH = '', HOME, XDG_CONFIG_HOME, USERPROFILE, SYSTEMROOT, SystemRoot } = process.env;
  return {
    PATH: PATH.split(delimiter)
      .filter((folder) => isAbsolute(folder) && relative(root, folder).startsWith('..'))
      .join(delimiter),
    ...(HOME !== undefined && { HOME }),
    ...(XDG_CONFIG_HOME !== undefined && { XDG_CONFIG_HOME }),
    ...(USERPROFILE !== undefined && { USERPROFILE }),
    ...(SYSTEMROOT !== undefined && { SYSTEMROOT }),
    ...(SystemRoot !== undefined && { SystemRoot }),
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    NoDefaultCurrentDirectoryInExePath: '1',
  };
}
