import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import type { DataNode } from '../../facts/data/data-facts.ts';
import { nodeAt, scalarOf } from '../deployments/data.ts';
import type { Source } from '../view.ts';

/** What production reads where its environment says nothing. */
export interface SettingValue {
  readonly at: Location;
  /** The variable that takes precedence, where one is named. */
  readonly variable?: string;
}

/**
 * The settings of the package `config`: `config.get('jwt.key')` is what the environment says by
 * custom-environment-variables, else `production`, else `default`. Source: https://github.com/node-config/node-config/wiki
 */
export function settingsOf(source: Source): (key: string) => SettingValue | undefined {
  const documents = [...source.facts('yaml'), ...source.facts('json')].flatMap(
    ({ path, facts: { documents: all } }) => {
      const name = /(?:^|\/)config\/(default|production|custom-environment-variables)\.(?:ya?ml|json)$/.exec(path)?.[1];
      return name === undefined ? [] : [{ name, path, node: all[0] }];
    },
  );
  const find = (name: string, key: string): { readonly path: string; readonly node: DataNode } | undefined => {
    for (const document of documents) {
      const node = document.name === name ? nodeAt(document.node, ...key.split('.')) : undefined;
      if (node) return { path: document.path, node };
    }
    return undefined;
  };
  return (key) => {
    const found = find('production', key) ?? find('default', key);
    const value = scalarOf(found?.node);
    if (!found || value?.type !== 'string' || /^\s*$|^\$\{|^<[^>]*>$/.test(value.text)) return undefined;
    const variable = scalarOf(find('custom-environment-variables', key)?.node)?.text;
    return { at: locationOf(found.path, value), ...(variable !== undefined && { variable }) };
  };
}
