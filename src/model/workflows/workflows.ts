import type { DataEntry, DataNode } from '../../facts/data/data-facts.ts';
import { locationOf } from '../../document/document.ts';
import { entryOf, itemsOf, mapOf, scalarOf, textAt } from '../deployments/data.ts';
import { placeOf } from '../place.ts';
import { absent, defineView, present } from '../view.ts';
import type { Source } from '../view.ts';
import { nodeVersionsOf, scriptOf, workflowOf } from './github.ts';
import type { CiNodeVersion, CiScript, Workflows } from './workflow.ts';

const GITHUB = /(^|\/)\.github\/workflows\/[^/]+\.ya?ml$/;
const OTHER =
  /(^|\/)(\.gitlab-ci|bitbucket-pipelines|azure-pipelines|\.drone|\.travis|\.woodpecker|appveyor|\.appveyor)[^/]*\.ya?ml$|(^|\/)(\.circleci|\.gitlab|\.woodpecker|\.buildkite)\/[^/]+\.ya?ml$/;
const BOT =
  /(^|\/)(\.github\/dependabot\.ya?ml|\.?renovate(rc)?(\.json5?)?|\.github\/renovate\.json5?|\.snyk|\.mend|\.whitesource|osv-scanner\.toml|\.nsprc|\.?audit-ci\.jsonc?)$/;

export const workflows = defineView({
  name: 'workflows',
  reads: ['yaml', 'manifest'],
  needs: [],
  build: (source) => {
    const files = source.facts('yaml').filter(({ path }) => placeOf(path) !== 'test');
    const github = files
      .filter(({ path }) => GITHUB.test(path))
      .flatMap(({ path, facts }) => facts.documents.slice(0, 1).map((node) => workflowOf(path, node)));
    const others = files.filter(({ path }) => OTHER.test(path));
    const gaps = files.filter(({ path }) => GITHUB.test(path) || OTHER.test(path)).flatMap((file) => file.gaps);
    const answer: Workflows = {
      github,
      scripts: [
        ...github.flatMap(({ jobs }) => jobs.flatMap(({ steps }) => steps.flatMap(({ script }) => script ?? []))),
        ...others.flatMap(({ path, facts }) => facts.documents.flatMap((node) => scriptsBelow(path, node))),
      ],
      nodeVersions: [
        ...github.flatMap(nodeVersionsOf),
        ...others.flatMap(({ path, facts }) => facts.documents.flatMap((node) => imagesBelow(path, node))),
      ],
      dependencyBots: botsOf(source),
      imageBots: files.flatMap(({ path, facts }) =>
        /(^|\/)\.github\/dependabot\.ya?ml$/.test(path)
          ? itemsOf(entryOf(facts.documents[0], 'updates')).flatMap((update) => {
              const system = scalarOf(entryOf(update, 'package-ecosystem'));
              return system?.text === 'docker' ? [locationOf(path, system)] : [];
            })
          : [],
      ),
    };
    if (github.length === 0 && others.length === 0) return absent('The project has no CI configuration.');
    return present(answer, gaps);
  },
});

const botsOf = (source: Source): readonly string[] => [
  ...source.files.map(({ path }) => path).filter((path) => BOT.test(path)),
  ...source.facts('manifest').flatMap(({ path, facts }) => {
    const [node] = facts.documents;
    return ['renovate', 'snyk'].some((key) => entryOf(node, key)?.kind === 'map') ? [path] : [];
  }),
];

const SCRIPT_KEYS = new Set([
  'run',
  'script',
  'before_script',
  'after_script',
  'command',
  'commands',
  'install',
  'bash',
]);

/** Scripts of other systems: whatever stands under a key that means one. */
function scriptsBelow(path: string, node: DataNode, depth = 0): readonly CiScript[] {
  if (depth > 20) return [];
  if (node.kind === 'list') return node.items.flatMap((item) => scriptsBelow(path, item, depth + 1));
  return mapOf(node).flatMap((entry) => {
    if (!SCRIPT_KEYS.has(entry.key) || entry.value.kind === 'map') return scriptsBelow(path, entry.value, depth + 1);
    const lines: readonly DataEntry[] =
      entry.value.kind === 'list' ? entry.value.items.map((value) => ({ ...entry, value })) : [entry];
    return lines.flatMap((line) => scriptOf(path, line) ?? []);
  });
}

/** Images of Node.js that jobs run in, and the version lists of Travis. */
function imagesBelow(path: string, node: DataNode, depth = 0): readonly CiNodeVersion[] {
  if (depth > 12) return [];
  if (node.kind === 'list') return node.items.flatMap((item) => imagesBelow(path, item, depth + 1));
  return mapOf(node).flatMap(({ key, value }) => {
    if (key === 'node_js') {
      const values = itemsOf(value).length > 0 ? itemsOf(value) : [value];
      return values.flatMap((item) => version(path, item, scalarOf(item)?.text, values.length > 1));
    }
    if (key !== 'image') return imagesBelow(path, value, depth + 1);
    const scalar = scalarOf(value) ?? scalarOf(entryOf(value, 'name'));
    const [, tag] = /^(?:[\w.-]+\/)*node:([\w.-]+)$/.exec(scalar?.text ?? textAt(value, 'name') ?? '') ?? [];
    return scalar ? version(path, scalar, tag, false) : [];
  });
}

const version = (path: string, node: DataNode, text: string | undefined, matrix: boolean): readonly CiNodeVersion[] =>
  text === undefined ? [] : [{ at: locationOf(path, node), version: text, matrix }];
