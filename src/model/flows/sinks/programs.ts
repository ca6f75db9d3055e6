import { at, inside } from './argument.ts';
import type { SinkRow } from '../sink.ts';

const RUNNERS = [
  'child_process',
  'cross-spawn',
  'execa',
  'child-process-promise',
  'spawn-async',
  'cross-spawn-promise',
];
const RUN = ['spawn', 'spawnSync', 'execFile', 'execFileSync', '', 'sync', 'execa', 'execaSync', 'execaNode'];
const SHELLS = [
  true,
  '/bin/sh',
  '/bin/bash',
  '/usr/bin/bash',
  'bash',
  'sh',
  'zsh',
  'cmd.exe',
  'powershell.exe',
  'powershell',
];

export const SHELL: readonly SinkRow[] = [
  { sink: 'shell', label: 'shell', from: ['child_process'], calls: ['exec', 'execSync'], args: at(0) },
  {
    sink: 'shell',
    label: 'shell',
    from: ['shelljs', 'node-cmd', 'shell-exec', 'child-process-promise', 'execa', 'child_process_promise', 'promisify-child-process', 'await-exec', 'node-exec-promise', 'exec-sh', 'sudo-prompt', 'node-powershell', 'adm-cmd', 'zx', 'exec-promise', 'npm-run'],
    calls: ['exec', 'run', 'get', 'runSync', '', 'execSync', 'command', 'commandSync', 'execaCommand', 'execaCommandSync', 'invoke', 'asyncExec'],
    through: /^(?!execa$|execa\.(exec|run|get)$|zx$|child-process-promise$)/,
    args: at(0),
  }, // prettier-ignore
  {
    sink: 'shell',
    label: 'shell',
    from: RUNNERS,
    calls: RUN,
    args: [{ index: 1, path: ['*'] }],
    when: { index: 2, path: ['shell'], is: SHELLS },
  },
  {
    sink: 'shell',
    label: 'shell',
    from: RUNNERS,
    calls: RUN,
    args: [{ index: 1, path: ['*'] }],
    when: {
      index: 0,
      is: [
        'sh',
        'bash',
        '/bin/sh',
        '/bin/bash',
        'zsh',
        'cmd',
        'cmd.exe',
        'powershell',
        'powershell.exe',
        '/usr/bin/env bash',
      ],
    },
  },
  ...[1, 2].map((index): SinkRow => ({
    sink: 'shell',
    label: 'shell',
    from: RUNNERS,
    calls: RUN,
    args: at(0),
    when: { index, path: ['shell'], is: SHELLS },
  })),
  {
    sink: 'program',
    label: 'shell',
    from: RUNNERS,
    calls: [...RUN, 'fork'],
    args: at(0),
    unless: { has: 'shell' },
  },
  {
    sink: 'shell',
    label: 'shell',
    from: ['ssh2', 'node-ssh', 'simple-ssh', 'ssh2-promise'],
    calls: ['exec', 'execCommand', 'shell'],
    args: at(0),
  },
];

export const CODE: readonly SinkRow[] = [
  {
    sink: 'code',
    label: 'code',
    from: ['eval', 'Function', 'AsyncFunction', 'GeneratorFunction'],
    calls: [''],
    through: /^\w+$/,
    args: at('all'),
  },
  {
    sink: 'code',
    label: 'code',
    from: ['vm', 'vm2', 'sandbox', 'isolated-vm', 'notevil', 'safe-eval', 'static-eval', 'eval', 'node-eval', 'safer-eval', 'require-from-string', 'module', 'eval5', 'interpreter', 'saferphore', 'jailed'],
    calls: ['runInContext', 'runInNewContext', 'runInThisContext', 'Script', 'SourceTextModule', 'compileFunction', 'run', '', 'eval', 'compileScript', '_compile', 'evaluate'],
    through: /^(?!vm$|vm2$|isolated-vm$|module$)/,
    args: at(0),
  }, // prettier-ignore
  { sink: 'code', label: 'code', from: ['mathjs', 'expr-eval', 'jsonpath-plus', 'math-expression-evaluator', 'filtrex', 'hot-formula-parser'], calls: ['eval', 'evaluate', 'parse', 'compile', 'JSONPath', 'Parser.evaluate', 'compileExpression'], args: at(0) }, // prettier-ignore
  {
    sink: 'code',
    label: 'code',
    from: ['puppeteer', 'playwright', 'puppeteer-core', 'playwright-core', '@playwright/test'],
    calls: ['evaluate', 'evaluateOnNewDocument', 'addInitScript', 'evaluateHandle', 'waitForFunction', '$eval'],
    args: at(0),
  },
  { sink: 'code', label: 'code', from: ['worker_threads'], calls: ['Worker'], args: at(0), when: { index: 1, path: ['eval'], is: [true] } }, // prettier-ignore
  // Object.getPrototypeOf(async function () {}).constructor
  { sink: 'code', label: 'code', from: ['Object'], calls: ['constructor'], through: /^Object\.getPrototypeOf\(\)\.constructor$/, args: at('all') }, // prettier-ignore
  {
    sink: 'code',
    label: 'code',
    from: ['setTimeout', 'setInterval', 'setImmediate'],
    calls: [''],
    args: at(0),
    notHandedOn: true,
  },
];

