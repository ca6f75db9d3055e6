import { bad, defineRule, good } from '../../src/rule/rule.ts';

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
    if (managed.limitedOutside) return;
    for (const { name, at, setting } of managed.apps) {
      if (!setting('max_memory_restart')) yield { at, message: `${name} may grow without limit.` };
    }
  },
  examples: [
    bad('A JSON file', { 'ecosystem.config.json': '{ "apps": [{ "name": «"api"», "script": "server.js" }] }\n' }),
    bad('A module', {
      'ecosystem.config.js':
        "module.exports = { apps: [{ name: «'api'», script: 'server.js', instances: 2, exec_mode: 'cluster' }] };\n",
    }),
    good('Limited', {
      'ecosystem.config.cjs':
        "const limit = '512M';\nmodule.exports = { apps: [{ name: 'api', script: 'server.js', max_memory_restart: limit }] };\n",
      'pm2.yml': 'apps:\n  - name: jobs\n    script: jobs.js\n    max_memory_restart: 300M\n',
    }),
    good('Limited by the container', {
      'ecosystem.config.json': '{ "apps": [{ "name": "api", "script": "server.js" }] }\n',
      'compose.yaml': 'services:\n  api:\n    build: .\n    mem_limit: 512m\n',
    }),
  ],
});
