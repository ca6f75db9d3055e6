import type { DataEntry, DataNode, DataScalar } from '../../facts/data/data-facts.ts';
import { commandsAt } from '../../facts/shell/commands.ts';
import type { ShellCommand } from '../../facts/shell/shell-facts.ts';
import type { Source } from '../view.ts';

/** The value of a key of a map. */
export const entryOf = (node: DataNode | undefined, key: string): DataNode | undefined =>
  node?.kind === 'map' ? node.entries.find((entry) => entry.key === key)?.value : undefined;

/** The value at the end of a path of keys. */
export const nodeAt = (node: DataNode | undefined, ...keys: readonly string[]): DataNode | undefined =>
  keys.reduce<DataNode | undefined>(entryOf, node);

/** The entries of a map; none of anything else. */
export const mapOf = (node: DataNode | undefined): readonly DataEntry[] => (node?.kind === 'map' ? node.entries : []);

/** The items of a list; none of anything else. */
export const itemsOf = (node: DataNode | undefined): readonly DataNode[] => (node?.kind === 'list' ? node.items : []);

export const scalarOf = (node: DataNode | undefined): DataScalar | undefined =>
  node?.kind === 'scalar' && node.type !== 'null' ? node : undefined;

export const scalarText = (node: DataNode): string => (node.kind === 'scalar' ? node.text : '');

/** The text of a scalar under a key. */
export const textAt = (node: DataNode | undefined, key: string): string | undefined =>
  scalarOf(entryOf(node, key))?.text;

export const isTrue = (node: DataNode | undefined): boolean => node?.kind === 'scalar' && node.text === 'true';

export const isGitHubWorkflow = (path: string): boolean => /(^|\/)\.github\/(workflows|actions)\//.test(path);

const isOtherCi = (path: string): boolean =>
  /(^|\/)(\.gitlab-ci|bitbucket-pipelines|azure-pipelines|cloudbuild|buildspec|\.drone|\.travis|appveyor|Taskfile)[^/]*\.ya?ml$|(^|\/)(\.circleci|\.gitlab)\/.*\.ya?ml$/.test(
    path,
  );

/** What the CI files of the project run. */
export const ciScriptsOf = (source: Source): readonly { path: string; commands: readonly ShellCommand[] }[] =>
  source
    .facts('yaml')
    .filter(({ path }) => isGitHubWorkflow(path) || isOtherCi(path))
    .map(({ path, facts }) => ({ path, commands: facts.documents.flatMap((node) => scriptsBelow(node)) }));

const SCRIPT_KEYS = new Set(['run', 'script', 'before_script', 'after_script', 'command', 'commands', 'cmds', 'bash']);

function scriptsBelow(node: DataNode, depth = 0): readonly ShellCommand[] {
  if (depth > 20) return [];
  if (node.kind === 'list') return node.items.flatMap((item) => scriptsBelow(item, depth + 1));
  if (node.kind !== 'map') return [];
  return node.entries.flatMap(({ key, value }) => {
    if (!SCRIPT_KEYS.has(key) || value.kind === 'map') return scriptsBelow(value, depth + 1);
    const scripts = value.kind === 'list' ? value.items : [value];
    return scripts.flatMap((script) =>
      script.kind === 'scalar' ? commandsAt(script) : scriptsBelow(script, depth + 1),
    );
  });
}
