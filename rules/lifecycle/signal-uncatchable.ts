import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'lifecycle/signal-uncatchable',
  ensures: 'Only signals that can be caught are listened for.',
  severity: 'high',
  roles: ['service', 'worker', 'cli'],
  why: `SIGKILL and SIGSTOP cannot be caught: \`process.on('SIGKILL')\` throws \`uv_signal_start EINVAL\`, so the process dies at the line that meant to protect it.`,
  fix: `Delete the listener; handle SIGTERM.`,
  references: ['https://nodejs.org/api/process.html#signal-events'],
  needs: ['program', 'code', 'servers'],
  *check({ program, code, servers }) {
    for (const { event, call } of servers.process) {
      if (event !== 'SIGKILL' && event !== 'SIGSTOP') continue;
      const argument = code.argument(call, 0);
      yield {
        at: program.locationOf(argument.state === 'given' ? argument.value : call),
        message: `${event} cannot be caught: this throws as soon as it runs.`,
      };
    }
  },
  examples: [
    bad('Hoping to clean up', {
      'server.js': `
const server = require('express')().listen(3000);
process.on(«'SIGKILL'», () => server.close());`,
    }),
    good('Sending it is another matter', {
      'supervisor.js': `
const { fork } = require('child_process');
const child = fork('./worker.js');
process.on('SIGTERM', () => process.kill(child.pid, 'SIGKILL'));`,
    }),
  ],
});
