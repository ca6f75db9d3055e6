import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

/** Commands of RUN that bring no file of the program. */
const HARMLESS =
  /^(mkdir|chown|chmod|apk|apt-get|apt|adduser|addgroup|useradd|groupadd|rm|set|corepack|cd|echo|export)$/;
const INSTALL = /^(install|i|ci|prune|cache|config|set|add)$/;
const EXTENSION = /\.[mc]?[jt]sx?$/;
/** What is generated, or comes with a dependency. */
const GENERATED =
  /(^|\/)(node_modules|dist|build|built|lib|out|output|\.\w[^/]*|compiled|production|bundle)(\/|$)|\$|\*/;
/** Modules that are not the program. */
const ASIDE = /(^|\/)(tests?|__tests__|specs?|scripts|tools|\.\w[^/]*)\/|\.(test|spec|config)\.\w+$/;
const VALUED =
  /^(-r|--require|--import|--loader|--experimental-loader|--env-file|--env-file-if-exists|-C|--conditions|-e|-p|--eval|--print)$/;

export default defineRule({
  id: 'lifecycle/start-target-missing',
  ensures: 'What the image starts is in it.',
  severity: 'high',
  roles: ['any'],
  why: 'Node.js ends at once with "Cannot find module", at every start: the next deployment never comes up.',
  fix: 'Name the file, or the script, that is there.',
  references: ['https://docs.docker.com/reference/dockerfile/#cmd'],
  needs: ['images'],
  *check({ images }) {
    for (const image of images.production) {
      const { node, base, copies, commands, start, deployed, contextFiles, manifest } = image;
      if (!node || base.family !== 'node' || !start || start.script) continue;
      if (copies.length === 0 || copies.some(({ keyword }) => keyword === 'ADD')) continue;
      const mounted = deployed.some(
        (place) =>
          place.node.kind !== 'map' ||
          place.node.entries.some(({ key }) => /^volume|^develop$|^working_?dir$/i.test(key)),
      );
      const fetches = commands.some(({ command }) => bringsFiles(command));
      const nowhere = mounted || fetches ? undefined : fileNoCopyBrings(image.workdir, start.command?.words, copies);
      if (nowhere !== undefined) {
        yield { at: start.at, message: `${nowhere} is started, and no COPY of this image brings it.` };
        continue;
      }
      if (copies.some(({ from }) => from !== undefined)) continue;
      const packages = contextFiles.filter(({ path }) => /(^|\/)package\.json$/.test(path));
      // a Dockerfile that came without the program says nothing of what is missing in it
      const isWhole = contextFiles.some(({ path }) => EXTENSION.test(path) && !ASIDE.test(path));
      if (mounted || fetches || packages.length !== 1 || !manifest || !isWhole) continue;
      const hooks = manifest.scripts.some(
        ({ name }) => /^(pre|post)?(install|prepare|start)$/.test(name) && name !== 'start',
      );
      if (hooks) continue;
      const builds = manifest.scripts.some(({ name }) => /build|compile|bundle/.test(name));
      const stems = new Set(contextFiles.map(({ path }) => stemOf(path)));
      const file = fileOf(start.command?.words.map(({ text }) => text) ?? []);
      const inScript = start.packageScript
        ? fileOf(start.commands.at(-1)?.words.map(({ text }) => text) ?? [])
        : undefined;
      const missing = [file, inScript].find((each) => each !== undefined && !stems.has(stemOf(each)));
      if (missing === undefined) continue;
      yield {
        at: start.at,
        message: `${missing} is started, and no file of the project has this name.`,
        ...(builds && { unsure: 'A script of package.json builds something, and may have been run before.' }),
      };
    }
  },
  examples: [
    bad('Renamed', {
      'src/main.js': "require('http').createServer().listen(3000);\n",
      'package.json': '{ "name": "a", "dependencies": {} }\n',
      Dockerfile: 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\n«CMD ["node", "src/server.js"]»\n',
    }),
    bad('Through a script', {
      'index.mjs': "import http from 'node:http';\nhttp.createServer().listen(3000);\n",
      'package.json': '{ "name": "a", "scripts": { "start": "node --enable-source-maps app.mjs" } }\n',
      Dockerfile: 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\n«CMD ["npm", "start"]»\n',
    }),
    bad('Built into another folder than the one that is started', {
      'src/main.ts': 'listen();\n',
      'package.json': '{ "name": "a", "scripts": { "build": "tsc" } }\n',
      Dockerfile:
        'FROM node:24 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nFROM node:24-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci --omit=dev\nCOPY --from=build /app/dist ./dist\n«CMD ["node", "build/main.js"]»\n',
    }),
    good('In a folder that is copied, under another name, or beside it', {
      'package.json': '{ "name": "a", "scripts": { "build": "tsc" } }\n',
      'a/Dockerfile':
        'FROM node:24 AS build\nRUN make\nFROM node:24-slim\nWORKDIR /app\nCOPY --from=build /src/out/. .\nCMD ["node", "build/main.js"]\n',
      'b/Dockerfile':
        'FROM node:24 AS build\nRUN make\nFROM node:24-slim\nWORKDIR /srv\nCOPY --from=build /src/out/server.cjs app/main.cjs\nCMD ["node", "app/main"]\n',
      'c/Dockerfile':
        'FROM node:24 AS build\nRUN make\nFROM node:24-slim\nWORKDIR /srv/app\nCOPY --from=build /src/out /srv\nCMD ["node", "main.js"]\n',
    }),
    good('It is there, compiled from something that is there, or built', {
      'a/server.js': 'listen();\n',
      'a/package.json': '{ "name": "a" }\n',
      'a/Dockerfile': 'FROM node:24-slim\nCOPY . .\nCMD ["node", "server"]\n',
      'b/main.ts': 'listen();\n',
      'b/package.json': '{ "name": "b" }\n',
      'b/Dockerfile': 'FROM node:24-slim\nCOPY . .\nCMD ["node", "dist/main.js"]\n',
      'c/src/main.ts': 'listen();\n',
      'c/package.json': '{ "name": "c", "scripts": { "build": "esbuild src/main.ts --outfile=bundle.js" } }\n',
      'c/Dockerfile': 'FROM node:24-slim\nCOPY . .\nRUN npm ci && npm run build\nCMD ["node", "bundle.js"]\n',
    }),
    good('From another stage, mounted, or fetched', {
      'a/package.json': '{ "name": "a" }\n',
      'a/Dockerfile':
        'FROM acme/tools AS made\nFROM node:24-slim\nCOPY --from=made /srv /srv\nCMD ["node", "/srv/app.js"]\n',
      'b/package.json': '{ "name": "b" }\n',
      'b/Dockerfile': 'FROM node:24-slim\nCOPY . .\nRUN git clone https://example.org/x .\nCMD ["node", "x.js"]\n',
    }),
    good('Without the program', {
      'package.json': '{ "name": "a", "scripts": { "start": "node server.js" } }\n',
      'test/server.test.js': "require('../server.js');\n",
      Dockerfile: 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["npm", "start"]\n',
    }),
    unsure('It may have been built before', {
      'src/main.ts': 'listen();\n',
      'package.json': '{ "name": "a", "scripts": { "build": "esbuild src/main.ts --outfile=server.js" } }\n',
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nRUN npm ci\n«CMD ["node", "server.js"]»\n',
    }),
  ],
});

