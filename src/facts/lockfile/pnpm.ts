import type { Span } from '../../document/document.ts';
import { flowMapOf, indentedLinesOf } from './indented.ts';
import { DEPENDENCY_KINDS } from './lockfile-facts.ts';
import type { DependencyKind, LockedImporter, LockedPackage, LockfileFacts, PackageId } from './lockfile-facts.ts';
import { integrityOf, originOf, sourceOf } from './origin.ts';

interface Draft {
  readonly key: string;
  readonly at: Span;
  readonly fields: Map<string, { text: string; at: Span }>;
  readonly wants: [name: string, version: string][];
}

interface DraftRequirement {
  readonly folder: string;
  readonly name: string;
  readonly kind: DependencyKind;
  range: string;
  version: string;
}

interface Sections {
  format: string;
  readonly packages: Map<string, Draft>;
  readonly requirements: DraftRequirement[];
  /** Ranges of version 5, which stand apart from the versions: folder, name → range. */
  readonly specifiers: Map<string, string>;
  readonly overrides: string[];
}

const NEEDS = new Set(['dependencies', 'optionalDependencies']);
const isKind = (key: string): key is DependencyKind => DEPENDENCY_KINDS.includes(key as DependencyKind);

/** pnpm-lock.yaml, versions 5 to 9. Source: https://github.com/pnpm/spec/tree/master/lockfile */
export function pnpmLockOf(text: string): LockfileFacts {
  const sections = sectionsOf(text);
  const drafts = [...sections.packages.values()];
  const idOf = new Map(drafts.map(({ key }, id) => [key, id]));
  for (const draft of drafts) {
    const details = sections.packages.get(draft.key.replace(/(?<=.)\(.*$/, ''));
    if (details && details !== draft) for (const [name, field] of details.fields) draft.fields.set(name, field);
  }
  const packages = drafts.map((draft) => packageOf(draft, idOf));
  return {
    manager: 'pnpm',
    format: sections.format,
    packages,
    importers: importersOf(sections, idOf),
    overrides: sections.overrides,
  };
}

function sectionsOf(text: string): Sections {
  const sections: Sections = {
    format: '',
    packages: new Map(),
    requirements: [],
    specifiers: new Map(),
    overrides: [],
  };
  // keys on the way down to the current line, by depth
  const path: string[] = [];
  for (const line of indentedLinesOf(text)) {
    const depth = line.indent >> 1;
    path.length = Math.min(depth, path.length);
    path[depth] = line.key;
    const section = path[0] ?? '';
    if (depth === 0 && line.key === 'lockfileVersion') sections.format = line.value;
    else if (section === 'overrides' && depth === 1) sections.overrides.push(line.key);
    else if (section === 'packages' || section === 'snapshots') packageLine(sections, path, depth, line);
    else if (section === 'importers')
      importerLine(sections, path[1] === '.' ? '' : (path[1] ?? ''), path.slice(2), line.value);
    else if (isKind(section) || section === 'specifiers') importerLine(sections, '', path, line.value);
  }
  return sections;
}

function packageLine(
  { packages }: Sections,
  path: readonly string[],
  depth: number,
  { key, keyAt, value, valueAt }: { key: string; keyAt: Span; value: string; valueAt: Span },
): void {
  if (depth === 1) {
    // version 9 keeps the details under the plain key and the edges, by peers, under the full one
    const known = packages.get(key);
    if (!known) packages.set(key, { key, at: keyAt, fields: new Map(), wants: [] });
    return;
  }
  const draft = packages.get(path[1] ?? '');
  if (!draft) return;
  if (depth === 2) draft.fields.set(key, { text: value, at: valueAt });
  else if (depth === 3 && NEEDS.has(path[2] ?? '')) draft.wants.push([key, value]);
  else if (depth === 3 && path[2] === 'resolution') draft.fields.set(key, { text: value, at: valueAt });
}

/** `path`: kind, name and, since version 6, `specifier` or `version`. */
function importerLine(
  { requirements, specifiers }: Sections,
  folder: string,
  path: readonly string[],
  value: string,
): void {
  const [kind = '', name = '', field] = path;
  if (kind === 'specifiers' && path.length === 2) specifiers.set(`${folder}\n${name}`, value);
  if (!isKind(kind)) return;
  if (path.length === 2) requirements.push({ folder, name, kind, range: '', version: value });
  const last = requirements.at(-1);
  if (path.length !== 3 || !last) return;
  if (field === 'specifier') last.range = value;
  else if (field === 'version') last.version = value;
}

function packageOf({ key, at, fields, wants }: Draft, idOf: ReadonlyMap<string, PackageId>): LockedPackage {
  const resolution = flowMapOf(fields.get('resolution')?.text ?? '');
  const member = (name: string): string => resolution.get(name) ?? fields.get(name)?.text ?? '';
  const { name, version } = identityOf(key);
  const address = member('tarball') || (member('repo') && `${member('repo')}#${member('commit')}`);
  const integrity = integrityOf(member('integrity'));
  const span = fields.get('resolution')?.at ?? at;
  const origin = address === '' ? undefined : originOf(address, span);
  const deprecated = fields.get('deprecated')?.text;
  const engines = flowMapOf(fields.get('engines')?.text ?? '').get('node');
  const isSet = (flag: string): boolean => fields.get(flag)?.text === 'true';
  return {
    name: fields.get('name')?.text || name,
    version: fields.get('version')?.text || version,
    at,
    source: address === '' ? (member('directory') === '' ? 'registry' : 'file') : sourceOf(address),
    ...(origin && { origin }),
    ...(integrity && { integrity }),
    ...(isSet('dev') && { dev: true as const }),
    ...(isSet('optional') && { optional: true as const }),
    ...(isSet('requiresBuild') && { installScript: true as const }),
    ...(deprecated && { deprecated: deprecated.slice(0, 300) }),
    ...(engines && { engines }),
    needs: wants.flatMap(([wanted, reference]) => targetOf(wanted, reference, idOf) ?? []),
  };
}

/** `/@a/b@1.0.0(c@2.0.0)`, `/@a/b/1.0.0_c@2.0.0`, `@a/b@1.0.0` → name and version. */
function identityOf(key: string): { name: string; version: string } {
  const plain = key.replace(/^\//, '').replace(/\(.*$/, '');
  const at = plain.indexOf('@', 1);
  if (at !== -1 && !/^(?:@[^/]+\/)?[^/]+\/\d/.test(plain))
    return { name: plain.slice(0, at), version: plain.slice(at + 1) };
  const slash = plain.lastIndexOf('/');
  return { name: plain.slice(0, slash), version: plain.slice(slash + 1).replace(/_.*$/, '') };
}

function targetOf(name: string, reference: string, idOf: ReadonlyMap<string, PackageId>): PackageId | undefined {
  const keys = [`${name}@${reference}`, `/${name}@${reference}`, `/${name}/${reference}`, reference];
  for (const key of keys) {
    const id = idOf.get(key) ?? idOf.get(key.replace(/\(.*$/, ''));
    if (id !== undefined) return id;
  }
  return undefined;
}

function importersOf(
  { requirements, specifiers }: Sections,
  idOf: ReadonlyMap<string, PackageId>,
): readonly LockedImporter[] {
  const folders = new Map<string, LockedImporter['requires'][number][]>();
  for (const { folder, name, kind, range, version } of requirements) {
    const target = targetOf(name, version, idOf);
    const requires = folders.get(folder) ?? [];
    requires.push({
      name,
      kind,
      range: range || (specifiers.get(`${folder}\n${name}`) ?? ''),
      ...(target !== undefined && { target }),
    });
    folders.set(folder, requires);
  }
  return [...folders].map(([folder, requires]) => ({ folder, requires }));
}
