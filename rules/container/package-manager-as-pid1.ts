import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** npm 9.6.7 to 10.2.x swallow SIGTERM (npm/cli#6547); these Node.js versions bring them. */
const swallowsSignals = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return (major === 18 && minor >= 17 && minor <= 19) || (major === 20 && minor >= 3 && minor <= 11);
};

export default defineRule({
  id: 'container/package-manager-as-pid1',
  ensures: 'Containers start the program, not a package manager that starts it.',
  severity: 'medium',
  control: 'container/signals-lost',
  roles: ['any'],
  why: 'npm and its like put themselves and a shell between the platform and your process: signals arrive late or never, exit codes change, and memory is spent on two more processes.',
  fix: 'Write what the script runs: `CMD ["node", "dist/server.js"]`.',
  references: ['https://github.com/nodejs/docker-node/blob/main/docs/BestPractices.md#cmd'],
  needs: ['images'],
  *check({ images }) {
    const seen = new Set<string>();
    for (const { starts, node, base, job } of images.production) {
      for (const { at, through, packageScript, ...start } of starts) {
        if (!node || job || !through || start.reachesAll || seen.has(`${at.path}:${at.start}`)) continue;
        seen.add(`${at.path}:${at.start}`);
        const version = base.node?.version;
        const swallowed = through === 'npm' && version !== undefined && swallowsSignals(version);
        const comesTo = packageScript ? `, which runs ${packageScript.text}` : '';
        yield {
          at,
          message: swallowed
            ? `${through} is process 1${comesTo}; the npm of Node.js ${version} does not pass SIGTERM on at all.`
            : `${through} is process 1${comesTo}.`,
          ...(swallowed && { severity: 'high' as const }),
        };
      }
    }
  },
  examples: [
    bad('npm start', {
      Dockerfile: 'FROM node:24-slim\n«CMD ["npm", "start"]»\n',
      'package.json': '{ "name": "shop", "scripts": { "start": "node server.js" } }\n',
    }),
    bad('Behind an init it still stands in between', {
      Dockerfile: 'FROM node:24-slim\nENTRYPOINT ["tini", "--"]\n«CMD ["yarn", "start:prod"]»\n',
    }),
    bad('npx', { Dockerfile: 'FROM node:24-slim\n«CMD ["npx", "next", "start"]»\n' }),
    bad('An npm that loses signals', { Dockerfile: 'FROM node:20.5.1-slim\n«CMD ["npm", "run", "start"]»\n' }),
    good('An init that sends signals to all below it', {
      'a/Dockerfile': 'FROM node:24-slim\nENTRYPOINT ["dumb-init", "--"]\nCMD ["npm", "start"]\n',
      'b/Dockerfile': 'FROM node:24-slim\nENTRYPOINT ["tini", "-g", "--"]\nCMD ["yarn", "start"]\n',
    }),
    good('The program itself', { Dockerfile: 'FROM node:24-slim\nCMD ["node", "server.js"]\n' }),
    good('Bun running a file, pm2 running an app', {
      'a/Dockerfile': 'FROM oven/bun:1.2\nCMD ["bun", "run", "src/index.ts"]\n',
      'b/Dockerfile': 'FROM node:24-slim\nCMD ["pm2-runtime", "server.js"]\n',
    }),
    good('For development', { 'Dockerfile.dev': 'FROM node:24\nCMD ["npm", "run", "dev"]\n' }),
  ],
});
