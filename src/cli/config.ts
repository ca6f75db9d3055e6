import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { findNodeAtLocation, parse, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import { AuditError } from '../document/audit-error.ts';
import type { Document } from '../document/document.ts';
import { matchesGlob } from '../document/glob.ts';
import { lineStartsOf, positionAt } from '../document/position.ts';
import type { IgnoreWish } from '../engine/ignore-comment.ts';
import type { Config } from './config-schema.ts';

export const CONFIG_FILE = 'audit.config.json';

export interface ReadConfig {
  readonly config: Config;
  readonly ignore: readonly IgnoreWish[];
  /** What it was read from. */
  readonly document?: Document;
}

const NO_CONFIG: ReadConfig = { config: {}, ignore: [] };

/** Where a configuration is, and the key of the file it is below. */
interface Source {
  readonly file: string;
  readonly key?: string;
}

/**
 * `audit.config.json` of the project, or `audit` in its package.json, or the file that was named. It is data: nothing
 * in it is run, and nothing it says makes the audit write or connect anywhere outside the project.
 */
export async function configOf(root: string, cwd: string, named: string | false | undefined): Promise<ReadConfig> {
  const source = named === false ? undefined : sourceOf(root, cwd, named);
  if (!source) return NO_CONFIG;
  const text = textOf(source.file);
  const path = relative(root, source.file).replaceAll(sep, '/');
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (!tree || error) {
    const { line, column } = positionAt(lineStartsOf(text), error?.offset ?? 0);
    throw new AuditError(
      2,
      `${path}:${line}:${column} is not JSON: ${error ? printParseErrorCode(error.error) : 'it is empty'}.`,
      'Correct it, or pass --no-config to do without.',
    );
  }
  const all: unknown = parse(text, [], { allowTrailingComma: true });
  const value = source.key === undefined ? all : propertyOf(all, source.key);
  if (value === undefined) return NO_CONFIG;
  const { validConfig } = await import('./config-schema.ts');
  const config = validConfig(value, (keys) => {
    const node = findNodeAtLocation(tree, source.key === undefined ? [...keys] : [source.key, ...keys]);
    const { line, column } = positionAt(lineStartsOf(text), node?.offset ?? 0);
    return `${path}:${line}:${column}`;
  });
  const language = source.key === undefined ? 'json' : 'manifest';
  return {
    config,
    ignore: ignoresIn(config, tree, source.key, path),
    document: { path, text, language, tracked: 'unknown' },
  };
}

function sourceOf(root: string, cwd: string, named: string | undefined): Source | undefined {
  if (named !== undefined) {
    const file = resolve(cwd, named);
    if (existsSync(file)) return { file };
    throw new AuditError(
      2,
      `The configuration ${named} does not exist.`,
      'Name a file that does, or run `audit init`.',
    );
  }
  const own = join(root, CONFIG_FILE);
  if (existsSync(own)) return { file: own };
  const manifest = join(root, 'package.json');
  // not JSON.parse: a broken package.json is a finding, not a reason to stop
  return existsSync(manifest) && propertyOf(parse(textOf(manifest)), 'audit') !== undefined
    ? { file: manifest, key: 'audit' }
    : undefined;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    throw new AuditError(2, `${file} cannot be read.`, 'Give your user the right to read it, or pass --no-config.');
  }
}

const propertyOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;

function ignoresIn(config: Config, tree: Node, key: string | undefined, path: string): readonly IgnoreWish[] {
  return (config.ignore ?? []).map(({ rule, path: glob, reason, until }, index) => {
    const keys = ['ignore', index];
    const node = findNodeAtLocation(tree, key === undefined ? keys : [key, ...keys]);
    const start = node?.offset ?? 0;
    return {
      by: 'config',
      at: { path, start, end: start + (node?.length ?? 0) },
      names: typeof rule === 'string' ? [rule] : rule,
      reason,
      ...(until !== undefined && { until }),
      covers: (at) => glob === undefined || (typeof glob === 'string' ? [glob] : glob).some((one) => covers(one, at)),
    };
  });
}

/** A glob, or the name of a folder. */
const covers = (glob: string, path: string): boolean =>
  matchesGlob(path, glob) || path.startsWith(glob.endsWith('/') ? glob : `${glob}/`);
