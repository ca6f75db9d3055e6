import { parse } from '@babel/parser';
import type { ParserPlugin } from '@babel/parser';
import type { File } from '@babel/types';

export interface Parsed {
  /** Absent where nothing could be read. */
  readonly file?: File;
  readonly errors: readonly { readonly message: string; readonly offset: number }[];
}

/** Plugins by what the file is; the costly guesses come only after a failure. */
function pluginSets(path: string, text: string): readonly (readonly ParserPlugin[])[] {
  if (/\.[mc]?ts$/.test(path)) return [['typescript', 'decorators-legacy', 'explicitResourceManagement']];
  if (path.endsWith('.tsx')) return [['typescript', 'jsx', 'decorators-legacy', 'explicitResourceManagement']];
  const plain: ParserPlugin[] = ['jsx', 'decorators-legacy', 'explicitResourceManagement'];
  const flow: ParserPlugin[] = ['flow', 'jsx', 'decorators-legacy'];
  return /@flow\b/.test(text.slice(0, 2000))
    ? [flow, plain]
    : [plain, flow, ['typescript', 'jsx', 'decorators-legacy']];
}

/** Babel's tree of as much of the text as can be read. Never throws. */
export function parsed(path: string, text: string): Parsed {
  let first: Parsed | undefined;
  for (const plugins of pluginSets(path, text)) {
    const result = attempt(text, plugins);
    if (result.file && result.errors.length === 0) return result;
    if (!first || (!first.file && result.file)) first = result;
  }
  return first ?? { errors: [] };
}

function attempt(text: string, plugins: readonly ParserPlugin[]): Parsed {
  try {
    const file = parse(text, {
      plugins: [...plugins],
      sourceType: 'unambiguous',
      errorRecovery: true,
      attachComment: false,
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      allowSuperOutsideMethod: true,
      allowNewTargetOutsideFunction: true,
      allowUndeclaredExports: true,
      allowImportExportEverywhere: true,
      createParenthesizedExpressions: false,
    });
    return { file, errors: (file.errors ?? []).filter(isSyntactic).map(errorOf) };
  } catch (error) {
    return { errors: [errorOf(error)] };
  }
}

/** Rules of the language that do not keep the text from being read: duplicate names, strict mode, `await` as a name. */
const isSyntactic = (error: { readonly reasonCode?: string }): boolean =>
  ![
    'VarRedeclaration',
    'StrictDelete',
    'StrictWith',
    'StrictOctalLiteral',
    'StrictNumericEscape',
    'DuplicateExport',
    'DuplicateProto',
    'InvalidEscapedReservedWord',
    'UnexpectedReservedWord',
  ].includes(error.reasonCode ?? '');

function errorOf(error: unknown): Parsed['errors'][number] {
  const { message, pos } = error as { message?: string; pos?: number };
  return { message: (message ?? 'It cannot be read.').replace(/\s*\(\d+:\d+\)$/, ''), offset: pos ?? 0 };
}
