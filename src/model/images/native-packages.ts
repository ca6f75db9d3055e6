import type { Source } from '../view.ts';
import type { Lockfile } from './lockfile.ts';
import type { ProjectManifest } from './project-manifest.ts';

/** Packages that bring machine code built for one C library, so that a copied `node_modules` may not load on another. */
const NATIVE_PACKAGES: ReadonlySet<string> = new Set([
  'argon2',
  'bcrypt',
  'better-sqlite3',
  'bufferutil',
  'canvas',
  'cpu-features',
  'deasync',
  'farmhash',
  'fsevents',
  'grpc',
  'heapdump',
  'hiredis',
  'iltorb',
  'isolated-vm',
  'kerberos',
  'leveldown',
  'classic-level',
  'libpq',
  'pg-native',
  'libxmljs',
  'libxmljs2',
  'lmdb',
  'memcpy',
  'microtime',
  'mmmagic',
  'node-expat',
  'node-rdkafka',
  'node-sass',
  'nodegit',
  'node-libcurl',
  'node-pty',
  'oracledb',
  're2',
  'robotjs',
  'rocksdb',
  'serialport',
  '@serialport/bindings-cpp',
  'sharp',
  'snappy',
  'sodium-native',
  'sqlite3',
  '@vscode/sqlite3',
  'ssh2',
  'tree-sitter',
  'unix-dgram',
  'usb',
  'utf-8-validate',
  'v8-profiler-next',
  'zeromq',
  'zlib-sync',
  '@prisma/client',
  '@node-rs/argon2',
  '@node-rs/bcrypt',
  '@napi-rs/canvas',
  '@swc/core',
  '@tensorflow/tfjs-node',
  'onnxruntime-node',
  '@journeyapps/sqlcipher',
  'msgpackr-extract',
  'uWebSockets.js',
  '@datadog/pprof',
  'dd-trace',
  'appmetrics',
  'posix',
  'ref-napi',
  'ffi-napi',
  'skia-canvas',
  'gl',
  'cbor-extract',
  'keytar',
  'xxhash',
  '@parcel/watcher',
  'lightningcss',
  'esbuild',
]);

/** Those a production install brings: of the manifest itself, and of what its package-lock.json says comes with them. */
export function nativePackagesOf(
  source: Source,
  manifest: ProjectManifest | undefined,
  lockfiles: readonly Lockfile[],
): readonly string[] {
  const asked = [...(manifest?.dependencies ?? [])].filter((name) => NATIVE_PACKAGES.has(name));
  const paths = new Set(lockfiles.filter(({ manager }) => manager === 'npm').map(({ path }) => path));
  // only this format says which packages are for development; an optional one is done without
  const brought = source
    .facts('lockfile')
    .filter(({ path }) => paths.has(path))
    .flatMap(({ facts }) => facts.packages)
    .filter(({ name, dev, optional }) => !dev && !optional && NATIVE_PACKAGES.has(name) && !TOOLS.has(name))
    .map(({ name }) => name);
  return [...new Set([...asked, ...brought])];
}

/** They build, and are not asked for anything when the program runs. */
const TOOLS: ReadonlySet<string> = new Set(['esbuild', 'lightningcss', '@parcel/watcher', '@swc/core']);
