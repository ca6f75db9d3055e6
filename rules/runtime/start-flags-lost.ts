import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Options of Node.js without which a program starts differently, and those of them that take a value. */
const COUNTS =
  /^--(max-old-space-size|max-semi-space-size|stack-size|require|import|loader|experimental-loader|max-http-header-size|tls-min-v[\d.]+|icu-data-dir|dns-result-order|experimental-[\w-]+|expose-gc)(=|$)|^-r$/;
const VALUED =
  /^(-r|--require|--import|--loader|--experimental-loader|--env-file|--env-file-if-exists|-C|--conditions|--icu-data-dir|--dns-result-order)$/;
/** Variables that change what Node.js itself does. */
const RUNTIME =
  /^(NODE_OPTIONS|NODE_EXTRA_CA_CERTS|NODE_CONFIG_DIR|NODE_ICU_DATA|UV_THREADPOOL_SIZE|SSL_CERT_(FILE|DIR)|LD_PRELOAD|MALLOC_ARENA_MAX|TZ)$/;
/** Preloads for the machine of a developer. */
const LOCAL = /dotenv|env-cmd|ts-node|tsx|tsconfig-paths|source-map-support|@swc|babel|esbuild|nodemon/;

export default defineRule({
  id: 'runtime/start-flags-lost',
  ensures: 'Images start the program with the options its start script gives it.',
  severity: 'medium',
  roles: ['any'],
  why: 'What the options bring is there wherever the script is used and missing in production alone: no traces, another heap limit, another resolver. Nothing fails at start-up, so nobody notices.',
  fix: 'Give `CMD` the same options, or set them in the image: `ENV NODE_OPTIONS="--import ./tracing.mjs"`.',
  references: ['https://nodejs.org/api/cli.html#node_optionsoptions'],
  needs: ['images'],
  *check({ images }) {
    for (const { start, starts, env, deployed, manifest } of images.production) {
      const command = start?.command;
      if (!start || !command || !manifest || start.packageScript || start.script || starts[0] !== start) continue;
      const inImage = nodeCallOf(command.words);
      const elsewhere = [
        env.get('NODE_OPTIONS')?.value,
        ...command.env.map(({ value }) => value?.text),
        ...deployed.flatMap(({ environment, envFiles }) => [
          ...environment.filter(({ name }) => name === 'NODE_OPTIONS').map(({ value }) => value?.text ?? '$'),
          // what an env_file holds may be the options
          ...(envFiles.length > 0 ? ['$'] : []),
        ]),
      ].join(' ');
      if (!inImage || elsewhere.includes('$')) continue;
      for (const name of ['start:prod', 'start:production', 'prod', 'start']) {
        const script = manifest.scripts.find((each) => each.name === name);
        const call = script?.commands.length === 1 ? nodeCallOf(script.commands[0]?.words ?? []) : undefined;
        if (!script || !call || call.file !== inImage.file) continue;
        const lost = call.options.filter(
          ([option, value]) =>
            COUNTS.test(option) &&
            !LOCAL.test(`${option} ${value}`) &&
            !inImage.options.some(([other]) => nameOf(other) === nameOf(option)) &&
            !elsewhere.includes(value === '' ? nameOf(option) : value),
        );
        const given = new Map([
          ...[...env].map(([variable, { value }]) => [variable, value] as const),
          ...deployed.flatMap(({ environment }) =>
            environment.map((variable) => [variable.name, variable.value?.text ?? '$'] as const),
          ),
        ]);
        const set = assignmentsOf(script.commands[0]).filter(([variable]) => RUNTIME.test(variable));
        const unset = set.filter(([variable, value]) => !given.has(variable) && !LOCAL.test(value));
        const trail = [{ at: script.at, note: 'The script.' }];
        if (lost.length + unset.length > 0)
          yield {
            at: start.at,
            message: `${inImage.file} starts without ${[...lost.map((option) => option.join(' ').trim()), ...unset.map((each) => each.join('='))].join(' and ')}, which the script ${name} gives it.`,
            trail,
          };
        for (const [variable, value] of set) {
          const other = given.get(variable);
          if (variable === 'NODE_OPTIONS' || other === undefined || /[$]/.test(other + value)) continue;
          if (nameIn(other) !== nameIn(value))
            yield {
              at: env.get(variable)?.at ?? start.at,
              severity: 'low',
              message: `${inImage.file} starts with ${variable}=${other}, and by the script ${name} with ${value}.`,
              trail,
            };
        }
        break;
      }
    }
  },
  examples: [
    bad('Tracing is loaded by the script alone', {
      'package.json': '{ "name": "a", "scripts": { "start": "node --import ./tracing.mjs dist/main.js" } }\n',
      Dockerfile: 'FROM node:24-slim\nCOPY . .\n«CMD ["node", "dist/main.js"]»\n',
    }),
    bad('The limit of the heap', {
      'package.json':
        '{ "name": "a", "scripts": { "start": "nodemon server.js", "start:prod": "NODE_ENV=production node --max-old-space-size=700 -r newrelic ./server.js" } }\n',
      Dockerfile:
        'FROM node:24-slim\nCOPY . .\nENTRYPOINT ["tini", "--"]\n«CMD ["node", "-r", "newrelic", "server.js"]»\n',
    }),
    bad('Variables that Node.js reads itself', {
      'a/package.json': '{ "name": "a", "scripts": { "start": "UV_THREADPOOL_SIZE=16 node main.js" } }\n',
      'a/Dockerfile': 'FROM node:24-slim\nCOPY . .\n«CMD ["node", "main.js"]»\n',
      'b/package.json':
        '{ "name": "b", "scripts": { "start": "cross-env NODE_EXTRA_CA_CERTS=certs/all.pem node main.js" } }\n',
      'b/Dockerfile': 'FROM node:24-slim\nENV «NODE_EXTRA_CA_CERTS=/srv/old.pem»\nCOPY . .\nCMD ["node", "main.js"]\n',
    }),
    good('The same file elsewhere, given by the deployment, or of the program', {
      'a/package.json':
        '{ "name": "a", "scripts": { "start": "NODE_EXTRA_CA_CERTS=certs/all.pem UV_THREADPOOL_SIZE=16 PORT=3000 node main.js" } }\n',
      'a/Dockerfile':
        'FROM node:24-slim\nENV NODE_EXTRA_CA_CERTS=/srv/all.pem PORT=8080\nCOPY . .\nCMD ["node", "main.js"]\n',
      'compose.prod.yaml': 'services:\n  a:\n    build: ./a\n    environment: [UV_THREADPOOL_SIZE=16]\n',
    }),
    good('The same, by NODE_OPTIONS, or through the script', {
      'a/package.json': '{ "name": "a", "scripts": { "start": "node --import ./tracing.mjs dist/main.js" } }\n',
      'a/Dockerfile': 'FROM node:24-slim\nCOPY . .\nCMD ["node", "--import=./tracing.mjs", "dist/main.js"]\n',
      'b/package.json': '{ "name": "b", "scripts": { "start": "node --max-old-space-size=700 main.js" } }\n',
      'b/Dockerfile':
        'FROM node:24-slim\nENV NODE_OPTIONS="--max-old-space-size=900"\nCOPY . .\nCMD ["node", "main.js"]\n',
      'c/package.json': '{ "name": "c", "scripts": { "start": "node --expose-gc main.js" } }\n',
      'c/Dockerfile': 'FROM node:24-slim\nCOPY . .\nCMD ["npm", "start"]\n',
    }),
    good('What only developers need, and another program', {
      'a/package.json':
        '{ "name": "a", "scripts": { "start": "node -r dotenv/config --env-file=.env --enable-source-maps main.js" } }\n',
      'a/Dockerfile': 'FROM node:24-slim\nCOPY . .\nCMD ["node", "main.js"]\n',
      'b/package.json': '{ "name": "b", "scripts": { "start": "node --expose-gc web.js" } }\n',
      'b/Dockerfile': 'FROM node:24-slim\nCOPY . .\nCMD ["node", "worker.js"]\n',
    }),
  ],
});

