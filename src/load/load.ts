import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { AuditError } from '../document/audit-error.ts';
import type { Document, Language } from '../document/document.ts';
import type { Gap } from '../document/gap.ts';
import { languageOf } from '../document/language.ts';
import { bytesOf } from './bytes.ts';
import { CAPS } from './caps.ts';
import type { Caps } from './caps.ts';
import { textOf, unwritten } from './content.ts';
import { listingOf } from './listing.ts';
import type { ListedName } from './listing.ts';
import type { Project, ProjectFile, Unread } from './project.ts';

export interface LoadOptions {
  readonly caps?: Partial<Caps>;
  /** Called now and then, with the number of files read so far and in all. */
  readonly onProgress?: (read: number, all: number) => void;
}

const FILES_BETWEEN_TURNS = 256;

/** Reads a folder. Nothing in it is run, and no link leads out of it. */
export async function load(folder: string, { caps: wanted, onProgress }: LoadOptions = {}): Promise<Project> {
  const caps = { ...CAPS, ...wanted };
  const root = readableFolder(folder);
  const listing = await listingOf(root, caps);
  const documents: Document[] = [];
  const files: ProjectFile[] = [];
  const gaps: Gap[] = [...listing.gaps];
  const isOwn = ownFolders(root);
  const deadline = performance.now() + caps.milliseconds;
  let bytes = 0;
  let unread = 0;
  for (const [index, name] of listing.files.entries()) {
    if (index % FILES_BETWEEN_TURNS === 0) {
      onProgress?.(index, listing.files.length);
      await new Promise(setImmediate);
    }
    if (bytes > caps.bytes || performance.now() > deadline) {
      files.push({ ...name, bytes: 0, unread: 'capped' });
      unread += 1;
      continue;
    }
    const { file, document } = read(root, name, caps, isOwn);
    if (!file) continue;
    files.push(file);
    if (!document) gaps.push(...gapsOf(file));
    else {
      documents.push(document);
      bytes += file.bytes;
    }
  }
  gaps.push(...largeDataGap(files, caps));
  if (unread > 0) gaps.push({ kind: 'capped', message: cappedMessage(unread, bytes, caps) });
  if (documents.length === 0) throw nothingToRead(root, files);
  return { root, documents, files, gaps };
}

function readableFolder(folder: string): string {
  let root: string;
  try {
    root = realpathSync.native(folder);
  } catch {
    throw new AuditError(2, `There is no folder ${folder}.`, 'Name the folder of the project, or run audit inside it.');
  }
  if (!statSync(root).isDirectory()) {
    throw new AuditError(2, `${folder} is not a folder.`, 'Name the folder of the project, or run audit inside it.');
  }
  try {
    accessSync(root, constants.R_OK | constants.X_OK);
  } catch {
    throw new AuditError(3, `${folder} cannot be read.`, 'Give your user the right to read it.');
  }
  return root;
}

/** Whether a folder below the root is really there: not a link, nor below one. */
function ownFolders(root: string): (folder: string) => boolean {
  const known = new Map<string, boolean>([['.', true]]);
  return (folder) => {
    let own = known.get(folder);
    if (own === undefined) {
      try {
        own = realpathSync.native(join(root, folder)) === join(root, folder.replaceAll('/', sep));
      } catch {
        own = true; // gone or forbidden: opening the file says so
      }
      known.set(folder, own);
    }
    return own;
  };
}

/** Nothing for a file that git still lists and that is gone. */
interface Reading {
  readonly file?: ProjectFile;
  readonly document?: Document;
}

function read(root: string, { path, tracked }: ListedName, caps: Caps, isOwn: (folder: string) => boolean): Reading {
  const skipped = (unread: Unread, bytes = 0): Reading => ({ file: { path, tracked, bytes, unread } });
  if (isVendored(path)) return skipped('vendored');
  if (!isOwn(dirname(path))) return skipped('link');
  const byName = languageOf(path);
  const content = bytesOf(`${root}/${path}`, byName === 'lockfile' ? caps.lockfileBytes : caps.fileBytes);
  if (content.state === 'large') return skipped('large', content.size);
  if (content.state === 'gone') return {};
  if (content.state !== 'read') return skipped(content.state);
  const text = textOf(content.bytes);
  if (text === undefined) return skipped('binary', content.size);
  // only a script without a name of its own, or what is no code in spite of it, shows in the text
  const named = byName === 'text' || byName === 'javascript' ? languageOf(path, text) : byName;
  // a file of the project that calls itself a recorded exchange is no evidence of a deployment
  const language = named === 'http' ? 'text' : named;
  const unread = unwritten(path, text, language);
  return {
    file: { path, tracked, bytes: content.size, ...(unread && { unread }) },
    document: { path, text, language: unread ? 'text' : language, tracked },
  };
}

const isVendored = (path: string): boolean =>
  /(^|\/)(node_modules|bower_components|jspm_packages|\.yarn|\.pnpm-store)\/|(^|\/)\.pnp\.(c|loader\.m)js$/.test(path);

/** Why a file that would have been code or configuration is none; pictures and archives are no loss. */
function gapsOf({ path, unread, bytes }: ProjectFile): readonly Gap[] {
  const language = languageOf(path);
  if (unread === 'unreadable') return [{ kind: 'unreadable', message: `${path} cannot be read.` }];
  if (unread === 'special' && !path.includes('.')) {
    return [{ kind: 'unreadable', message: `${path} is not a file (a git submodule?) and was not looked into.` }];
  }
  if (unread === 'binary' && language !== 'text') {
    return [{ kind: 'unreadable', message: `${path} is not text, though its name says so.` }];
  }
  if (unread === 'large' && !isData(language)) {
    return [{ kind: 'capped', message: `${path} has ${bytes} bytes and was not read.` }];
  }
  return [];
}

/** Long files of these are data; what could be lost in them is a secret. */
const isData = (language: Language): boolean => language === 'text' || language === 'json' || language === 'yaml';

function largeDataGap(files: readonly ProjectFile[], caps: Caps): readonly Gap[] {
  const large = files.filter(({ path, unread }) => unread === 'large' && isData(languageOf(path)) && !isMedia(path));
  const [first] = large;
  if (!first) return [];
  const what = large.length === 1 ? first.path : `${large.length} data files such as ${first.path}`;
  return [{ kind: 'capped', message: `Not searched for secrets, being larger than ${caps.fileBytes} bytes: ${what}.` }];
}

const isMedia = (path: string): boolean =>
  /\.(png|jpe?g|gif|webp|avif|ico|bmp|tiff?|psd|mp[34]|m4[av]|mov|avi|webm|ogg|wav|flac|pdf|zip|gz|tgz|bz2|xz|7z|rar|jar|woff2?|ttf|otf|eot|wasm|exe|dll|so|dylib|node|bin|docx?|xlsx?|pptx?|sketch|fig|glb|lockb)$/i.test(
    path,
  );

const cappedMessage = (unread: number, bytes: number, caps: Caps): string =>
  bytes > caps.bytes
    ? `${unread} files were not read: the project has more than ${caps.bytes} bytes of text. Audit one of its packages at a time.`
    : `${unread} files were not read: reading took more than ${caps.milliseconds / 1000} seconds. Audit one of its packages at a time.`;

const nothingToRead = (root: string, files: readonly ProjectFile[]): AuditError =>
  files.length === 0
    ? new AuditError(3, `${root} has no files.`, 'Name the folder of the project, or run audit inside it.')
    : new AuditError(
        3,
        `None of the ${files.length} files in ${root} is text that can be read.`,
        'Check the folder and its permissions.',
      );
