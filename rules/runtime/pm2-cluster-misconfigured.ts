import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'runtime/pm2-cluster-misconfigured',
  ensures: 'Several instances under PM2 share one port as a cluster.',
  severity: 'high',
  roles: ['any'],
  why: 'In fork mode every instance binds the port by itself: all but the first fail and restart for ever. A cluster of npm starts npm several times, not the service.',
  fix: "Set `exec_mode: 'cluster'` and let `script` be the file that listens.",
  references: ['https://pm2.keymetrics.io/docs/usage/cluster-mode/'],
  needs: ['managed'],
  *check({ managed }) {
    for (const { name, setting } of managed.apps) {
      const instances = setting('instances') ?? setting('instance');
      const mode = setting('exec_mode')?.text ?? '';
      const script = setting('script');
      const interpreter = setting('interpreter');
      const cluster = /^cluster(_mode)?$/.test(mode);
      const several = instances !== undefined && !instances.dynamic && instances.text !== '1';
      const worker = /worker|job|queue|cron|consumer/i.test(`${name} ${script?.text ?? ''}`);
      if (several && instances && !cluster && mode === '' && !worker)
        yield {
          at: instances.at,
          message: `${name} has ${instances.text} instances, and the fork mode PM2 takes by itself.`,
        };
      if (cluster && script && /^(npm|yarn|pnpm|npx|bun)$/.test(script.text))
        yield { at: script.at, message: `${name} is a cluster of ${script.text}.` };
      if (cluster && interpreter && !interpreter.dynamic && !/(^|\/)node(@[\d.]+)?$/.test(interpreter.text))
        yield { at: interpreter.at, message: `${name} is a cluster, which ${interpreter.text} cannot be.` };
    }
  },
  examples: [
    bad('Instances without a mode', {
      'ecosystem.config.js': "module.exports = { apps: [{ name: 'api', script: 'server.js', instances: «4» }] };\n",
    }),
    bad('A cluster of npm', {
      'ecosystem.json':
        '{ "apps": [{ "name": "api", "script": «"npm"», "args": "start", "instances": "max", "exec_mode": "cluster" }] }\n',
    }),
    good('A cluster, one process, a worker in fork mode', {
      'ecosystem.config.js':
        "module.exports = { apps: [\n  { name: 'api', script: 'server.js', instances: 'max', exec_mode: 'cluster' },\n  { name: 'web', script: 'npm', args: 'start', instances: 1 },\n  { name: 'jobs', script: 'worker.js', instances: 3, exec_mode: 'fork' },\n] };\n",
    }),
    good('Decided elsewhere', {
      'ecosystem.config.js':
        "module.exports = { apps: [{ name: 'api', script: 'server.js', instances: process.env.WEB_CONCURRENCY || 1 }] };\n",
    }),
  ],
});
