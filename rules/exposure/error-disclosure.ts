import { bad, defineRule, good } from '../../src/rule/rule.ts';

const ANSWERING = /^(send|json|end|write|render|jsonp)$/;
const ANSWER = /^(res|response|reply|ctx|c|Response|NextResponse)\b|\bgetResponse\(/;

export default defineRule({
  id: 'exposure/error-disclosure',
  control: 'exposure/stack-trace',
  ensures: 'Clients never see the inside of an error.',
  severity: 'medium',
  roles: ['service', 'function'],
  cwe: 209,
  owasp: 'A10',
  why: 'A stack trace names files, packages and their versions; a message of a database names tables and columns. That is the map an attacker would have to draw.',
  fix: 'Log the error, and answer with a message of your own; show stacks only outside production.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Error_Handling_Cheat_Sheet.html'],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const call of program.callsNamed(ANSWERING)) {
      const value = program.valueOf(call);
      if (value.kind !== 'call' || value.args.length === 0) continue;
      const callee = program.valueOf(program.child(call, value.callee));
      if (callee.kind !== 'member') continue;
      const receiver = program.describe(program.child(program.child(call, value.callee), callee.object));
      if (!ANSWER.test(receiver) || code.isEnvironmentGuarded(call)) continue;
      // Fastify hands an error it is sent to its handler of errors
      const isFailure =
        !/^reply\b/.test(receiver) && isServerError(program.child(program.child(call, value.callee), callee.object));
      for (const { value: id, at } of value.args) {
        const sent = program.child(call, id);
        const stack = stackIn(sent, 0) ?? (isFailure && isError(sent) ? sent : undefined);
        if (stack === undefined) continue;
        const what = `${stack === sent && isError(sent) ? 'All of ' : ''}${program.describe(stack)}`;
        yield { at: program.locationIn(program.moduleOf(call), at), message: `${what} is sent to the client.` };
      }
    }

    for (const module of program.modules.values()) {
      for (const { object, property, value, at } of module.facts.writes) {
        if (property !== 'body' || !/^(ctx|context)(\.response)?$/.test(program.describe(module.first + object)))
          continue;
        const stack = stackIn(module.first + value, 0);
        if (stack !== undefined && !code.isEnvironmentGuarded(module.first + value))
          yield { at: program.locationIn(module, at), message: `${program.describe(stack)} is sent to the client.` };
      }
    }

    /** `res.status(500)` */
    function isServerError(answer: number): boolean {
      const value = program.valueOf(answer);
      const status = value.kind === 'call' ? program.argument(answer, 0) : undefined;
      return status !== undefined && program.constants(status)?.every((each) => Number(each) >= 500) === true;
    }

    /** The `error.stack` a value is, holds or is built of. */
    function stackIn(node: number, depth: number): number | undefined {
      if (depth > 4) return undefined;
      const value = program.valueOf(node);
      const child = (id: number): number => program.child(node, id);
      switch (value.kind) {
        case 'member':
          return value.property === 'stack' && isError(child(value.object)) ? node : undefined;
        case 'join':
          return first(value.parts.map((part) => stackIn(child(part.value), depth + 1)));
        case 'object':
          return first(
            value.properties
              .filter(({ name }) => !isTakenOut(node, name))
              .map((property) => stackIn(child(property.value), depth + 1)),
          );
        case 'either':
          return value.reason === 'conditional' || value.reason === 'and'
            ? undefined
            : first(value.options.map((option) => stackIn(child(option), depth + 1)));
        case 'typed':
          return stackIn(child(value.value), depth + 1);
        default:
          return undefined;
      }
    }

    /** `if (production) delete answer.stack`: somebody thought of it. */
    function isTakenOut(object: number, name: string | undefined): boolean {
      return program.writesTo(object).some(({ write }) => write.operator === 'delete' && write.property === name);
    }

    function isError(node: number): boolean {
      const value = program.valueOf(node);
      if (value.kind === 'typed') return isError(program.child(node, value.value));
      return (
        value.kind === 'caught' ||
        (value.kind === 'param' && /^_?(e|err|error|ex|exception|reason)$/i.test(program.describe(node)))
      );
    }

    function first(found: readonly (number | undefined)[]): number | undefined {
      return found.find((each) => each !== undefined);
    }
  },
  examples: [
    bad('In an error handler', {
      'app.js': `const express = require('express');\nconst app = express();\napp.use((err, req, res, next) => {\n  res.status(500).send(«err.stack»);\n});\n`,
    }),
    bad('Among other fields, in another framework', {
      'app.ts': `import Fastify from 'fastify';\nconst app = Fastify();\napp.get('/', async (request, reply) => {\n  try {\n    return await work();\n  } catch (error) {\n    reply.code(500).send(«{ message: 'failed', trace: (error as Error).stack }»);\n  }\n});\nasync function work() {}\n`,
    }),
    bad('The error itself, with what a driver put into it', {
      'app.js': `const app = require('express')();\napp.get('/', (req, res) => {\n  query('SELECT 1', (err, rows) => {\n    if (err) return res.status(500).json(«err»);\n    res.json(rows);\n  });\n});\n`,
    }),
    bad('By a filter of Nest', {
      'filter.ts': `import { ArgumentsHost, Catch, ExceptionFilter } from '@nestjs/common';\n@Catch()\nexport class Every implements ExceptionFilter {\n  catch(exception: unknown, host: ArgumentsHost) {\n    const answer = host.switchToHttp().getResponse();\n    answer.status(500).json(«{ stack: (exception as Error).stack }»);\n  }\n}\n`,
    }),
    good('Handed to the handler of errors, or what was wrong with a request', {
      'app.ts': `import Fastify from 'fastify';\nconst app = Fastify();\napp.get('/', async (request, reply) => {\n  try {\n    return await work();\n  } catch (error) {\n    reply.code(500).send(error);\n  }\n});\n`,
      'check.js': `module.exports = (app) => app.post('/', (req, res) => {\n  try {\n    parse(req.body);\n  } catch (err) {\n    res.status(400).json(err);\n  }\n});\n`,
    }),
    bad('As the body of Koa, and from a route of Next.js', {
      'app.js': `const Koa = require('koa');\nnew Koa().use(async (ctx, next) => {\n  try {\n    await next();\n  } catch (err) {\n    «ctx.body» = { message: 'failed', stack: err.stack };\n  }\n});\n`,
      'app/api/route.ts': `export async function GET() {\n  try {\n    return Response.json({});\n  } catch (error) {\n    return Response.json(«{ stack: (error as Error).stack }», { status: 500 });\n  }\n}\n`,
    }),
    good('Only in development', {
      'app.js': `const express = require('express');\nconst app = express();\napp.use((err, req, res, next) => {\n  if (process.env.NODE_ENV === 'development') return res.status(500).send(err.stack);\n  res.status(500).json({ error: 'failed', stack: process.env.NODE_ENV === 'production' ? undefined : err.stack });\n});\n`,
    }),
    good('Taken out again', {
      'app.js': `const express = require('express');\nconst { env } = require('./settings');\nconst app = express();\napp.use((err, req, res, next) => {\n  const answer = { message: 'failed', stack: err.stack };\n  if (env !== 'development') delete answer.stack;\n  res.status(500);\n  res.json(answer);\n});\n`,
      'settings.js': `module.exports = { env: process.env.NODE_ENV };\n`,
    }),
    good('Into the log', {
      'app.js': `const express = require('express');\nconst app = express();\napp.use((err, req, res, next) => {\n  console.error(err.stack);\n  res.status(500).json({ error: 'Something went wrong.' });\n});\n`,
    }),
  ],
});
