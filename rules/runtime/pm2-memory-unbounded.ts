import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

const MIB = 1024 * 1024;

export default defineRule({
  id: 'runtime/pm2-memory-unbounded',
  ensures: 'PM2 restarts a process that takes too much memory.',
  severity: 'medium',
  roles: ['any'],
  cwe: 770,
  why: 'A leak grows until the machine swaps and the kernel kills something, at night and without a log; a restart by PM2 is graceful and shows up in its list.',
  fix: "Set `max_memory_restart: '512M'`, below what the machine or container has.",
  references: ['https://pm2.keymetrics.io/docs/usage/memory-limit/'],
  needs: ['managed'],
  *check({ managed }) {
    for (const { name, setting } of managed.apps) {
      const most = setting('max_memory_restart');
      const bytes = most && !most.dynamic ? bytesOf(most.text) : undefined;
      if (most && bytes !== undefined && managed.limit !== undefined && bytes >= managed.limit)
        yield {
          at: most.at,
          message: `${name} is restarted at ${most.text}, and its container is killed at ${Math.round(managed.limit / MIB)} MiB.`,
        };
    }
    if (managed.limitedOutside) return;
    for (const { name, at, path, setting } of managed.apps) {
      if (!setting('max_memory_restart'))
        yield {
          at,
          message: `${name} may grow without limit.`,
          ...(/dockerfile/i.test(path) && { unsure: 'Where the image runs, its memory may be limited.' }),
        };
    }
  },
  examples: [
    bad('A JSON file', { 'ecosystem.config.json': '{ "apps": [{ "name": «"api"», "script": "server.js" }] }\n' }),
    bad('A module', {
      'ecosystem.config.js':
        "module.exports = { apps: [{ name: «'api'», script: 'server.js', instances: 2, exec_mode: 'cluster' }] };\n",
    }),
    bad('On the command line', {
      'package.json': '{ "name": "a", "scripts": { "start:prod": «"pm2 start dist/main.js --name a"» } }\n',
    }),
    unsure('In an image of which nobody says how it is run', {
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nUSER node\n«CMD ["pm2-runtime", "start", "server.js", "-i", "2"]»\n',
    }),
    good('On the command line, limited; by a file; other commands', {
      'a/Dockerfile': 'FROM node:24-slim\nCMD ["pm2-runtime", "server.js", "--max-memory-restart", "400M"]\n',
      'b/Dockerfile': 'FROM node:24-slim\nCMD ["pm2-runtime", "process.yml"]\n',
      'package.json':
        '{ "name": "a", "scripts": { "start": "pm2 start a.js --max-memory-restart=300M", "prod": "pm2 reload a", "dev": "pm2 start a.js" } }\n',
    }),
    good('Limited', {
      'ecosystem.config.cjs':
        "const limit = '512M';\nmodule.exports = { apps: [{ name: 'api', script: 'server.js', max_memory_restart: limit }] };\n",
      'pm2.yml': 'apps:\n  - name: jobs\n    script: jobs.js\n    max_memory_restart: 300M\n',
    }),
    bad('The container is killed before', {
      'ecosystem.config.js':
        "module.exports = { apps: [{ name: 'api', script: 'server.js', max_memory_restart: «'1G'» }] };\n",
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nCMD ["pm2-runtime", "ecosystem.config.js"]\n',
      'compose.prod.yaml': 'services:\n  api:\n    build: .\n    mem_limit: 512m\n',
    }),
    good('Below the limit of the container', {
      'ecosystem.config.js':
        "module.exports = { apps: [{ name: 'api', script: 'server.js', max_memory_restart: '400M' }] };\n",
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nCMD ["pm2-runtime", "ecosystem.config.js"]\n',
      'compose.prod.yaml': 'services:\n  api:\n    build: .\n    mem_limit: 512m\n',
    }),
    good('Limited by the container', {
      'ecosystem.config.json': '{ "apps": [{ "name": "api", "script": "server.js" }] }\n',
      'compose.yaml': 'services:\n  api:\n    build: .\n    mem_limit: 512m\n',
    }),
  ],
});

/** `512M`, `1G`, or bytes. */
function bytesOf(text: string): number | undefined {
  const [, size, unit = ''] = /^(\d{1,12})([KMG]?)B?$/i.exec(text) ?? [];
  return size === undefined ? undefined : Number(size) * 1024 ** ['', 'K', 'M', 'G'].indexOf(unit.toUpperCase());
}
