import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/deprecated-omit-flag',
  ensures: 'npm is told to leave devDependencies out in its current words.',
  severity: 'info',
  roles: ['any'],
  why: '`--only=production` and `--production` still work, but npm warns about them, and the day they go the image silently ships devDependencies.',
  fix: 'Write `--omit=dev`.',
  references: ['https://docs.npmjs.com/cli/using-npm/config#omit'],
  needs: ['images'],
  *check({ images }) {
    const seen = new Set<string>();
    for (const { built, use } of images.uses) {
      const major = built.base.node?.major;
      // npm 7 came with Node.js 15
      if (use === 'development' || (major !== undefined && major < 15)) continue;
      for (const { manager, layer } of built.commands) {
        if (manager?.manager !== 'npm' || !manager.omitsDev || manager.omitsDev.text.startsWith('--omit')) continue;
        const { start, end, text } = manager.omitsDev;
        const at = { path: layer.stage.path, start, end };
        if (seen.has(`${at.path}:${start}`)) continue;
        seen.add(`${at.path}:${start}`);
        yield { at, message: `${text} is an old spelling of --omit=dev.`, edits: [{ ...at, text: '--omit=dev' }] };
      }
    }
  },
  examples: [
    bad('Old spellings', {
      Dockerfile:
        'FROM node:24 AS build\nRUN npm ci «--only=production»\nFROM node:24-slim\nRUN npm install «--production»\nCMD ["node", "server.js"]\n',
    }),
    good('The current one, and other managers', {
      Dockerfile:
        'FROM node:24-slim\nRUN npm ci --omit=dev\nRUN yarn install --production\nRUN bun install --production\n',
    }),
    good('An npm that knows nothing else', { Dockerfile: 'FROM node:14\nRUN npm ci --only=production\n' }),
  ],
});
