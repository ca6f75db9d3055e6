import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import type { DataEntry, DataNode } from '../../facts/data/data-facts.ts';
import { commandsAt } from '../../facts/shell/commands.ts';
import { managerCommandOf } from '../images/installs.ts';
import { entryOf, itemsOf, mapOf, scalarOf, scalarText, textAt } from '../deployments/data.ts';
import type { ActionReference, CiNodeVersion, CiScript, Job, Permissions, Step, Workflow } from './workflow.ts';

/** Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax */
export function workflowOf(path: string, node: DataNode): Workflow {
  // YAML 1.1 readers take the key `on` for a boolean
  const on = mapOf(node).find(({ key }) => key === 'on' || key === 'true');
  return {
    path,
    node,
    at: locationOf(path, on?.keyAt ?? { start: 0, end: 0 }),
    triggers: on ? triggersOf(path, on) : [],
    jobs: mapOf(entryOf(node, 'jobs')).map((entry) => jobOf(path, entry)),
    ...permissionsOf(path, node),
  };
}

function triggersOf(path: string, { value, keyAt }: DataEntry): Workflow['triggers'] {
  if (value.kind === 'map') {
    return value.entries.map(({ key, keyAt: at, value: of }) => ({ name: key, at: locationOf(path, at), node: of }));
  }
  if (value.kind === 'list') return value.items.map((item) => ({ name: scalarText(item), at: locationOf(path, item) }));
  return [{ name: value.text, at: locationOf(path, value.text === '' ? keyAt : value) }];
}

function permissionsOf(path: string, node: DataNode): { readonly permissions?: Permissions } {
  const entry = mapOf(node).find(({ key }) => key === 'permissions');
  if (!entry) return {};
  const { value, keyAt } = entry;
  const at = locationOf(path, { start: keyAt.start, end: value.kind === 'scalar' ? value.end : keyAt.end });
  const scopes = new Map(mapOf(value).map(({ key, value: access }) => [key, scalarText(access)]));
  const all = value.kind === 'scalar' && value.text !== '' ? value.text : undefined;
  return { permissions: { at, scopes, ...(all !== undefined && { all }) } };
}

function jobOf(path: string, { key, keyAt, value }: DataEntry): Job {
  const uses = scalarOf(entryOf(value, 'uses'));
  const condition = textAt(value, 'if');
  return {
    id: key,
    at: locationOf(path, keyAt),
    node: value,
    steps: itemsOf(entryOf(value, 'steps')).map((step) => stepOf(path, step)),
    ...permissionsOf(path, value),
    ...(uses && { uses: actionOf(uses.text, locationOf(path, uses)) }),
    ...(condition !== undefined && { condition }),
  };
}

function stepOf(path: string, node: DataNode): Step {
  const uses = scalarOf(entryOf(node, 'uses'));
  const action = uses && actionOf(uses.text, locationOf(path, uses));
  const condition = textAt(node, 'if');
  const inputs = mapOf(entryOf(node, 'with'));
  const entry =
    mapOf(node).find(({ key }) => key === 'run') ??
    (action?.name === 'actions/github-script' ? inputs.find(({ key }) => key === 'script') : undefined);
  const script = entry && scriptOf(path, entry, action === undefined);
  return {
    at: locationOf(path, node),
    with: inputs,
    continues: textAt(node, 'continue-on-error') === 'true',
    ...(action && { uses: action }),
    ...(condition !== undefined && { condition }),
    ...(script && { script }),
  };
}

/** A script under a key; `shell` false where it is of another language. */
export function scriptOf(path: string, { keyAt, value }: DataEntry, shell = true): CiScript | undefined {
  const scalar = scalarOf(value);
  if (!scalar) return undefined;
  const at = locationOf(path, scalar.text.trimEnd().includes('\n') ? keyAt : scalar);
  // an expression is one word to the shell, whatever it becomes
  const text = scalar.text.replaceAll(/\$\{\{[^}]{0,300}\}\}/g, 'EXPRESSION');
  const commands = shell ? commandsAt({ ...scalar, text }) : [];
  return {
    path,
    at,
    text: scalar.text,
    commands,
    managers: commands.flatMap((command) => managerCommandOf(command) ?? []),
  };
}

function actionOf(text: string, at: Location): ActionReference {
  const [, name = '', ref = ''] = /^([\w.-]+\/[\w./-]+)@(.+)$/.exec(text) ?? [];
  return { text, at, name, ref, pinned: /^[0-9a-f]{40}$|^sha256:[0-9a-f]{64}$/.test(ref) };
}

/** `node-version` of setup-node, matrices looked up. */
export function nodeVersionsOf({ path, jobs }: Workflow): readonly CiNodeVersion[] {
  return jobs.flatMap(({ node, steps }) =>
    steps.flatMap(({ uses, with: inputs }) => {
      if (uses?.name !== 'actions/setup-node') return [];
      const input = inputs.find(({ key }) => key === 'node-version')?.value;
      const scalar = scalarOf(input);
      if (!scalar) return [];
      const [, name] = /^\$\{\{\s*matrix\.([\w-]+)\s*\}\}$/.exec(scalar.text) ?? [];
      if (name === undefined) {
        return scalar.text.includes('${{')
          ? []
          : [{ at: locationOf(path, scalar), version: scalar.text, matrix: false }];
      }
      const matrix = entryOf(entryOf(entryOf(node, 'strategy'), 'matrix'), name);
      const values = itemsOf(matrix).flatMap((item) => (item.kind === 'scalar' ? [item] : []));
      return values.map((item) => ({ at: locationOf(path, item), version: item.text, matrix: values.length > 1 }));
    }),
  );
}
