/** What a module names in quotes and may therefore load: read from its text alone, at a fraction of a parse. */
export interface Mentions {
  /** Specifiers, paths, folders and globs, as written; too many rather than too few. */
  readonly names: readonly string[];
  /** It loads modules whose names it computes. */
  readonly computes: boolean;
}

/** `from 'x'`, `require('x')`, `import('x')`, and any text in quotes that looks like a path. */
const NAMED =
  /(?:\bfrom|\bimport|\brequire(?:\.resolve)?|\bfork|\bWorker|\bjoin|\bresolve)\s*\(?\s*['"`]([^'"`\n]{1,200})['"`]|['"`](\.{0,2}\/[^'"`\s]{0,200}|[\w@.-][^'"`\s]{0,200}\.[cm]?[jt]sx?|[\w.-]+(?:\/[\w.*-]+)+)['"`]/g;
const COMPUTED =
  /\b(?:require|import)\s*\(\s*(?:(?!['"\s)])|'[^'\n]{0,200}'\s*\+|"[^"\n]{0,200}"\s*\+)|autoload|requireDir|require-dir|require-all|include-all|loadModules/i;
/** Loads nothing: it is gone once the types are. */
const TYPE_ONLY = /^[ \t]*(?:import|export)\s+type\b[^'";]{0,2000}['"][^'"\n]{1,200}['"]/gm;
/** Names of folders stand alone only where something is computed from them: `path.join(__dirname, 'routes', name)`. */
const WORD = /['"`]([\w.-]{1,60})['"`]/g;

export function mentionsIn(module: string): Mentions {
  const text = module.includes('type') ? module.replaceAll(TYPE_ONLY, '') : module;
  const names = new Set<string>();
  for (const [, specifier, path] of text.matchAll(NAMED)) names.add(specifier ?? path ?? '');
  const computes = COMPUTED.test(text);
  if (computes) for (const [, word = ''] of text.matchAll(WORD)) names.add(word);
  return { names: [...names], computes };
}
