import type { Location } from '../../document/document.ts';
import type { ShellCommand } from '../../facts/shell/shell-facts.ts';
import { programOf, programWordsOf } from '../images/installs.ts';
import type { ManagedApp, Setting } from './managed.ts';

/** By option of the command line, what it is called in a file. Source: `pm2 start --help`, PM2 7 */
const OPTIONS: ReadonlyMap<string, string> = new Map([
  ['-i', 'instances'],
  ['--instances', 'instances'],
  ['-n', 'name'],
  ['--name', 'name'],
  ['--max-memory-restart', 'max_memory_restart'],
  ['--kill-timeout', 'kill_timeout'],
  ['--listen-timeout', 'listen_timeout'],
  ['--interpreter', 'interpreter'],
  ['--env', 'env'],
  ['--node-args', 'node_args'],
  ['--cwd', 'cwd'],
  ['-l', 'log_file'],
  ['--log', 'log_file'],
  ['-o', 'out_file'],
  ['-e', 'error_file'],
  ['-u', 'uid'],
  ['--exp-backoff-restart-delay', 'exp_backoff_restart_delay'],
]);
const FLAGS: ReadonlyMap<string, string> = new Map([
  ['--watch', 'watch'],
  ['--wait-ready', 'wait_ready'],
  ['--shutdown-with-message', 'shutdown_with_message'],
]);

/** The process a command has PM2 start by its options alone; none where a file says how. */
export function appStartedBy(command: ShellCommand, at: Location): readonly ManagedApp[] {
  const program = programOf(command);
  const words = programWordsOf(command).map(({ text }) => text);
  if (!/^pm2(-runtime|-docker)?$/.test(program) || (program === 'pm2' && words[1] !== 'start')) return [];
  const settings = new Map<string, Setting>();
  let script: string | undefined;
  for (let index = words[1] === 'start' ? 2 : 1; index < words.length && words[index] !== '--'; index += 1) {
    const [option = '', joined] = (words[index] ?? '').split(/=(.*)/s);
    const name = OPTIONS.get(option);
    const flag = FLAGS.get(option);
    if (name !== undefined) {
      const text = joined ?? words[(index += 1)] ?? '';
      settings.set(name, { text, at, dynamic: text.includes('$') });
    } else if (flag !== undefined) settings.set(flag, { text: 'true', at, dynamic: false });
    else if (!option.startsWith('-')) script ??= words[index];
  }
  if (script === undefined || /\.(json5?|ya?ml)$|\.config\.\w+$|[$*]/.test(script)) return [];
  settings.set('script', { text: script, at, dynamic: false });
  // with `-i` it is a cluster without being told
  if (settings.has('instances')) settings.set('exec_mode', { text: 'cluster', at, dynamic: false });
  return [
    {
      path: at.path,
      name: settings.get('name')?.text ?? script,
      at,
      setting: (key) => settings.get(key),
      // what stands around it decides
      environments: [{ name: 'env', at, nodeEnv: { text: '', at, dynamic: true } }],
    },
  ];
}
