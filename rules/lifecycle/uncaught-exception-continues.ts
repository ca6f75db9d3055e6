import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'lifecycle/uncaught-exception-continues',
  ensures: 'After an uncaught error the process ends with a failing exit code.',
  severity: 'high',
  roles: ['service', 'worker'],
  cwe: 755,
  why: `An uncaught error leaves the program in a state nobody thought of: locks held, sockets half open, data half written. A listener that only logs keeps such a process in service, often answering wrongly or never.`,
  fix: `Log, stop accepting, give running requests a few seconds, then \`process.exit(1)\`; let the supervisor start a fresh process. To watch only, use \`uncaughtExceptionMonitor\`.`,
  references: ['https://nodejs.org/api/process.html#warning-using-uncaughtexception-correctly'],
  needs: ['program', 'code', 'servers'],
  *check({ program, code, servers }) {
    for (const { event, call, fn, exits, unseen } of servers.process) {
      if (event !== 'uncaughtException' && event !== 'unhandledRejection') continue;
      const argument = code.argument(call, 0);
      const at = program.locationOf(argument.state === 'given' ? argument.value : call);
      const what = event === 'uncaughtException' ? 'an uncaught exception' : 'an unhandled rejection';
      if (!fn) continue;
      const fns = code.runs(fn);
      if (exits.length > 0) {
        const zero = exits.find((exit) => {
          const code0 = code.argument(exit, 0);
          return code0.state === 'given' && program.constants(code0.value)?.every((each) => each === 0);
        });
        if (zero !== undefined && exits.length === 1) {
          yield {
            at: program.locationOf(zero),
            message: `After ${what} the process reports success: it exits with code 0.`,
            severity: 'medium',
          };
        }
        continue;
      }
      if (fns.some((each) => code.throwsIn(each).some(({ isCaught }) => !isCaught))) continue;
      yield {
        at,
        message: `After ${what} the process goes on in an unknown state: the listener never exits.`,
        ...(unseen.length > 0 && { unsure: 'The listener calls something that could not be followed; it may exit.' }),
      };
    }
  },
  examples: [
    bad('Only logged', {
      'server.js': `
const app = require('express')();
process.on(«'uncaughtException'», (error) => console.error(error));
app.listen(3000);`,
    }),
    bad('Rejections through an own logger', {
      'main.ts': `
import pino from 'pino';
const log = pino();
function report(reason: unknown) { log.error(reason); }
process.on(«'unhandledRejection'», report);`,
    }),
    bad('It exits, but says all is well', {
      'server.js': `
process.on('uncaughtException', (error) => { console.error(error); «process.exit(0)»; });`,
    }),
    unsure('Handed to something that cannot be followed', {
      'server.js': `
const { onCrash } = require('./plugins');
process.on(«'uncaughtException'», (error) => { onCrash(error); });`,
      'plugins.js': `module.exports = { onCrash: globalThis.registry.crash };`,
    }),
    good('Log, drain for a while, exit', {
      'server.js': `
const server = require('express')().listen(3000);
process.on('uncaughtException', (error) => {
  console.error(error);
  server.close(() => process.exit(1));
  setTimeout(() => process.exit(1), 5000).unref();
});
process.on('unhandledRejection', (reason) => { throw reason; });`,
    }),
    good('Only watching', {
      'main.ts': `process.on('uncaughtExceptionMonitor', (error) => console.error(error));`,
    }),
  ],
});
