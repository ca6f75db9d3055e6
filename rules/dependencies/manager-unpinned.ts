import { bad, defineRule, good } from '../../src/rule/rule.ts';

const PACKAGE = '{ "name": "a", "dependencies": { "ms": "2.1.3" } }\n';

export default defineRule({
  id: 'dependencies/manager-unpinned',
  ensures: 'Corepack installs the version of the package manager the project means.',
  severity: 'low',
  roles: ['any'],
  cwe: 1357,
  owasp: 'A03',
  why: 'Without a version, Corepack takes the one it knows or the newest there is: the same commit installs by other rules next month, and a new major refuses the lockfile.',
  fix: 'Write it into package.json, with its hash: `corepack use pnpm@10`.',
  references: ['https://nodejs.org/api/packages.html#packagemanager', 'https://github.com/nodejs/corepack'],
  needs: ['images', 'manifests'],
  *check({ images, manifests }) {
    const said = new Set<string>();
    for (const { commands, installs, manifest, development } of images.shipped) {
      const enables = commands.find(
        ({ command: { words } }) => words[0]?.text === 'corepack' && words[1]?.text === 'enable',
      );
      const used = installs.find(({ manager }) => /^(pnpm|yarn)$/.test(manager.manager));
      const isPinned =
        manifest?.packageManager !== undefined ||
        manifests.all.some(
          ({ packageManager, node }) => packageManager ?? node.entries.some(({ key }) => key === 'devEngines'),
        ) ||
        commands.some(({ command: { words } }) =>
          words.some(({ text }) => /^(pnpm|yarn)@|^(prepare|use|install)$/.test(text) && words[0]?.text === 'corepack'),
        );
      if (!enables || !used || !manifest || isPinned || development) continue;
      if (said.has(`${enables.at.path} ${enables.at.start}`)) continue;
      said.add(`${enables.at.path} ${enables.at.start}`);
      yield {
        at: enables.at,
        message: `Corepack chooses the version of ${used.manager.manager}: ${manifest.path} names none.`,
      };
    }
  },
  examples: [
    bad('pnpm', {
      Dockerfile:
        'FROM node:24-slim\nRUN «corepack enable»\nCOPY . .\nRUN pnpm install --prod --frozen-lockfile\nCMD ["node", "a.js"]\n',
      'package.json': PACKAGE,
    }),
    bad('Yarn, in one line', {
      Dockerfile:
        'FROM node:24-slim\nCOPY . .\nRUN «corepack enable» && yarn install --immutable\nCMD ["node", "a.js"]\n',
      'package.json': PACKAGE,
    }),
    good('Named by the project, or there', {
      'a/Dockerfile':
        'FROM node:24-slim\nRUN corepack enable\nCOPY . .\nRUN pnpm install --prod\nCMD ["node", "a.js"]\n',
      'a/package.json': '{ "name": "a", "packageManager": "pnpm@10.4.1" }\n',
    }),
    good('Prepared by version; npm, which comes along', {
      'a/Dockerfile':
        'FROM node:24-slim\nRUN corepack enable && corepack prepare pnpm@10.4.1 --activate\nCOPY . .\nRUN pnpm install --prod\nCMD ["node", "a.js"]\n',
      'a/package.json': PACKAGE,
      'b/Dockerfile': 'FROM node:24-slim\nRUN corepack enable\nCOPY . .\nRUN npm ci --omit=dev\nCMD ["node", "a.js"]\n',
      'b/package.json': PACKAGE,
    }),
  ],
});
