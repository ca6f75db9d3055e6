import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

export type Bytes =
  | { readonly state: 'read'; readonly bytes: Buffer; readonly size: number }
  | { readonly state: 'large'; readonly size: number }
  | { readonly state: 'link' | 'special' | 'unreadable' | 'gone' };

// neither follow a link nor wait for the other end of a pipe; undefined on Windows, which has neither
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

const STATES: ReadonlyMap<string, 'link' | 'special' | 'gone'> = new Map([
  ['ELOOP', 'link'],
  ['ENXIO', 'special'],
  ['ENOENT', 'gone'],
  ['ENOTDIR', 'gone'],
]);

/** Reused for every file: an own piece of memory for each costs more time than reading it. */
let scratch = Buffer.allocUnsafe(256 * 1024);
const MAX_KEPT_BYTES = 4 * 1024 * 1024;

function roomFor(size: number): Buffer {
  if (size <= scratch.length) return scratch;
  const room = Buffer.allocUnsafe(Math.min(size * 2, Math.max(size, MAX_KEPT_BYTES)));
  if (room.length <= MAX_KEPT_BYTES) scratch = room;
  return room;
}

/** The content of a regular file of at most `maxBytes`; the bytes hold until the next call. */
export function bytesOf(file: string, maxBytes: number): Bytes {
  let descriptor: number;
  try {
    descriptor = openSync(file, OPEN_FLAGS);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    return { state: STATES.get(String(code)) ?? 'unreadable' };
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) return { state: 'special' };
    if (stat.size > maxBytes) return { state: 'large', size: stat.size };
    const bytes = roomFor(stat.size);
    let length = 0;
    while (length < stat.size) {
      const read = readSync(descriptor, bytes, length, stat.size - length, length);
      if (read === 0) break;
      length += read;
    }
    return { state: 'read', bytes: bytes.subarray(0, length), size: stat.size };
  } catch {
    return { state: 'unreadable' };
  } finally {
    closeSync(descriptor);
  }
}
