import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Calls that connect to what the service cannot work without. */
const CONNECTS =
  /^(mongoose\.(connect|createConnection)|mongodb\.MongoClient(\(\))?\.connect|sequelize(\.Sequelize)?\(\)\.(authenticate|sync)|typeorm\.(DataSource\(\)\.initialize|createConnection)|@prisma\/client\.PrismaClient\(\)\.\$connect|amqplib\.connect|pg\.(Pool|Client)\(\)\.connect|knex\(\)\.migrate\.latest|mssql\.connect)$/;

export default defineRule({
  id: 'lifecycle/startup-failure-swallowed',
  ensures: 'A service that cannot start stops with a failing exit code.',
  severity: 'high',
  roles: ['service', 'worker'],
  cwe: 391,
  why: `A failed start that is only logged leaves either a process that ends with code 0, which no supervisor restarts, or one that runs without its database and answers every request with an error while its health looks fine.`,
  fix: `In the \`catch\`: log, then \`process.exit(1)\` (or set \`process.exitCode = 1\` and rethrow). Retry with a delay first, if the dependency may come late.`,
  references: ['https://nodejs.org/api/process.html#processexitcode_1'],
  needs: ['program', 'code', 'handlers', 'servers'],
  *check({ program, code, handlers, servers }) {
    const listens = new Set(servers.listens.map(({ call }) => call));
    /** What a call starts, if it is something the service cannot do without. */
    const startOf = (call: number): number | undefined => {
      if (code.apiOf(call).some((api) => CONNECTS.test(api))) return call;
      for (const fn of program.callees(call)) {
        for (const each of code.runs(fn)) {
          const found = code
            .callsIn(each)
            .find((inner) => listens.has(inner) || code.apiOf(inner).some((api) => CONNECTS.test(api)));
          if (found !== undefined && !code.isCaught(found)) return found;
        }
      }
      return undefined;
    };
    const endsOrRetries = (calls: readonly number[], fns: readonly { readonly node: number }[]): boolean =>
      calls.some((call) => {
        const apis = code.apiOf(call);
        if (apis.some((api) => /^(process\.(exit|abort|kill)|setTimeout|setInterval|Promise\.reject)$/.test(api)))
          return true;
        const value = program.valueOf(call);
        const callee = value.kind === 'call' ? program.valueOf(program.child(call, value.callee)) : undefined;
        if (
          callee?.kind === 'member' &&
          /^(exit|close|destroy|retry|next|reject|captureException)$/.test(callee.property ?? '')
        )
          return true;
        if (apis.length === 0 && program.callees(call).length === 0 && callee?.kind !== 'member') return true;
        return program.callees(call).some((callee2) => fns.some(({ node }) => node === callee2.node));
      });
    const setsExitCode = (path: string, start: number, end: number): boolean => {
      const module = program.modules.get(path);
      return (module?.facts.writes ?? []).some(
        ({ property, at }) => property === 'exitCode' && at[0] >= start && at[1] <= end,
      );
    };
    for (const call of program.callsNamed('catch')) {
      const value = program.valueOf(call);
      const callee = value.kind === 'call' ? program.valueOf(program.child(call, value.callee)) : undefined;
      if (value.kind !== 'call' || callee?.kind !== 'member') continue;
      if (value.result !== 'dropped' || handlers.reach(call) || code.isEnvironmentGuarded(call)) continue;
      // `boot().then(…).then(…).catch(…)`: what the chain begins with
      let first = program.child(program.child(call, value.callee), callee.object);
      for (let depth = 0; depth < 8; depth += 1) {
        const step = program.valueOf(first);
        const inner = step.kind === 'call' ? program.valueOf(program.child(first, step.callee)) : undefined;
        if (step.kind !== 'call' || inner?.kind !== 'member' || !/^(then|finally)$/.test(inner.property ?? '')) break;
        first = program.child(program.child(first, step.callee), inner.object);
      }
      const start = startOf(first);
      const argument = code.argument(call, 0);
      if (start === undefined || argument.state !== 'given') continue;
      const fns = code.functionsIn(argument.value).flatMap((fn) => code.runs(fn));
      const apis = program.apis(argument.value);
      if (fns.length === 0 && !apis.some((api) => /^console\.\w+$/.test(api))) continue;
      const around = code.ownerOf(call);
      const startFns = [...program.callees(first), ...(around ? [around] : [])];
      if (
        endsOrRetries(
          fns.flatMap((fn) => code.callsIn(fn)),
          startFns,
        )
      )
        continue;
      if (fns.some((fn) => code.throwsIn(fn).length > 0 || setsExitCode(fn.module.path, ...fn.fact.at))) continue;
      yield {
        at: program.locationOf(argument.value),
        message: `If \`${program.describe(first)}\` fails, the failure is only noted: the process neither stops nor reports a failing exit code.`,
        trail: [{ at: program.locationOf(start), note: 'The service cannot work without this.' }],
      };
    }
  },
  examples: [
    bad('The connection is awaited by nobody', {
      'server.js': `
const mongoose = require('mongoose');
const app = require('express')();
mongoose.connect(process.env.MONGODB_URL)
  .then(() => console.log('connected'))
  .catch(«(error) => console.error(error)»);
app.listen(3000);`,
    }),
    bad('The whole start is caught and printed', {
      'main.ts': `
import Fastify from 'fastify';
async function main() {
  const fastify = Fastify();
  await fastify.listen({ port: 3000 });
}
main().catch(«console.error»);`,
    }),
    good('It stops', {
      'server.js': `
const mongoose = require('mongoose');
const app = require('express')();
mongoose.connect(process.env.MONGODB_URL).then(() => app.listen(3000)).catch((error) => {
  console.error(error);
  process.exit(1);
});`,
    }),
    good('It sets the exit code', {
      'main.ts': `
import Fastify from 'fastify';
async function main() { await Fastify().listen({ port: 3000 }); }
main().catch((error) => { console.error(error); process.exitCode = 1; });`,
    }),
    good('It tries again later', {
      'server.js': `
const mongoose = require('mongoose');
const app = require('express')();
const connect = () => mongoose.connect(process.env.MONGODB_URL).catch((error) => {
  console.error(error);
  setTimeout(connect, 5000);
});
connect();
app.listen(3000);`,
    }),
    good('Something the service can do without', {
      'server.js': `
const app = require('express')();
const warm = async () => { await fetch('https://example.org/rates'); };
warm().catch(console.error);
app.listen(3000);`,
    }),
  ],
});
