import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/json-in-script',
  ensures: 'Data written into a script of a page cannot end the script.',
  severity: 'medium',
  roles: ['service', 'function'],
  cwe: 79,
  owasp: 'A05',
  why: 'JSON leaves `</script>` as it is: a name that holds it ends the script, and what follows is a script of the attacker’s.',
  fix: "Escape it: `JSON.stringify(data).replace(/</g, '\\\\u003c')`, or use `serialize-javascript`.",
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html'],
  needs: ['program', 'flows'],
  *check({ program, flows }) {
    for (const module of program.modules.values()) {
      for (const value of module.facts.values) {
        if (value.kind !== 'join') continue;
        let before = '';
        for (const { value: id, at } of value.parts) {
          const part = module.first + id;
          const text = module.facts.values[id];
          if (text?.kind === 'literal') before = (before + String(text.value)).slice(-4000);
          else if (isInScript(before)) {
            const data = stringified(part);
            if (data === undefined) continue;
            const source = sourceIn(data, 0);
            if (source === undefined && !isLoaded(data, 0)) continue;
            yield {
              at: program.locationIn(module, at),
              message: `${source ?? program.describe(data)} is written into a script as JSON, in which </script> stays what it is.`,
              ...(source === undefined ? { confidence: 'likely' as const } : { severity: 'high' as const }),
            };
          }
        }
      }
    }

    /** What a call of JSON.stringify is given, where its result is used as it is. */
    function stringified(node: number): number | undefined {
      for (const origin of program.origins(node)) {
        const value = program.valueOf(origin);
        if (value.kind === 'call' && program.apis(program.child(origin, value.callee)).includes('JSON.stringify'))
          return program.argument(origin, 0);
      }
      return undefined;
    }

    function sourceIn(node: number, depth: number): string | undefined {
      const received = flows.received(node);
      if (received) return program.describe(received.node);
      const value = program.valueOf(node);
      if (value.kind !== 'object' || depth > 3) return undefined;
      return value.properties.map((each) => sourceIn(program.child(node, each.value), depth + 1)).find(Boolean);
    }

    /** The result of a call that was waited for, or an object with one in it: something that was loaded. */
    function isLoaded(node: number, depth: number): boolean {
      return program.origins(node).some((origin) => {
        const value = program.valueOf(origin);
        if (value.kind === 'call') return value.result === 'awaited';
        if (value.kind !== 'object' || depth > 3) return false;
        return value.properties.some((each) => isLoaded(program.child(origin, each.value), depth + 1));
      });
    }
  },
  examples: [
    bad('The state of a page', {
      'app.js': `const express = require('express');\nconst app = express();\napp.get('/', (req, res) => {\n  const state = { q: req.query.q };\n  res.send(\`<html><body><script>window.state = \${«JSON.stringify(state)»};</script></body></html>\`);\n});\n`,
    }),
    bad('Records that were loaded, written out in another file', {
      'page.ts': `export const page = (items: unknown) => '<script type="application/json" id="items">' + «JSON.stringify(items)» + '</script>';\n`,
      'app.ts': `import Fastify from 'fastify';\nimport { page } from './page.ts';\nimport { list } from 'store';\nFastify().get('/', async (request, reply) => reply.type('text/html').send(page(await list())));\n`,
    }),
    good('Escaped', {
      'app.js': `const express = require('express');\nconst serialize = require('serialize-javascript');\nconst app = express();\napp.get('/', (req, res) => {\n  const state = { q: req.query.q };\n  res.send(\`<script>a = \${JSON.stringify(state).replace(/</g, '\\\\u003c')}; b = \${serialize(state)};</script>\`);\n});\n`,
    }),
    good('Settings, and JSON that is no part of a script', {
      'app.ts': `import Koa from 'koa';\nclass Page {\n  constructor(private readonly config: { id: string }) {}\n  text() {\n    return \`<script>id = \${JSON.stringify(this.config.id)};</script>\`;\n  }\n}\nconst api = { url: process.env.API_URL, retries: 3, page: new Page({ id: process.env.ID ?? '' }).text() };\nnew Koa().use(async (ctx) => {\n  ctx.body = \`<script>const api = \${JSON.stringify(api)};</script><pre>\${JSON.stringify(ctx.state.user)}</pre>\`;\n});\n`,
    }),
  ],
});

const isInScript = (text: string): boolean => {
  const start = text.toLowerCase().lastIndexOf('<script');
  return start !== -1 && !text.toLowerCase().includes('</script', start) && text.includes('>', start);
};
