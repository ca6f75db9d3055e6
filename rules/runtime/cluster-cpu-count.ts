import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'runtime/cluster-cpu-count',
  ensures: 'As many workers start as the process may use cores.',
  severity: 'low',
  roles: ['service', 'worker'],
  cwe: 400,
  why: `\`os.cpus()\` counts the cores of the host. In a container limited to two cores on a machine of 64 that makes 64 workers: they fight for two cores and multiply memory and database connections by 64.`,
  fix: `Use \`os.availableParallelism()\` (it knows the limit of the container from Node.js 22.10 on), or set the number by configuration; under an orchestrator prefer replicas.`,
  references: ['https://nodejs.org/api/os.html#osavailableparallelism'],
  needs: ['program'],
  about: { what: 'cluster of workers', isIn: ({ program }) => program.callsTo('cluster.fork').length > 0 },
  *check({ program }) {
    const forks = program.callsTo('cluster.fork');
    for (const call of program.callsTo('os.cpus')) {
      const fork = forks.find((each) => program.moduleOf(each) === program.moduleOf(call));
      if (fork === undefined) continue;
      yield {
        at: program.locationOf(call),
        message: 'The number of workers follows the cores of the host, not those the container may use.',
        trail: [{ at: program.locationOf(fork), note: 'The workers are started here.' }],
      };
    }
    for (const node of program.nodesOf('member')) {
      const value = program.valueOf(node);
      if (value.kind !== 'member' || !/^(isMaster|setupMaster)$/.test(value.property ?? '')) continue;
      if (!program.apis(node).some((api) => api === 'cluster.isMaster' || api === 'cluster.setupMaster')) continue;
      yield {
        at: program.locationOf(node),
        message: `\`${program.describe(node)}\` is deprecated since Node.js 16; it is called \`${value.property === 'isMaster' ? 'isPrimary' : 'setupPrimary'}\` now.`,
      };
    }
  },
  examples: [
    bad('One worker for each core of the host', {
      'server.js': `
const cluster = require('cluster');
const os = require('os');
if (cluster.isPrimary) {
  for (let i = 0; i < «os.cpus()».length; i++) cluster.fork();
} else require('./app');`,
    }),
    bad('The old names', {
      'server.ts': `
import cluster from 'node:cluster';
import { cpus } from 'node:os';
const count = «cpus()».length;
if («cluster.isMaster») for (let i = 0; i < count; i += 1) cluster.fork();`,
    }),
    good('What the process may use, or what the configuration says', {
      'server.js': `
const cluster = require('cluster');
const os = require('os');
const workers = Number(process.env.WEB_CONCURRENCY) || os.availableParallelism();
if (cluster.isPrimary) for (let i = 0; i < workers; i++) cluster.fork();`,
    }),
    good('Counting cores for something else', {
      'metrics.js': `
const os = require('os');
exports.load = () => os.loadavg()[0] / os.cpus().length;`,
    }),
  ],
});