interface Command {
  readonly words: readonly { readonly text: string }[];
  readonly env: readonly { readonly name: string; readonly value?: { readonly text: string } }[];
}

/** `A=b` before a command, and behind cross-env. */
const assignmentsOf = (command: Command | undefined): readonly (readonly [name: string, value: string])[] => [
  ...(command?.env ?? []).map(({ name, value }) => [name, value?.text ?? ''] as const),
  ...(command?.words ?? []).flatMap(({ text }) => {
    const [, name, value] = /^([A-Z_]+)=(.*)$/s.exec(text) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  }),
];

const nameIn = (value: string): string => value.slice(value.lastIndexOf('/') + 1);

type Options = readonly (readonly [option: string, value: string])[];

const nameOf = (option: string): string => {
  const name = option.replace(/=.*/s, '');
  return name === '-r' ? '--require' : name;
};

/** The options and the file of `node [options] file`, also behind assignments and cross-env. */
function nodeCallOf(
  words: readonly { readonly text: string }[],
): { readonly options: Options; readonly file: string } | undefined {
  const texts = words.map(({ text }) => text).filter((text, index) => index > 0 || text !== 'cross-env');
  let at = texts.findIndex((text) => !/^[A-Z_]+=/.test(text));
  if (texts[at] !== 'node') return undefined;
  const options: [string, string][] = [];
  for (at += 1; texts[at]?.startsWith('-'); at += 1) {
    const option = texts[at] ?? '';
    const value = VALUED.test(option) ? (texts[(at += 1)] ?? '') : '';
    options.push([option, value]);
  }
  const file = texts[at]?.replace(/^(\.\/)+/, '').replace(/\.js$/, '');
  return file === undefined ? undefined : { options, file };
}
