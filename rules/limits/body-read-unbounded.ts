import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Calls that read a stream to its end, and the option that bounds them. */
const READERS: readonly { readonly api: RegExp; readonly limit?: string }[] = [
  { api: /^raw-body$/, limit: 'limit' },
  { api: /^get-stream(\.\w+)?$/, limit: 'maxBuffer' },
  { api: /^(node:)?stream\/consumers\.(text|json|buffer|arrayBuffer|blob)$/ },
  { api: /^concat-stream$/ },
];

export default defineRule({
  id: 'limits/body-read-unbounded',
  ensures: 'Code that reads a body by itself stops when it grows too large.',
  severity: 'high',
  control: 'limits/body',
  roles: ['service'],
  cwe: 770,
  owasp: 'A06',
  why: 'One client that never stops sending fills the memory until the process is killed, and all other clients lose their answers with it.',
  fix: 'Count the bytes and `req.destroy()` when they are too many, or let a parser with a limit read: `express.json()`, `raw-body` with `limit`.',
  references: [
    'https://cwe.mitre.org/data/definitions/770.html',
    'https://nodejs.org/en/learn/http/anatomy-of-an-http-transaction#request-body',
  ],
  needs: ['program', 'code', 'handlers', 'edge'],
  *check({ program, code, handlers, edge }) {
    const requests = new Set(
      handlers.all
        .filter(({ trigger, framework }) => trigger === 'request' && !/^(fastify|nest|hapi|hono|koa)$/.test(framework))
        .flatMap(({ fn }) => {
          const at = /^_?(err|error)$/.test(fn.fact.params[0]?.name ?? '') ? 1 : 0;
          const param = fn.fact.params[at];
          return param ? program.origins(program.nodeIn(fn.module, param.value)) : [];
        }),
    );
    const isRequest = (node: number): boolean =>
      program.origins(node).some((origin) => {
        if (requests.has(origin)) return true;
        const value = program.valueOf(origin);
        return (
          value.kind === 'member' && value.property === 'req' && /^(ctx|context)\.req$/.test(program.describe(origin))
        );
      });
    const severity = edge.proxies.some(({ note }) => note.startsWith('the nginx'))
      ? ('low' as const)
      : ('high' as const);
    /** The functions around a place ask how long something is, or cut the request off. */
    const isBounded = (node: number): boolean => {
      const { facts } = program.moduleOf(node);
      const functions = new Set<number>();
      for (let fn = code.ownerOf(node); fn; fn = undefined) functions.add(facts.functions.indexOf(fn.fact));
      for (let grown = true; grown;) {
        grown = false;
        facts.functions.forEach(({ parent }, id) => {
          if (parent !== undefined && parent !== 0 && functions.has(parent) && !functions.has(id))
            grown = functions.add(id).has(id);
        });
      }
      return facts.values.some((value) => {
        if (value.kind === 'literal') return false;
        if (value.kind !== 'member' || !functions.has(facts.blocks[value.block]?.function ?? -1)) return false;
        return (
          /^(length|byteLength|size|bytes\w*|destroy|pause|unpipe)$/.test(value.property ?? '') ||
          (value.property === undefined &&
            value.key !== undefined &&
            /content-length/.test(String(program.constants(program.nodeIn(program.moduleOf(node), value.key))?.[0])))
        );
      });
    };
    /** `body += chunk`, `chunks.push(chunk)` in what hears the data. */
    const gathers = (listener: number): boolean =>
      code.functionsIn(listener).some(({ module, fact }) => {
        const id = module.facts.functions.indexOf(fact);
        const chunk = fact.params[0]?.value;
        return module.facts.values.some((value) => {
          if (value.kind === 'join')
            return (
              value.at[0] >= fact.at[0] &&
              value.at[1] <= fact.at[1] &&
              value.parts.some((part) => mentions(module.first + part.value, module.first + (chunk ?? -1)))
            );
          if (value.kind !== 'call' || module.facts.blocks[value.block]?.function !== id) return false;
          const callee = module.facts.values[value.callee];
          return (
            callee?.kind === 'member' &&
            /^(push|concat|append|write)$/.test(callee.property ?? '') &&
            callee.property !== 'write' &&
            value.args.some((argument) => mentions(module.first + argument.value, module.first + (chunk ?? -1)))
          );
        });
      });
    const mentions = (node: number, chunk: number, depth = 0): boolean => {
      if (node === chunk) return true;
      const value = program.valueOf(node);
      if (depth > 4) return false;
      if (value.kind === 'call') {
        const callee = program.valueOf(program.child(node, value.callee));
        if (
          callee.kind === 'member' &&
          mentions(program.child(program.child(node, value.callee), callee.object), chunk, depth + 1)
        )
          return true;
        return value.args.some((argument) => mentions(program.child(node, argument.value), chunk, depth + 1));
      }
      return (
        value.kind === 'array' &&
        value.items.some((item) => mentions(program.child(node, item.value), chunk, depth + 1))
      );
    };
    for (const call of program.calls) {
      const value = program.valueOf(call);
      if (value.kind !== 'call') continue;
      const apis = code.apiOf(call);
      const first = program.argument(call, 0);
      const reader = READERS.find(({ api }) => apis.some((each) => api.test(each)));
      if (reader && first !== undefined && isRequest(first)) {
        const isCounted =
          reader.limit !== undefined &&
          (code.option(call, 1, reader.limit).state !== 'absent' || code.argument(call, 1).state === 'unknown');
        if (!isCounted)
          yield {
            at: program.locationOf(call),
            severity,
            message: `${program.describe(call)} reads a body of any size.`,
          };
      }
      const callee = program.valueOf(program.child(call, value.callee));
      if (callee.kind !== 'member' || callee.property !== 'on' || first === undefined) continue;
      if (program.constants(first)?.[0] !== 'data') continue;
      const listener = program.argument(call, 1);
      if (listener === undefined || !isRequest(program.child(program.child(call, value.callee), callee.object)))
        continue;
      const [fn] = code.functionsIn(listener);
      if (
        !fn ||
        !gathers(listener) ||
        isBounded(call) ||
        isBounded(program.nodeIn(fn.module, fn.fact.params[0]?.value ?? 0))
      )
        continue;
      yield {
        at: program.locationOf(call),
        severity,
        message: `All of ${program.describe(program.child(program.child(call, value.callee), callee.object))} is gathered in memory, however much is sent.`,
      };
    }
    for (const { facts, first } of program.modules.values()) {
      for (const [id, value] of facts.values.entries()) {
        if (value.kind !== 'element' || !isRequest(first + value.of)) continue;
        const node = first + id;
        const used = facts.values.find(
          (each) => each.kind === 'call' && each.args.some((argument) => argument.value === id),
        );
        const joins = facts.values.some((each) => each.kind === 'join' && each.parts.some((part) => part.value === id));
        const within = used?.kind === 'call' ? facts.values.indexOf(used) : undefined;
        if (!joins && within === undefined) continue;
        if (within !== undefined && isBounded(first + within)) continue;
        yield {
          at: program.locationOf(node),
          severity,
          message: `All of ${program.describe(first + value.of)} is gathered in memory, however much is sent.`,
        };
      }
    }
  },
  examples: [
    bad('A server of Node.js', {
      'server.js': `const http = require('http');\nhttp.createServer((req, res) => {\n  let body = '';\n  «req.on('data', (chunk) => { body += chunk; })»;\n  req.on('end', () => res.end(body));\n}).listen(3000);\n`,
    }),
    bad('In a function of another file', {
      'server.ts': `import { createServer } from 'node:http';\nimport { bodyOf } from './body.ts';\ncreateServer(async (req, res) => res.end(await bodyOf(req))).listen(3000);\n`,
      'body.ts': `import type { IncomingMessage } from 'node:http';\nexport const bodyOf = (message: IncomingMessage) =>\n  new Promise<Buffer>((resolve) => {\n    const chunks: Buffer[] = [];\n    «message.on('data', (chunk) => chunks.push(chunk))»;\n    message.on('end', () => resolve(Buffer.concat(chunks)));\n  });\n`,
    }),
    bad('A package without its limit, in Express', {
      'app.js': `import express from 'express';\nimport getRawBody from 'raw-body';\nconst app = express();\napp.post('/hook', async (req, res) => res.send(await «getRawBody(req)»));\napp.listen(3000);\n`,
    }),
    good('Counted, limited, streamed on', {
      'server.js': `const http = require('http');\nconst fs = require('fs');\nconst getRawBody = require('raw-body');\nhttp.createServer(async (req, res) => {\n  let body = '';\n  req.on('data', (chunk) => {\n    body += chunk;\n    if (body.length > 1e6) req.destroy();\n  });\n  const raw = await getRawBody(req, { limit: '1mb' });\n  const out = fs.createWriteStream('/tmp/x');\n  req.on('data', (chunk) => out.write(chunk));\n}).listen(3000);\n`,
    }),
    good('The answer of another server', {
      'app.js': `import express from 'express';\nimport https from 'node:https';\nconst app = express();\napp.get('/', (req, res) => {\n  https.get('https://api.example/x', (answer) => {\n    let text = '';\n    answer.on('data', (chunk) => (text += chunk));\n    answer.on('end', () => res.send(text));\n  });\n});\napp.listen(3000);\n`,
    }),
  ],
});
