import { parseTree } from 'jsonc-parser';
import type { Node } from 'jsonc-parser';
import { memberOf, membersOf } from './json-members.ts';
import { DEPENDENCY_KINDS } from './lockfile-facts.ts';
import type { LockedPackage, LockfileFacts, PackageId } from './lockfile-facts.ts';
import { integrityOf, originOf, sourceOf } from './origin.ts';

/** bun.lock, the text format. Source: https://bun.sh/docs/install/lockfile */
export function bunLockOf(text: string): LockfileFacts | undefined {
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (root?.type !== 'object') return undefined;
  const entries = membersOf(memberOf(root, 'packages'));
  const idOf = new Map(entries.map(({ key }, id) => [key, id]));
  const packages = entries.map(({ key, keyAt, value }) => packageOf(key, keyAt, value.children ?? [], idOf));
  const importers = membersOf(memberOf(root, 'workspaces')).map(({ key: folder, value }) => ({
    folder,
    requires: DEPENDENCY_KINDS.flatMap((kind) =>
      membersOf(memberOf(value, kind)).map((member) => {
        const target = idOf.get(member.key);
        return { name: member.key, range: String(member.value.value), kind, ...(target !== undefined && { target }) };
      }),
    ),
  }));
  return { manager: 'bun', format: String(memberOf(root, 'lockfileVersion')?.value ?? 0), packages, importers };
}

/** `["name@version", "registry", { dependencies … }, "sha512-…"]`; git and file packages leave out the registry. */
function packageOf(
  key: string,
  at: LockedPackage['at'],
  items: readonly Node[],
  idOf: ReadonlyMap<string, PackageId>,
): LockedPackage {
  const identity = typeof items[0]?.value === 'string' ? items[0].value : key;
  const split = identity.indexOf('@', 1);
  const name = split === -1 ? identity : identity.slice(0, split);
  const reference = split === -1 ? '' : identity.slice(split + 1);
  const isVersion = /^\d/.test(reference);
  const registry = items[1]?.type === 'string' ? items[1] : undefined;
  const details = items.find(({ type }) => type === 'object');
  const last = items.at(-1);
  const integrity = last?.type === 'string' && items.length > 1 ? integrityOf(String(last.value)) : undefined;
  const address = isVersion ? String(registry?.value ?? '') : reference;
  const addressAt = isVersion ? registry : items[0];
  const origin =
    addressAt && originOf(address, { start: addressAt.offset + 1, end: addressAt.offset + addressAt.length - 1 });
  return {
    name,
    version: isVersion ? reference : '',
    at,
    source: isVersion ? 'registry' : sourceOf(reference),
    ...(origin && { origin }),
    ...(integrity && { integrity }),
    needs: ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) =>
      membersOf(memberOf(details, kind)).flatMap((member) => resolved(idOf, key, member.key) ?? []),
    ),
  };
}

/** Nested copies stand under `parent/name`. */
function resolved(idOf: ReadonlyMap<string, PackageId>, from: string, name: string): PackageId | undefined {
  for (let parent = from; parent !== ''; parent = parent.slice(0, Math.max(0, parent.lastIndexOf('/')))) {
    const id = idOf.get(`${parent}/${name}`);
    if (id !== undefined) return id;
  }
  return idOf.get(name);
}
