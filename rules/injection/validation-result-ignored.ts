import { bad, defineRule, good } from '../../src/rule/rule.ts';

const PACKAGE = 'express-validator';
const CHAINS = /^express-validator(\/check)?\.(body|check|param|query|header|cookie|checkSchema|oneOf)$/;
const READERS = /^express-validator(\/check)?\.(validationResult|matchedData|ExpressValidator)/;
/** Calls that only say what they found; what they return is all there is of it. */
const QUIET =
  /^((zod|zod\/v4|zod\/mini|valibot|superstruct)\b.*\.(safeParse|safeParseAsync|is)|(joi|@hapi\/joi)\b.*\.validate|(ajv|ajv\/dist\/2020|ajv\/dist\/jtd)(\.\w+)?\(\)\.(compile\(\)|validate)|validator\.\w+|email-validator\.validate)$/;
const IMPORTED = /^(express-validator|zod|joi|@hapi\/joi|ajv|valibot|superstruct|validator|email-validator)(\/|$)/;

export default defineRule({
  id: 'injection/validation-result-ignored',
  ensures: 'What a validator finds wrong is looked at.',
  severity: 'high',
  roles: ['service', 'function'],
  cwe: 252,
  owasp: 'A10',
  why: 'These validators only take notes: without a look at what they found the handler runs with whatever was sent, and the code reads as if it were checked.',
  fix: 'Answer 400 when `validationResult(req).isEmpty()` is false, or when `safeParse(…).success` is, and use what was parsed.',
  references: [
    'https://express-validator.github.io/docs/guides/getting-started#handling-validation-errors',
    'https://cwe.mitre.org/data/definitions/252.html',
  ],
  needs: ['program', 'code'],
  about: {
    what: 'validator',
    isIn: ({ program }) =>
      [...program.modules.values()].some(({ facts }) =>
        facts.imports.some(({ module }) => IMPORTED.test(module ?? '')),
      ),
  },
  *check({ program, code }) {
    let chain: number | undefined;
    let isRead = false;
    for (const call of program.calls) {
      const value = program.valueOf(call);
      if (value.kind !== 'call') continue;
      const apis = code.apiOf(call);
      if (apis.some((api) => READERS.test(api))) isRead = true;
      // `check('id').run(req)`, whose result is asked itself
      if (apis[0]?.endsWith('.run') === true && value.result !== 'dropped' && value.result !== 'awaited')
        isRead ||= apis.some((api) => api.startsWith(PACKAGE));
      if (apis.some((api) => CHAINS.test(api))) chain ??= call;
      const isQuiet =
        apis.some((api) => QUIET.test(api)) &&
        !(apis.some((api) => api.startsWith('validator.')) && value.args.length === 0);
      if (isQuiet && isDropped(call, value.result))
        yield {
          at: program.locationOf(call),
          message: `${program.describe(program.child(call, value.callee))} says whether the data is right, and nothing looks at it.`,
        };
    }
    const wraps = [...program.modules.values()].some(({ facts }) =>
      facts.imports.some(
        ({ module }) =>
          /^express-validator\/|express-validator-|validation-result/.test(module ?? '') &&
          module?.startsWith('express-validator/check') !== true,
      ),
    );
    if (chain === undefined || isRead || wraps) return;
    yield {
      at: program.locationOf(chain),
      message: 'Requests are checked by express-validator, and nothing in the project reads what it found.',
    };

    function isDropped(call: number, result: string): boolean {
      if (result === 'dropped') return true;
      // `await schema.safeParseAsync(body);` as a statement of its own
      const { facts, first } = program.moduleOf(call);
      const id = call - first;
      if (result !== 'awaited') return false;
      const waits = facts.values.flatMap((value, at) => (value.kind === 'await' && value.value === id ? [at] : []));
      return (
        waits.length > 0 &&
        !facts.values.some((value, at) => at !== id && mentions(value, waits)) &&
        !facts.writes.some(({ value }) => waits.includes(value)) &&
        !facts.functions.some(({ returns }) => returns.some(({ value }) => waits.includes(value))) &&
        !facts.blocks.some(({ condition }) => condition !== undefined && waits.includes(condition)) &&
        !facts.exports.some(({ value }) => waits.includes(value))
      );
    }

    function mentions(value: object, ids: readonly number[]): boolean {
      return Object.values(value).some((part: unknown) =>
        typeof part === 'number'
          ? ids.includes(part)
          : Array.isArray(part) &&
            part.some((item: unknown) =>
              typeof item === 'number'
                ? ids.includes(item)
                : typeof item === 'object' && item !== null && mentions(item, ids),
            ),
      );
    }
  },
  examples: [
    bad('Checks, and a handler that never asks', {
      'app.js': `const express = require('express');\nconst { body } = require('express-validator');\nconst app = express();\napp.post('/users', «body('email')».isEmail(), (req, res) => res.json({ email: req.body.email }));\n`,
    }),
    bad('Checks of another file', {
      'app.ts': `import express from 'express';\nimport { rules } from './rules.ts';\nconst app = express();\napp.post('/users', rules, (req, res) => res.json(req.body));\n`,
      'rules.ts': `import { check } from 'express-validator';\nexport const rules = [«check('age')».isInt()];\n`,
    }),
    bad('Schemas whose answer is thrown away', {
      'app.ts': `import Fastify from 'fastify';\nimport { z } from 'zod';\nimport Joi from 'joi';\nconst schema = z.object({ name: z.string() });\nconst other = Joi.object({ name: Joi.string() });\nconst app = Fastify();\napp.post('/a', async (request) => {\n  «schema.safeParse(request.body)»;\n  return request.body;\n});\napp.post('/b', async (request) => {\n  «other.validate(request.body)»;\n  return request.body;\n});\n`,
    }),
    good('A middleware reads the result', {
      'app.ts': `import express from 'express';\nimport { body } from 'express-validator';\nimport { valid } from './valid.ts';\nconst app = express();\napp.post('/users', body('email').isEmail(), valid, (req, res) => res.json(req.body));\n`,
      'valid.ts': `import { validationResult } from 'express-validator';\nexport const valid = (req, res, next) => (validationResult(req).isEmpty() ? next() : res.sendStatus(400));\n`,
    }),
    good('Only what was matched is used', {
      'app.js': `const express = require('express');\nconst { body, matchedData } = require('express-validator');\nconst app = express();\napp.post('/users', body('email').isEmail(), (req, res) => res.json(matchedData(req)));\n`,
    }),
    good('Looked at, or thrown by the schema itself', {
      'app.ts': `import express from 'express';\nimport { z } from 'zod';\nconst schema = z.object({ name: z.string() });\nconst app = express();\napp.post('/a', async (req, res) => {\n  const { success } = await schema.safeParseAsync(req.body);\n  if (!success) return res.sendStatus(400);\n  schema.parse(req.body);\n  res.json({});\n});\n`,
    }),
  ],
});
