import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/os-package-hygiene',
  ensures: 'System packages are installed without leaving lists and recommendations behind.',
  severity: 'low',
  roles: ['any'],
  why: 'Package lists and recommended packages make the image larger and bring CVEs of programs nobody asked for; an update in a layer of its own is cached, and installs old versions later.',
  fix: '`RUN apt-get update && apt-get install -y --no-install-recommends … && rm -rf /var/lib/apt/lists/*`; `apk add --no-cache …`.',
  references: ['https://docs.docker.com/build/building/best-practices/#apt-get'],
  needs: ['images'],
  *check({ images }) {
    const seen = new Set<string>();
    for (const { commands, base } of images.production) {
      if (base.family === 'server') continue;
      const faults: { message: string; at: (typeof commands)[number]['at'] }[] = [];
      for (const { program, words, layer, at } of commands) {
        const texts = words.map(({ text }) => text);
        const mounted = layer.instruction.flags.some(
          ({ name, options }) => name === 'mount' && options['type'] === 'cache',
        );
        const inLayer = commands.filter((other) => other.layer === layer);
        const installs = texts.includes('install') || texts.includes('add');
        if (
          program === 'apk' &&
          texts.includes('add') &&
          !texts.includes('--no-cache') &&
          !mounted &&
          !inLayer.some((other) => other.program === 'rm')
        )
          faults.push({ at, message: 'the package index stays (--no-cache)' });
        if (!/^(apt|apt-get)$/.test(program)) continue;
        if (installs && !texts.includes('--no-install-recommends'))
          faults.push({ at, message: 'recommended packages come along (--no-install-recommends)' });
        if (
          installs &&
          !mounted &&
          !inLayer.some(
            (other) => other.program === 'rm' && other.words.some(({ text }) => text.includes('/var/lib/apt')),
          )
        )
          faults.push({ at, message: 'the package lists stay (rm -rf /var/lib/apt/lists/*)' });
        if (
          texts.includes('update') &&
          !inLayer.some(
            (other) => /^(apt|apt-get)$/.test(other.program) && other.words.some(({ text }) => text === 'install'),
          )
        )
          faults.push({ at, message: 'the update is cached apart from the install' });
      }
      const [first] = faults;
      if (!first || seen.has(`${first.at.path}:${first.at.start}`)) continue;
      seen.add(`${first.at.path}:${first.at.start}`);
      const all = [...new Set(faults.map(({ message }) => message))];
      yield { at: first.at, message: `In the image that ships ${all.join('; ')}.` };
    }
  },
  examples: [
    bad('Everything at once, told once', {
      Dockerfile:
        'FROM node:24-slim\nRUN «apt-get update»\nRUN apt-get install -y curl\nRUN apt-get install -y tini\nCMD ["node", "server.js"]\n',
    }),
    bad('apk with its index', { Dockerfile: 'FROM node:24-alpine\nRUN «apk add tini»\nCMD ["node", "server.js"]\n' }),
    good('Clean', {
      'a/Dockerfile':
        'FROM node:24-slim\nRUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*\nCMD ["node", "server.js"]\n',
      'b/Dockerfile': 'FROM node:24-alpine\nRUN apk add --no-cache tini\nCMD ["node", "server.js"]\n',
      'c/Dockerfile':
        'FROM node:24-slim\nRUN --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y --no-install-recommends tini\nCMD ["node", "server.js"]\n',
    }),
    good('In the builder', {
      Dockerfile:
        'FROM node:24 AS build\nRUN apt-get update && apt-get install -y python3\nFROM node:24-slim\nCOPY --from=build /app .\nCMD ["node", "server.js"]\n',
    }),
  ],
});
