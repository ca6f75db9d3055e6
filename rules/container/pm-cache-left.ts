import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/pm-cache-left',
  ensures: 'Images do not carry the cache of the package manager.',
  severity: 'info',
  roles: ['any'],
  why: 'Every package is in the image twice: in node_modules, and once more as an archive nobody opens again. It is pulled on every node at every deploy.',
  fix: 'Mount it for the install: `RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev`; or clean it in the same `RUN`.',
  references: ['https://docs.docker.com/build/cache/optimize/#use-cache-mounts'],
  needs: ['images'],
  *check({ images }) {
    const seen = new Set<string>();
    for (const { commands, chain, node } of images.production) {
      for (const { manager, layer, at } of node ? commands : []) {
        if (!manager || !chain.includes(layer.stage) || !/^(install|ci|add)$/.test(manager.verb)) continue;
        // bun and pnpm link from their store; npm and yarn copy out of a cache
        if (manager.manager !== 'npm' && manager.manager !== 'yarn') continue;
        const mounted = layer.instruction.flags.some(
          ({ name, options }) => name === 'mount' && /^(cache|tmpfs)$/.test(options['type'] ?? ''),
        );
        const cleaned = commands.some(
          (other) =>
            other.layer === layer &&
            (other.manager?.verb === 'cache' ||
              (other.program === 'rm' &&
                other.words.some(({ text }) => /\.npm|\.cache|\.yarn|yarn-cache|\/tmp/.test(text)))),
        );
        const elsewhere = manager.options.some(({ text }) => /^--(cache|cache-folder)=|^--no-cache$/.test(text));
        if (mounted || cleaned || elsewhere || seen.has(at.path)) continue;
        seen.add(at.path);
        yield { at, message: `The cache of ${manager.manager} stays in the image that ships.` };
      }
    }
  },
  examples: [
    bad('npm', {
      Dockerfile: 'FROM node:24-slim\nCOPY package*.json ./\nRUN «npm ci --omit=dev»\nCMD ["node", "server.js"]\n',
    }),
    bad('yarn, cleaned too late', {
      Dockerfile:
        'FROM node:24-slim\nCOPY . .\nRUN «yarn install --frozen-lockfile --production»\nRUN yarn cache clean\nCMD ["node", "server.js"]\n',
    }),
    good('Mounted, or cleaned in the same layer', {
      'a/Dockerfile':
        'FROM node:24-slim\nCOPY . .\nRUN --mount=type=cache,target=/root/.npm npm ci --omit=dev\nCMD ["node", "server.js"]\n',
      'b/Dockerfile':
        'FROM node:24-slim\nCOPY . .\nRUN npm ci --omit=dev && npm cache clean --force\nCMD ["node", "server.js"]\n',
    }),
    good('In a stage that does not ship, and pnpm', {
      'a/Dockerfile':
        'FROM node:24 AS build\nCOPY . .\nRUN npm ci\nFROM node:24-slim\nCOPY --from=build /app .\nCMD ["node", "server.js"]\n',
      'b/Dockerfile':
        'FROM node:24-slim\nCOPY . .\nRUN pnpm install --prod --frozen-lockfile\nCMD ["node", "server.js"]\n',
    }),
  ],
});
