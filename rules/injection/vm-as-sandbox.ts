import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** What runs a text in a context it was given. */
const CONTEXTS = /^vm\.(runInNewContext|runInContext|Script\(\)\.runIn(New)?Context)$/;
const SANDBOXES = /^(vm2\.(VM|NodeVM)\(\)\.run|sandbox\(\)\.run|(notevil|safe-eval|safer-eval|static-eval)(\.\w+)?)$/;
/** What people call text that somebody else wrote to be run. */
const WRITTEN_BY_OTHERS = /(^|\.|_)(\w*(code|script|expression|formula|snippet)|rule|condition)$/i;

export default defineRule({
  id: 'injection/vm-as-sandbox',
  ensures: 'Code that is not the program’s own runs in a process of its own, not in a context of this one.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  cwe: 693,
  owasp: 'A06',
  why: `A context of \`node:vm\` is no wall: \`this.constructor.constructor('return process')()\` leaves it. \`vm2\` and the
packages like it were left again and again, and are no longer maintained.`,
  fix: 'Run it in `isolated-vm`, or in a process or container without rights of its own.',
  references: ['https://nodejs.org/api/vm.html#vm-executing-javascript', 'https://github.com/patriksimek/vm2#readme'],
  needs: ['program', 'flows'],
  about: {
    what: 'code that is run in a context',
    isIn: ({ program }) => program.callsTo(CONTEXTS, SANDBOXES).length > 0,
  },
  *check({ program, flows }) {
    // where a client decides what is run, that is told already
    const told = flows.into('code').map(({ sink }) => sink);
    for (const call of program.callsTo(CONTEXTS, SANDBOXES)) {
      const value = program.valueOf(call);
      if (value.kind !== 'call') continue;
      const callee = program.child(call, value.callee);
      const isSandbox = program.apis(callee).some((api) => SANDBOXES.test(api));
      const text = textOf(call, callee);
      const at = program.locationOf(call);
      if (text === undefined || !isForeign(text, isSandbox)) continue;
      if (told.some(({ path, start }) => path === at.path && at.start <= start && start < at.end)) continue;
      yield {
        at,
        confidence: 'likely',
        message: `${program.describe(callee)} runs ${program.describe(text)} in the process of the service.`,
      };
    }

    /** `new vm.Script(text).runInContext(…)` is given its text when it is made. */
    function textOf(call: number, callee: number): number | undefined {
      const member = program.valueOf(callee);
      const isMade = program.apis(callee).some((api) => api.startsWith('vm.Script()'));
      if (!isMade || member.kind !== 'member') return program.argument(call, 0);
      const [made] = program.origins(program.child(callee, member.object));
      return made === undefined ? undefined : program.argument(made, 0);
    }

    /** A field or parameter that holds what others wrote; a package made for that is given nothing else. */
    function isForeign(text: number, isSandbox: boolean): boolean {
      return program.origins(text).some((origin) => {
        const { kind } = program.valueOf(origin);
        if (program.constants(origin) !== undefined) return false;
        const isField = kind === 'member' || kind === 'param' || kind === 'element';
        return isField && (isSandbox || WRITTEN_BY_OTHERS.test(program.describe(origin)));
      });
    }
  },
  examples: [
    bad('Rules that users write, kept in a database', {
      'app.js': `const express = require('express');\nconst vm = require('node:vm');\nconst { load } = require('./rules');\nconst app = express();\napp.post('/run/:id', async (req, res) => {\n  const rule = await load(req.params.id);\n  res.json({ result: «vm.runInNewContext(rule.script, { total: 3 }, { timeout: 100 })» });\n});\napp.listen(3000);\n`,
      'rules.js': `const { Pool } = require('pg');\nconst pool = new Pool();\nexports.load = async (id) => (await pool.query('select * from rules where id = $1', [id])).rows[0];\n`,
    }),
    bad('A script that is compiled first, and vm2', {
      'run.ts': `import vm from 'node:vm';\nimport { VM } from 'vm2';\nexport const first = (formula: string) => «new vm.Script(formula).runInContext(vm.createContext({}))»;\nexport const second = (job: { code: string }) => «new VM().run(job.code)»;\n`,
    }),
    good('Code of the program, from its own files', {
      'load.js': `const fs = require('fs');\nconst vm = require('vm');\nmodule.exports = (name) => vm.runInNewContext(fs.readFileSync('/app/plugins/' + name, 'utf8'), {});\nvm.runInNewContext('a + 1', { a: 1 });\n`,
    }),
    good('A sandbox that is one', {
      'run.ts': `import ivm from 'isolated-vm';\nexport async function run(job: { code: string }) {\n  const isolate = new ivm.Isolate({ memoryLimit: 32 });\n  const context = await isolate.createContext();\n  return context.eval(job.code, { timeout: 100 });\n}\n`,
    }),
  ],
});
