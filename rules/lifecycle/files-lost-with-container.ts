import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

/** Calls that keep files: where their options stand, the path in them, and what is kept. `''`: the argument itself. */
const KEEPERS: readonly (readonly [api: RegExp, option: string, what: string])[] = [
  [/^multer(\.default)?(\(\))?$/, 'dest', 'Uploads'],
  [/^multer(\.default)?\.diskStorage(\(\))?$/, 'destination', 'Uploads'],
  [
    /^(better-sqlite3|sqlite3\.(cached\.)?Database|sqlite\.DatabaseSync|bun:sqlite\.Database)(\(\))?$/,
    '',
    'The database',
  ],
  [/^sequelize\.Sequelize(\(\))?$/, 'storage', 'The database'],
];

export default defineRule({
  id: 'lifecycle/files-lost-with-container',
  ensures: 'Files that are to stay are written to a volume.',
  severity: 'medium',
  roles: ['service', 'worker'],
  why: 'The file system of a container goes with it: every deploy and every restart on another node starts empty, and of two instances each sees its own files alone.',
  fix: 'Mount a volume where the files are, or keep them in a database or an object store.',
  references: ['https://docs.docker.com/engine/storage/volumes/', 'https://12factor.net/processes'],
  needs: ['program', 'code', 'images'],
  about: {
    what: 'image the program runs in',
    isIn: ({ images }) => images.production.some(({ node }) => node),
  },
  *check({ program, code, images }) {
    for (const [api, option, what] of KEEPERS) {
      for (const call of program.callsTo(api)) {
        const given = option === '' ? code.argument(call, 0) : code.option(call, 0, option);
        const folder = given.state === 'given' ? program.constants(given.value)?.[0] : undefined;
        if (given.state !== 'given' || typeof folder !== 'string' || /^$|:memory:|^\/dev\/|\$/.test(folder)) continue;
        const { path } = program.locationOf(call);
        const holding = images.production.filter(
          ({ node, context, job, development }) =>
            node && !job && !development && (context === '' || path.startsWith(`${context}/`)),
        );
        // one program in several images: which of them writes is not known
        const [image] = holding.length === 1 ? holding : [];
        if (!image) continue;
        const target = absolute(image.workdir, folder);
        const running = image.deployed.filter(({ development }) => !development);
        const isKept =
          volumesOf(image.layers).some((volume) => covers(absolute(image.workdir, volume), target)) ||
          running.some(({ node }) => mountsOf(node).some((mount) => mount.includes('$') || covers(mount, target)));
        const closed = running.find(
          ({ node }) =>
            isReadOnly(node) && !mountsOf(node).some((mount) => mount.includes('$') || covers(mount, target)),
        );
        if (closed)
          yield {
            at: given.at,
            severity: 'high',
            message: `${what} of this program ${what === 'Uploads' ? 'go' : 'goes'} to ${target}, and the file system of ${closed.name} is read-only there.`,
            trail: [{ at: closed.at, note: 'It runs here.' }],
          };
        if (isKept || closed || target.startsWith('/tmp/')) continue;
        yield {
          at: given.at,
          message: `${what} of this program ${what === 'Uploads' ? 'stay' : 'stays'} in ${target} of the container, where no volume is mounted.`,
          ...(running.length === 0 && {
            unsure: 'No file of the project says how the image is run; a volume may be mounted then.',
          }),
          ...(running.length > 0 && !running.some(({ certain }) => certain) && { confidence: 'likely' as const }),
        };
      }
    }
  },
  examples: [
    bad('Uploads beside the code', {
      'app.js': `const multer = require('multer');\nconst app = require('express')();\nconst upload = multer({ «dest: 'uploads/'», limits: { fileSize: 1e6 } });\napp.post('/a', upload.single('a'), (req, res) => res.end());\napp.listen(3000);\n`,
      Dockerfile: 'FROM node:24-slim\nWORKDIR /srv\nCOPY . .\nUSER node\nCMD ["node", "app.js"]\n',
      'compose.prod.yaml':
        'services:\n  api:\n    build: .\n    volumes:\n      - logs:/srv/logs\nvolumes: { logs: {} }\n',
    }),
    bad('A database in a file', {
      'app.ts': `import Database from 'better-sqlite3';\nimport Fastify from 'fastify';\nconst db = new Database(«'./data/app.db'»);\nconst app = Fastify();\napp.get('/', () => db.prepare('select 1').get());\napp.listen({ port: 3000, host: '0.0.0.0' });\n`,
      Dockerfile: 'FROM node:24-slim\nWORKDIR /srv\nCOPY . .\nUSER node\nCMD ["node", "app.ts"]\n',
      'k8s/app.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: app }\nspec:\n  template:\n    spec:\n      containers:\n        - name: app\n          image: acme/app:1\n',
    }),
    good('On a volume, in memory, for a moment', {
      'app.js': `const multer = require('multer');\nconst sqlite3 = require('sqlite3');\nconst app = require('express')();\nconst db = new sqlite3.Database('data/app.db');\nconst scratch = new sqlite3.Database(':memory:');\nconst upload = multer({ dest: '/tmp/uploads', limits: { fileSize: 1e6 } });\napp.post('/a', upload.single('a'), (req, res) => res.end());\napp.listen(3000);\n`,
      Dockerfile: 'FROM node:24-slim\nWORKDIR /srv\nCOPY . .\nUSER node\nCMD ["node", "app.js"]\n',
      'compose.prod.yaml':
        'services:\n  api:\n    build: .\n    volumes:\n      - type: volume\n        source: data\n        target: /srv/data\nvolumes: { data: {} }\n',
    }),
    bad('A file system that cannot be written', {
      'app.js': `const multer = require('multer');\nconst app = require('express')();\napp.post('/a', multer({ «dest: '/tmp/up'», limits: { fileSize: 1e6 } }).single('a'), (req, res) => res.end());\napp.listen(3000);\n`,
      Dockerfile: 'FROM node:24-slim\nWORKDIR /srv\nCOPY . .\nUSER node\nCMD ["node", "app.js"]\n',
      'k8s/app.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: app }\nspec:\n  template:\n    spec:\n      containers:\n        - name: app\n          image: acme/app:1\n          securityContext: { readOnlyRootFilesystem: true }\n',
    }),
    good('A folder of it that can', {
      'app.js': `const multer = require('multer');\nconst app = require('express')();\napp.post('/a', multer({ dest: '/tmp/up', limits: { fileSize: 1e6 } }).single('a'), (req, res) => res.end());\napp.listen(3000);\n`,
      Dockerfile: 'FROM node:24-slim\nWORKDIR /srv\nCOPY . .\nUSER node\nCMD ["node", "app.js"]\n',
      'compose.prod.yaml': 'services:\n  app:\n    build: .\n    read_only: true\n    tmpfs: [/tmp]\n',
    }),
    good('The image declares it', {
      'app.js': `const multer = require('multer');\nconst app = require('express')();\napp.post('/a', multer({ dest: 'files', limits: { fileSize: 1e6 } }).single('a'), (req, res) => res.end());\napp.listen(3000);\n`,
      Dockerfile:
        'FROM node:24-slim\nWORKDIR /srv\nCOPY . .\nVOLUME ["/srv/files"]\nUSER node\nCMD ["node", "app.js"]\n',
    }),
    unsure('Nobody says how it is run', {
      'app.js': `const multer = require('multer');\nconst app = require('express')();\napp.post('/a', multer({ «dest: 'files'», limits: { fileSize: 1e6 } }).single('a'), (req, res) => res.end());\napp.listen(3000);\n`,
      Dockerfile: 'FROM node:24-slim\nWORKDIR /srv\nCOPY . .\nUSER node\nCMD ["node", "app.js"]\n',
    }),
  ],
});

