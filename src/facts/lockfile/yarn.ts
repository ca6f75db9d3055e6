import type { Span } from '../../document/document.ts';
import { indentedLinesOf, unquoted } from './indented.ts';
import { integrityOf, originOf, sourceOf } from './origin.ts';
import type { LockedImporter, LockedPackage, LockfileFacts, PackageId } from './lockfile-facts.ts';

interface Draft {
  readonly at: Span;
  readonly asked: readonly string[];
  readonly fields: Map<string, { text: string; at: Span }>;
  /** Name and range of what it needs. */
  readonly wants: [name: string, range: string][];
}

/** yarn.lock of either generation. */
export function yarnLockOf(text: string): LockfileFacts {
  const isBerry = /^__metadata:/m.test(text.slice(0, 4_000));
  const drafts = isBerry ? berryDrafts(text) : classicDrafts(text);
  const idOf = new Map([
    ...(isBerry ? onlyOnes(drafts) : []),
    ...drafts.flatMap(({ asked }, id) => asked.map((descriptor): [string, PackageId] => [descriptor, id])),
  ]);
  const packages = drafts.map((draft) => (isBerry ? berryPackage(draft, idOf) : classicPackage(draft, idOf)));
  const format = isBerry ? (/^ {2}version: (\d+)/m.exec(text.slice(0, 4_000))?.[1] ?? 'berry') : 'classic';
  return { manager: 'yarn', format, packages, importers: isBerry ? importersOf(drafts, idOf) : [] };
}

/** What is asked for may be replaced by `resolutions` of package.json: then the one version there is answers. */
function onlyOnes(drafts: readonly Draft[]): readonly (readonly [name: string, PackageId])[] {
  const idsOf = new Map<string, PackageId[]>();
  drafts.forEach(({ asked: [first = ''] }, id) => {
    const name = nameOf(first);
    const known = idsOf.get(name);
    if (known) known.push(id);
    else idsOf.set(name, [id]);
  });
  return [...idsOf].flatMap(([name, [id, ...others]]) =>
    id === undefined || others.length > 0 ? [] : [[name, id] as const],
  );
}

/** Version 1: `"a@^1", "a@^2":`, then `key "value"` lines. */
function classicDrafts(text: string): readonly Draft[] {
  const drafts: Draft[] = [];
  let inDependencies = false;
  let start = 0;
  for (const line of text.split('\n')) {
    const at = start;
    start += line.length + 1;
    const content = line.trim();
    if (content === '' || content.startsWith('#')) continue;
    const indent = line.length - line.trimStart().length;
    if (indent === 0) {
      const head = content.replace(/:$/, '');
      const asked = head.split(/, (?=(?:"|[^"]*$))/).map((part) => unquoted(part.trim()));
      drafts.push({ at: { start: at, end: at + head.length }, asked, fields: new Map(), wants: [] });
      inDependencies = false;
      continue;
    }
    const draft = drafts.at(-1);
    if (!draft) continue;
    if (indent === 2 && content.endsWith(':')) {
      inDependencies = content === 'dependencies:' || content === 'optionalDependencies:';
      continue;
    }
    const [, key = '', value = ''] = /^("[^"]*"|\S+) +(.*)$/.exec(content) ?? [];
    const offset = at + line.indexOf(value, line.indexOf(key) + key.length);
    if (indent > 2 && inDependencies) draft.wants.push([unquoted(key), unquoted(value)]);
    else if (indent === 2)
      draft.fields.set(key, { text: unquoted(value), at: { start: offset, end: offset + value.length } });
  }
  return drafts;
}

function classicPackage({ at, asked, fields, wants }: Draft, idOf: ReadonlyMap<string, PackageId>): LockedPackage {
  const resolved = fields.get('resolved');
  const origin = resolved && originOf(resolved.text, resolved.at);
  const hash = /#[0-9a-f]{40}$/.test(resolved?.text ?? '') ? 'sha1-' : '';
  const source = sourceOf(resolved?.text ?? '');
  const integrity = integrityOf(fields.get('integrity')?.text ?? (source === 'git' ? '' : hash));
  return {
    // `alias@npm:name@range` is of another name than it is asked for by
    name: /@npm:(@?[^@]+)@/.exec(asked[0] ?? '')?.[1] ?? nameOf(asked[0] ?? ''),
    version: fields.get('version')?.text ?? '',
    at,
    source,
    ...(origin && { origin }),
    ...(integrity && { integrity }),
    asked,
    needs: wants.flatMap(([name, range]) => idOf.get(`${name}@${range}`) ?? []),
  };
}

/** Version 2 and later: plain YAML, two spaces a level. */
function berryDrafts(text: string): readonly Draft[] {
  const drafts: Draft[] = [];
  let section = '';
  for (const { indent, key, keyAt, value, valueAt } of indentedLinesOf(text)) {
    if (indent === 0) {
      if (key === '__metadata') continue;
      drafts.push({ at: keyAt, asked: key.split(', '), fields: new Map(), wants: [] });
      continue;
    }
    const draft = drafts.at(-1);
    if (!draft) continue;
    if (indent === 2) {
      section = value === '' ? key : '';
      if (value !== '') draft.fields.set(key, { text: value, at: valueAt });
    } else if (indent === 4 && section === 'dependencies') draft.wants.push([key, value]);
  }
  return drafts;
}

function berryPackage({ at, asked, fields, wants }: Draft, idOf: ReadonlyMap<string, PackageId>): LockedPackage {
  const resolution = fields.get('resolution');
  const reference = (resolution?.text ?? '').slice((resolution?.text ?? '').indexOf('@', 1) + 1);
  const isRegistry = /^(?:npm|virtual|patch):/.test(reference);
  const origin = resolution && !isRegistry ? originOf(reference, resolution.at) : undefined;
  const checksum = fields.get('checksum');
  return {
    name: nameOf(resolution?.text ?? asked[0] ?? ''),
    version: fields.get('version')?.text.replace(/^0\.0\.0-use\.local$/, '') ?? '',
    at,
    source: isRegistry ? 'registry' : sourceOf(reference),
    ...(origin && { origin }),
    ...(checksum && { integrity: 'sha512' as const }),
    asked,
    needs: wants.flatMap(([name, range]) => targetOf(name, range, idOf) ?? []),
  };
}

const targetOf = (name: string, range: string, idOf: ReadonlyMap<string, PackageId>): PackageId | undefined =>
  idOf.get(`${name}@${range}`) ?? idOf.get(`${name}@npm:${range}`) ?? idOf.get(name);

const importersOf = (drafts: readonly Draft[], idOf: ReadonlyMap<string, PackageId>): readonly LockedImporter[] =>
  drafts.flatMap(({ fields, wants }) => {
    const folder = /@workspace:(.+)$/.exec(fields.get('resolution')?.text ?? '')?.[1];
    if (folder === undefined) return [];
    const requires = wants.map(([name, range]) => {
      const target = targetOf(name, range, idOf);
      return {
        name,
        range: range.replace(/^npm:/, ''),
        kind: 'dependencies' as const,
        ...(target !== undefined && { target }),
      };
    });
    return [{ folder: folder === '.' ? '' : folder, requires }];
  });

/** `@a/b@npm:^1.0.0` → `@a/b`. */
const nameOf = (descriptor: string): string => {
  const at = descriptor.indexOf('@', 1);
  return at === -1 ? descriptor : descriptor.slice(0, at);
};
