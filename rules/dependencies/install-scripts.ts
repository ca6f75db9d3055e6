import { bad, defineRule, good } from '../../src/rule/rule.ts';

const lock = (name: string): string =>
  `{ "lockfileVersion": 3, "packages": { "": { "dependencies": { "a": "^1.0.0" } }, ${name}: { "version": "1.0.0", "hasInstallScript": true }, "node_modules/esbuild": { "version": "1.0.0", "hasInstallScript": true } } }\n`;
const MANIFEST = '{ "name": "x", "dependencies": { "a": "^1.0.0" } }\n';

export default defineRule({
  id: 'dependencies/install-scripts',
  ensures: 'Only packages that need it run code when they are installed.',
  severity: 'low',
  roles: ['any'],
  cwe: 829,
  owasp: 'A03',
  why: 'Most attacks through packages run from an install script: on every laptop and in CI, with the tokens that are there, before anybody imports the package.',
  fix: 'Set `ignore-scripts=true` in `.npmrc` and rebuild the few packages that need it by name, or use the list of allowed scripts your package manager has.',
  references: ['https://docs.npmjs.com/cli/v11/using-npm/config#ignore-scripts'],
  needs: ['lockfiles', 'registrySettings'],
  *check({ lockfiles, registrySettings }) {
    for (const { path, folder, packages, locationOf } of lockfiles.all) {
      const isDecided = registrySettings.some((setting) => setting.folder === folder && POLICIES.test(setting.name));
      const running = packages.filter(({ installScript, name }) => installScript && !NATIVES.test(name));
      const [first] = running;
      if (!first || isDecided) continue;
      const names = [...new Set(running.map(({ name }) => name))];
      const listed = `${names.slice(0, 4).join(', ')}${names.length > 4 ? ` and ${names.length - 4} more` : ''}`;
      yield {
        at: locationOf(first),
        confidence: 'likely',
        message: `${listed} in ${path} ${names.length === 1 ? 'runs a script' : 'run scripts'} when installed, and nothing says which may.`,
      };
    }
  },
  examples: [
    bad('A package nobody knows for it', { 'package.json': MANIFEST, 'package-lock.json': lock('«"node_modules/a"»') }),
    good('Scripts are off', {
      'package.json': MANIFEST,
      'package-lock.json': lock('"node_modules/a"'),
      '.npmrc': 'ignore-scripts=true\n',
    }),
    good('Packages that bring programs of their own', {
      'package.json': MANIFEST,
      'package-lock.json': lock('"node_modules/bcrypt"'),
    }),
  ],
});

const POLICIES =
  /^(ignore-scripts|allow-scripts|allowed-scripts|enable-scripts|only-built-dependencies|strict-allow-scripts)$/;

/** They build or fetch a native program, as their documentation says, or only print a line. */
const NATIVES =
  /^(@esbuild\/.*|esbuild|sharp|bcrypt|argon2|@prisma\/.*|prisma|better-sqlite3|sqlite3|node-sass|fsevents|canvas|cypress|puppeteer|playwright.*|electron|@swc\/.*|swc|msgpackr-extract|bufferutil|utf-8-validate|re2|isolated-vm|node-gyp.*|protobufjs|core-js.*|husky|nx|turbo|@nestjs\/core|unrs-resolver|@parcel\/watcher|cpu-features|ssh2|dtrace-provider|keytar|leveldown|libpq|oracledb|snappy|zeromq|@sentry\/.*|@biomejs\/.*|lefthook|workerd|@tensorflow\/.*|onnxruntime-node|grpc|@grpc\/.*|kerberos|mongodb-client-encryption|farmhash|iltorb|microtime|usb|serialport|@serialport\/.*|robotjs|phantomjs.*|gifsicle|mozjpeg|optipng-bin|pngquant-bin|cwebp-bin|jpegtran-bin|deasync|@apollo\/protobufjs|es5-ext)$/;