interface Instruction {
  readonly keyword: string;
  readonly words: readonly { readonly text: string }[];
}

const volumesOf = (layers: readonly { readonly instruction: Instruction }[]): readonly string[] =>
  layers.flatMap(({ instruction: { keyword, words } }) => (keyword === 'VOLUME' ? words.map(({ text }) => text) : []));

type Data =
  | { readonly kind: 'map'; readonly entries: readonly { readonly key: string; readonly value: Data }[] }
  | { readonly kind: 'list'; readonly items: readonly Data[] }
  | { readonly kind: 'scalar'; readonly text: string };

/** Where compose (`source:target`, `target:`) and Kubernetes (`mountPath:`) mount something. */
function mountsOf(node: Data): readonly string[] {
  if (node.kind !== 'map') return [];
  const lists = node.entries.filter(({ key }) => key === 'volumes' || key === 'volumeMounts' || key === 'tmpfs');
  return lists
    .flatMap(({ value }) => (value.kind === 'list' ? value.items : [value]))
    .flatMap((item) => {
      if (item.kind === 'scalar') {
        const parts = item.text.split(':');
        return [parts[1] ?? parts[0] ?? ''];
      }
      return item.kind === 'map'
        ? item.entries.flatMap(({ key, value }) =>
            /^(target|mountPath)$/.test(key) && value.kind === 'scalar' ? [value.text] : [],
          )
        : [];
    });
}

/** `read_only` of compose, `readOnlyRootFilesystem` of Kubernetes. */
const isReadOnly = (node: Data): boolean =>
  node.kind === 'map' &&
  node.entries.some(({ key, value }) =>
    /^(read_only|readOnlyRootFilesystem)$/.test(key)
      ? value.kind === 'scalar' && value.text === 'true'
      : key === 'securityContext' && isReadOnly(value),
  );

const covers = (folder: string, path: string): boolean =>
  folder === '/' || `${path}/`.startsWith(`${folder.replace(/\/+$/, '')}/`);

function absolute(workdir: string, path: string): string {
  const segments: string[] = [];
  for (const segment of (path.startsWith('/') ? path : `${workdir}/${path}`).split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}`;
}