type Words = readonly { readonly text: string }[];

/** Whether a command of RUN may bring files of the program. */
function bringsFiles({ words }: { readonly words: Words }): boolean {
  const [program = '', verb = ''] = words.map(({ text }) => text);
  return !HARMLESS.test(program) && !(/^(npm|yarn|pnpm)$/.test(program) && (verb === '' || INSTALL.test(verb)));
}

interface Copied {
  readonly layer: { readonly workdir: string };
  readonly sources: readonly string[];
  readonly destination: string;
}

/** The file that is started, where it is in no folder that a copy fills and is no file that one brings. */
function fileNoCopyBrings(workdir: string, words: Words = [], copies: readonly Copied[]): string | undefined {
  const file = nodeFileOf(words.map(({ text }) => text));
  if (file === undefined || /[$*]|node_modules/.test(file)) return undefined;
  const target = absolute(workdir, file).replace(EXTENSION, '');
  const isBrought = copies.some(({ layer, sources, destination }) => {
    const into = absolute(layer.workdir, destination);
    if (/[$*]/.test(destination) || into.replace(EXTENSION, '') === target || sources.length === 0) return true;
    return sources.some((source) => {
      const name = source.slice(source.replace(/\/+$/, '').lastIndexOf('/') + 1);
      // what has an extension is one file; anything else may be a folder
      if (!/^[^.].*\.\w+$/.test(name)) return into === '/' || target.startsWith(`${into}/`);
      const beside = target.slice(0, target.lastIndexOf('/'));
      return name.includes('*') ? beside === into : absolute(into, name).replace(EXTENSION, '') === target;
    });
  });
  return isBrought ? undefined : file;
}

/** A path of the image, from its root. */
function absolute(workdir: string, path: string): string {
  const segments: string[] = [];
  for (const segment of (path.startsWith('/') ? path : `${workdir}/${path}`).split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  return `/${segments.join('/')}`;
}

/** `src/server.js` → `server` */
const stemOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(EXTENSION, '');

/** The file that `node [options] file` starts, where it may be one of the project. */
function fileOf(words: readonly string[]): string | undefined {
  const file = nodeFileOf(words);
  return file === undefined || GENERATED.test(file.replace(/^(\.\/)+/, '')) || !EXTENSION.test(file) ? undefined : file;
}

function nodeFileOf(words: readonly string[]): string | undefined {
  if (words[0] !== 'node') return undefined;
  let at = 1;
  while (words[at]?.startsWith('-')) {
    if (/^(-e|-p|--eval|--print|--run|--test)/.test(words[at] ?? '')) return undefined;
    at += VALUED.test(words[at] ?? '') ? 2 : 1;
  }
  return words[at];
}
