import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/layer-waste',
  ensures: 'Layers do not repeat or hide what another layer brought.',
  severity: 'info',
  roles: ['any'],
  why: 'A layer keeps all it ever wrote. What a later one deletes is still in the image, and what it gives another owner is in it twice.',
  fix: 'Give files their owner when they are copied (`COPY --chown=node:node`), and delete in the `RUN` that made them.',
  references: ['https://docs.docker.com/reference/dockerfile/#copy---chown---chmod'],
  needs: ['images'],
  *check({ images }) {
    const seen = new Set<string>();
    for (const { commands, copies, chain, node } of images.production) {
      for (const { program, words, layer, at } of node ? commands : []) {
        if (!chain.includes(layer.stage) || seen.has(`${at.path}:${at.start}`)) continue;
        const before = copies.filter(
          (copy) =>
            chain.includes(copy.layer.stage) &&
            copy.layer.instruction.start < layer.instruction.start &&
            copy.layer.stage === layer.stage,
        );
        const recursive = words.some(({ text }) => /^-\w*R|^--recursive$/.test(text));
        const targets = words
          .slice(1)
          .filter(({ text }) => !text.startsWith('-'))
          .map(({ text }) => text);
        const installed = commands.some(
          ({ manager, layer: other }) =>
            manager &&
            /^(install|ci)$/.test(manager.verb) &&
            !manager.global &&
            other.stage === layer.stage &&
            other !== layer &&
            other.instruction.start < layer.instruction.start,
        );
        const ofApp = targets
          .slice(1)
          .some(
            (path) =>
              path === '.' || `/${path.replace(/^\/+|\/+$/g, '')}` === layer.workdir || path.includes('node_modules'),
          );
        if (program === 'chown' && recursive && ofApp && (installed || before.some(({ broad }) => broad))) {
          seen.add(`${at.path}:${at.start}`);
          yield {
            at,
            message: `chown -R writes everything below ${targets.at(-1) ?? '.'} into the image a second time.`,
          };
        }
        const removed = targets.find((path) =>
          before.some(({ sources }) => sources.some((source) => same(source, path))),
        );
        // files with secrets have rules of their own
        if (program === 'rm' && removed !== undefined && !/npmrc|yarnrc|\.env|\.pem|\.key|id_/.test(removed)) {
          seen.add(`${at.path}:${at.start}`);
          yield { at, message: `${removed} is deleted, and stays in the layer that copied it.` };
        }
      }
    }
  },
  examples: [
    bad('Another owner, after everything is there', {
      Dockerfile:
        'FROM node:24-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci --omit=dev\nCOPY src src\nRUN «chown -R node:node /app»\nUSER node\nCMD ["node", "src/server.js"]\n',
    }),
    bad('Deleted too late', {
      Dockerfile:
        'FROM node:24-slim\nCOPY vendor.tgz package.json ./\nRUN npm ci --omit=dev\nRUN «rm -f vendor.tgz»\nCMD ["node", "server.js"]\n',
    }),
    good('From the start', {
      Dockerfile:
        'FROM node:24-slim\nWORKDIR /app\nRUN chown node:node /app\nUSER node\nCOPY --chown=node:node . .\nRUN npm ci --omit=dev && rm -rf /home/node/.npm\nCMD ["node", "server.js"]\n',
    }),
    good('A folder for data, and a stage that does not ship', {
      Dockerfile:
        'FROM node:24 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN chown -R node:node /app\nFROM node:24-slim\nWORKDIR /app\nCOPY --from=build /app/dist dist\nRUN mkdir -p /data && chown -R node:node /data\nCMD ["node", "dist/server.js"]\n',
    }),
  ],
});

const same = (source: string, path: string): boolean =>
  source !== '.' && source.replace(/^\.?\/+/, '') === path.replace(/^\.?\/+/, '') && path !== '.';
