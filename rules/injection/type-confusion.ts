import { bad, defineRule, good } from '../../src/rule/rule.ts';

const FS = /^(fs|fs-extra|graceful-fs)(\.promises|\/promises)?\.\w+$/;
const MAX_DEPTH = 6;

export default defineRule({
  id: 'injection/type-confusion',
  ensures: 'What is checked as a text is one.',
  severity: 'medium',
  roles: ['service', 'function'],
  cwe: 843,
  owasp: 'A05',
  why: `\`?file[]=../../etc/passwd\` and \`{"file": ["../../etc/passwd"]}\` send a list. A list has \`includes\` and \`indexOf\`
as well, which look for a whole element and find no \`..\`; put into a text it becomes that element again.`,
  fix: "Say what it is first: `if (typeof file !== 'string') return res.sendStatus(400)`, or check `String(file)`.",
  references: ['https://cwe.mitre.org/data/definitions/843.html'],
  needs: ['flows', 'program', 'code'],
  *check({ flows, program, code }) {
    for (const call of program.callsNamed('includes', 'indexOf')) {
      const value = program.valueOf(call);
      const callee = value.kind === 'call' ? program.child(call, value.callee) : call;
      const member = program.valueOf(callee);
      const part = program.argument(call, 0);
      if (member.kind !== 'member' || part === undefined || !isUp(program.constants(part))) continue;
      const text = program.child(callee, member.object);
      const name = nameOf(text);
      const owner = code.ownerOf(call);
      if (name === undefined || !owner || isTyped(name, call)) continue;
      const use = code.callsIn(owner).find((each) => code.apiOf(each).some((api) => FS.test(api)) && joins(each, name));
      if (use === undefined) continue;
      yield {
        at: program.locationOf(call),
        message: `${program.describe(text)} may be a list, in which this looks for a whole element.`,
        trail: [{ at: program.locationOf(use), note: 'Here it becomes part of a path.' }],
        confidence: 'likely',
      };
    }

    /** The field of a query or body a value is, as it came. */
    function nameOf(node: number): string | undefined {
      const [origin = node] = program.origins(node);
      if (program.valueOf(origin).kind !== 'member') return undefined;
      const received = flows.received(origin);
      if (!received || received.shape !== 'express-request' || received.node !== origin) return undefined;
      return /^(query|body)$/.test(received.path[0] ?? '') && received.path.length === 2
        ? received.path.join('.')
        : undefined;
    }

    function isTyped(name: string, call: number): boolean {
      return program
        .nodesOf('operation')
        .filter((node) => program.moduleOf(node) === program.moduleOf(call))
        .some((node) => {
          const value = program.valueOf(node);
          if (value.kind !== 'operation' || value.operator !== 'typeof') return false;
          return value.operands.some((operand) => nameOf(program.child(node, operand.value)) === name);
        });
    }

    /** An argument that is put together with it; `path.join` takes no list. */
    function joins(call: number, name: string): boolean {
      const value = program.valueOf(call);
      return (
        value.kind === 'call' && value.args.some((argument) => holds(program.child(call, argument.value), name, 0))
      );
    }

    function holds(node: number, name: string, depth: number): boolean {
      return program.origins(node).some((origin) => {
        const value = program.valueOf(origin);
        if (depth > 0 && nameOf(origin) === name) return true;
        return (
          value.kind === 'join' &&
          depth < MAX_DEPTH &&
          value.parts.some((part) => holds(program.child(origin, part.value), name, depth + 1))
        );
      });
    }
  },
  examples: [
    bad('A list has no dots', {
      'app.js': `const express = require('express');\nconst fs = require('fs');\nconst app = express();\napp.get('/doc', (req, res) => {\n  const { file } = req.query;\n  if («file.includes('..')») return res.sendStatus(400);\n  fs.readFile('/srv/docs/' + file, (error, data) => res.send(data));\n});\n`,
    }),
    bad('Of a body, by position', {
      'app.ts': `import express from 'express';\nimport { readFile } from 'node:fs/promises';\nconst app = express();\napp.use(express.json());\napp.post('/doc', async (req, res) => {\n  if («req.body.file.indexOf('../')» !== -1) return res.sendStatus(400);\n  res.send(await readFile(\`/srv/docs/\${req.body.file}\`));\n});\n`,
    }),
    good('It is a text, or has to be one', {
      'app.js': `const express = require('express');\nconst fs = require('fs');\nconst path = require('path');\nconst app = express();\napp.get('/a', (req, res) => {\n  const { file } = req.query;\n  if (typeof file !== 'string' || file.includes('..')) return res.sendStatus(400);\n  fs.readFile('/srv/docs/' + file, (error, data) => res.send(data));\n});\napp.get('/b', (req, res) => {\n  const name = String(req.query.name);\n  if (name.includes('..')) return res.sendStatus(400);\n  fs.readFile('/srv/docs/' + name, (error, data) => res.send(data));\n});\napp.get('/c/:id', (req, res) => {\n  if (req.params.id.includes('..') || req.query.x.includes('..')) return res.sendStatus(400);\n  fs.readFile('/srv/docs/' + req.params.id, (error, data) => res.send(data));\n  fs.readFile(path.join('/srv/docs', req.query.x), () => {});\n});\n`,
    }),
    good('A list that is meant', {
      'app.ts': `import Fastify from 'fastify';\nconst app = Fastify();\napp.get('/tags', async (request) => (request.query.tags.includes('..') ? [] : ['a']));\n`,
    }),
  ],
});

const isUp = (constants: readonly unknown[] | undefined): boolean =>
  constants?.some((text) => text === '..' || text === '../') ?? false;