const FS_ONE = [
  'readFile', 'readFileSync', 'writeFile', 'writeFileSync', 'appendFile', 'appendFileSync', 'createReadStream', 'createWriteStream', 'unlink', 'unlinkSync',
  'rm', 'rmSync', 'rmdir', 'rmdirSync', 'mkdir', 'mkdirSync', 'readdir', 'readdirSync', 'open', 'openSync', 'opendir', 'truncate', 'truncateSync',
  'chmod', 'chmodSync', 'chown', 'cp', 'cpSync', 'remove', 'removeSync', 'emptyDir', 'ensureDir', 'ensureDirSync', 'ensureFile', 'outputFile', 'outputFileSync',
  'outputJson', 'readJson', 'readJSON', 'readJsonSync', 'writeJson', 'writeJSON', 'copy', 'move', 'mkdirp', 'mkdirs', 'readlink', 'lstat', 'stat', 'statSync',
]; // prettier-ignore
const FS_TWO = ['rename', 'renameSync', 'copyFile', 'copyFileSync', 'link', 'linkSync', 'symlink', 'symlinkSync', 'copy', 'copySync', 'move', 'moveSync', 'cp', 'cpSync']; // prettier-ignore
const FS = ['fs', 'fs-extra', 'graceful-fs', 'mz/fs', '@nestjs/common.fs', 'memfs', 'pn/fs', 'fs-jetpack'];

export const PATH: readonly SinkRow[] = [
  { sink: 'path', label: 'path', from: FS, calls: FS_ONE.filter((name) => !/^l?stat/.test(name)), args: at(0) },
  { sink: 'path', label: 'path', from: FS, calls: FS_TWO, args: at(0, 1) },
  { sink: 'path', label: 'path', from: ['rimraf', 'del', 'mkdirp', 'make-dir', 'load-json-file', 'write-json-file', 'jsonfile', 'trash', 'tail', 'line-reader'], calls: ['', 'sync', 'rimraf', 'readFile', 'writeFile', 'readFileSync', 'deleteAsync', 'eachLine', 'mkdirp'], args: at(0) }, // prettier-ignore
  {
    sink: 'path',
    label: 'path',
    on: ['express-response'],
    calls: ['sendFile', 'sendfile'],
    args: at(0),
    unless: { index: 1, has: 'root' },
  },
  { sink: 'path', label: 'path', on: ['express-response'], calls: ['download'], args: at(0) },
  { sink: 'path', label: 'path', on: ['express-request', 'fastify-request'], below: true, calls: ['mv'], args: at(0) },
  { sink: 'path', label: 'path', calls: ['mv'], args: at(0), receiver: /file|upload|image|avatar|photo|picture/i },
  {
    sink: 'path',
    label: 'path',
    on: ['hapi-toolkit'],
    calls: ['file'],
    args: at(0),
    when: { index: 1, path: ['confine'], is: [false] },
  },
  { sink: 'path', label: 'path', from: ['node-stream-zip'], calls: ['extract'], args: at(1) },
  { sink: 'path', label: 'path', from: ['archiver'], calls: ['file', 'directory'], args: at(0) },
  { sink: 'path', label: 'path', from: ['adm-zip'], calls: ['addLocalFile', 'addLocalFolder', ''], args: at(0), through: /addLocal|\(\)$/ }, // prettier-ignore
  { sink: 'path', label: 'path', from: ['ejs', 'pug', 'jade'], calls: ['renderFile', 'compileFile'], args: at(0) },
  { sink: 'path', label: 'path', from: ['Bun'], calls: ['file', 'write'], args: at(0) },
  { sink: 'path', label: 'path', from: ['Deno'], calls: ['readTextFile', 'readFile', 'open', 'remove', 'writeFile', 'writeTextFile'], args: at(0) }, // prettier-ignore
  {
    sink: 'path',
    label: 'path',
    from: ['koa-send', 'send'],
    calls: [''],
    args: at(1),
    unless: { index: 2, has: 'root' },
  },
];

export const TEMPLATES: readonly SinkRow[] = [
  {
    sink: 'template',
    label: 'template',
    from: ['ejs', 'pug', 'jade', 'handlebars', 'hbs', 'nunjucks', 'lodash', 'underscore', 'dot', 'eta', 'squirrelly', 'art-template', 'swig', 'swig-templates', 'twig', 'liquidjs', 'dustjs-linkedin', 'hogan.js', 'velocityjs', 'mustache', 'lodash.template', 'doT', 'ect', 'haml', 'hamljs', 'whiskers', 'just', 'marko', 'mote'],
    calls: ['render', 'compile', 'template', 'renderString', 'renderStringAsync', 'parseAndRender', 'parse', 'renderAsync', '', 'precompile', 'fromString', 'compileClient', 'twig', 'parseAndRenderSync', 'Template'],
    through: /^(?!(lodash|underscore|hbs|dot|nunjucks|ejs|pug|handlebars)$|(lodash|underscore)\.(render|compile|parse)|nunjucks\.(.*\.)?(render|parse)$|liquidjs\.parse$)/,
    args: inside(0, '', 'data'),
  }, // prettier-ignore
];
