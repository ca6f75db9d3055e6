import { bad, defineRule, good } from '../../src/rule/rule.ts';

const RESPONSE = /^_?(res|resp|response|reply|ctx|context|c)\b/;
const STATUS = /^(status|sendStatus|code|writeHead|redirect)$/;
/** What is done for those who were let through. */
const WORK =
  /^(json|send|render|redirect|end|sendFile|download|save|create|insert\w*|update\w*|delete\w*|destroy|remove\w*|find\w*|query|execute|findOne|set|add|push|write\w*|next)$/;

export default defineRule({
  id: 'auth/guard-falls-through',
  ensures: 'Code that refuses a request stops there.',
  severity: 'high',
  roles: ['service', 'function'],
  cwe: 705,
  owasp: 'A01',
  why: `Sending 401 ends the answer, not the function. What stands below runs all the same, for somebody who was just refused:
the record is deleted, and only the answer says no.`,
  fix: 'Return with the refusal: `return res.status(401).json({ … });`, or put the rest into `else`.',
  references: [
    'https://cwe.mitre.org/data/definitions/705.html',
    'https://expressjs.com/en/guide/writing-middleware.html',
  ],
  needs: ['program', 'code'],
  *check({ program, code }) {
    const method = (call: number): string | undefined => {
      const value = program.valueOf(call);
      const callee = value.kind === 'call' ? program.valueOf(program.child(call, value.callee)) : undefined;
      return callee?.kind === 'member' ? callee.property : undefined;
    };
    const isNext = (call: number): boolean => {
      const value = program.valueOf(call);
      if (value.kind !== 'call' || value.args.length > 0) return false;
      return program.origins(program.child(call, value.callee)).some((origin) => {
        const param = program.valueOf(origin);
        const fact = param.kind === 'param' ? program.moduleOf(origin).facts.functions[param.function] : undefined;
        return param.kind === 'param' && /^(next|done)$/.test(fact?.params[param.index]?.name ?? '');
      });
    };
    /** 401 and 403 this call sends; 302 to a login. */
    const refusal = (call: number): number | undefined => {
      const name = method(call);
      const first = program.argument(call, 0);
      if (name === undefined || !STATUS.test(name) || first === undefined || !RESPONSE.test(program.describe(call)))
        return undefined;
      const whole = program.valueOf(first);
      const start = whole.kind === 'join' ? whole.parts[0]?.value : undefined;
      const [only] = program.constants(start === undefined ? first : program.child(first, start)) ?? [];
      if (name === 'redirect')
        return typeof only === 'string' && /^\/[\w/-]*(log-?in|sign-?in)\b/i.test(only) ? 302 : undefined;
      return only === 401 || only === 403 ? only : undefined;
    };
    /** Functions of the project that refuse by an answer alone, and do not say so to whoever calls them. */
    const refusing = (fn: number): boolean => {
      const ref = program.functionAt(fn);
      if (!ref || ref.fact.params.length > 2 || code.throwsIn(ref).length > 0) return false;
      const isSaid = ref.fact.returns.some(({ value }) => program.constants(ref.module.first + value) !== undefined);
      return !isSaid && code.callsIn(ref).some((call) => refusal(call) !== undefined);
    };
    for (const call of program.calls) {
      const value = program.valueOf(call);
      if (value.kind !== 'call' || value.result !== 'dropped' || value.args.length !== 2) continue;
      const callees = program.callees(call);
      const [, second] = value.args;
      if (second === undefined || !RESPONSE.test(program.describe(program.child(call, second.value)))) continue;
      if (callees.length === 0 || !callees.every(({ node }) => refusing(node))) continue;
      const module = program.moduleOf(call);
      const owner = code.ownerOf(call);
      const later =
        owner &&
        code
          .callsIn(owner)
          .find(
            (each) =>
              each > call &&
              WORK.test(method(each) ?? '') &&
              program.valueOf(each).at[0] >= value.at[1] &&
              !/^(console|log|logger)\b/.test(program.describe(each)),
          );
      if (
        later === undefined ||
        module.facts.blocks.some(
          ({ condition }) =>
            condition !== undefined &&
            /headersSent|writableEnded|\.sent\b/.test(program.describe(module.first + condition)),
        )
      )
        continue;
      yield {
        at: program.locationOf(call),
        message: `${program.describe(program.child(call, value.callee))} answers those it refuses, and ${program.describe(later).replace(/\(.*$/s, '')} runs all the same.`,
        trail: [{ at: program.locationOf(later), note: 'This runs for those who were refused.' }],
      };
    }
    for (const module of program.modules.values()) {
      const { facts, first } = module;
      const within = (block: number, outer: number): boolean => {
        for (let at: number | undefined = block; at !== undefined; at = facts.blocks[at]?.parent)
          if (at === outer) return true;
        return false;
      };
      const refused = [
        ...facts.values.flatMap((value, id) => {
          const status = value.kind === 'call' && value.result !== 'returned' ? refusal(first + id) : undefined;
          return value.kind === 'call' && status !== undefined ? [{ block: value.block, at: value.at, status }] : [];
        }),
        ...facts.writes.flatMap(({ property, object, value, block, at }) => {
          const [status] =
            property === 'status' && /^(ctx|context)$/.test(program.describe(first + object))
              ? (program.constants(first + value) ?? [])
              : [];
          return status === 401 || status === 403 ? [{ block, at, status }] : [];
        }),
      ];
      for (const { block, at, status } of refused) {
        const branch = facts.blocks[block];
        // an arrow that is one expression returns it
        if (!branch || branch.kind !== 'then' || branch.leaves !== undefined || branch.parent === undefined) continue;
        const outer = branch.parent;
        const isIn = ({ block: inner, at: place }: { block: number; at: readonly [number, number] }): boolean =>
          within(inner, outer) &&
          !within(inner, block) &&
          place[0] >= branch.at[1] &&
          facts.blocks[inner]?.function === branch.function &&
          // the other branch of the same question
          !facts.blocks.some(
            (other, index) =>
              within(inner, index) &&
              other.kind === 'else' &&
              other.parent === outer &&
              other.condition === branch.condition,
          );
        const isAnswered = facts.blocks.some(
          (other) =>
            other.condition !== undefined &&
            other.at[0] >= branch.at[1] &&
            other.function === branch.function &&
            /headersSent|writableEnded|\.sent\b/.test(program.describe(first + other.condition)),
        );
        const next = facts.values.findIndex((value, id) => {
          if (value.kind !== 'call' || value.new || !isIn(value)) return false;
          const name = method(first + id);
          return (
            isNext(first + id) ||
            (name !== undefined &&
              WORK.test(name) &&
              !/^(console|log|logger|Math|Object|JSON)\b/.test(program.describe(first + value.callee)))
          );
        });
        if (next < 0 || isAnswered || code.isEnvironmentGuarded(first + next)) continue;
        const call = facts.values[next];
        const name = call?.kind === 'call' ? program.describe(first + call.callee) : '';
        yield {
          at: program.locationIn(module, at),
          message: `${status === 302 ? 'Whoever is not logged in is sent away' : `${status} is sent`}, and ${name} runs all the same: nothing returns.`,
          trail: [{ at: program.locationOf(first + next), note: 'This runs for those who were refused.' }],
        };
      }
    }
  },
  examples: [
    bad('A function that answers, and a handler that does not ask what it came to', {
      'app.js': `const express = require('express');\nconst { checkLogged } = require('./check');\nconst app = express();\napp.get('/orders', (req, res) => {\n  «checkLogged(req, res)»;\n  res.render('orders');\n});\napp.listen(3000);\n`,
      'check.js': `exports.checkLogged = (req, res) => {\n  if (!req.session.user) {\n    res.redirect('/login?to=' + req.url);\n  }\n};\n`,
    }),
    bad('A middleware of Express', {
      'auth.js': `exports.requireUser = (req, res, next) => {\n  if (!req.session.user) {\n    «res.status(401)».json({ error: 'Sign in.' });\n  }\n  next();\n};\n`,
    }),
    bad('A handler that deletes, and Koa', {
      'app.js': `const express = require('express');\nconst { Item } = require('./item');\nconst app = express();\napp.delete('/items/:id', async (req, res) => {\n  if (req.user.role !== 'admin') «res.sendStatus(403)»;\n  await Item.deleteOne({ id: req.params.id });\n  res.end();\n});\napp.listen(3000);\n`,
      'koa.ts': `import type { Context, Next } from 'koa';\nexport async function guard(ctx: Context, next: Next) {\n  if (!ctx.state.user) {\n    «ctx.status» = 401;\n  }\n  await next();\n}\n`,
    }),
    good('Returned, in else, thrown', {
      'auth.js': `exports.a = (req, res, next) => {\n  if (!req.user) return res.status(401).end();\n  next();\n};\nexports.b = (req, res, next) => {\n  if (!req.user) {\n    res.status(401).json({});\n  } else {\n    next();\n  }\n};\nexports.c = (req, res, next) => {\n  if (!req.user) {\n    res.sendStatus(403);\n    return;\n  }\n  next();\n};\nexports.d = (req, res, next) => (req.user ? next() : res.redirect('/login'));\n`,
    }),
    good('Koa, and nothing but a log behind it', {
      'app.ts': `import Koa from 'koa';\nconst app = new Koa();\napp.use(async (ctx, next) => {\n  if (!ctx.state.user) {\n    ctx.status = 401;\n    return;\n  }\n  await next();\n});\napp.use(async (ctx) => {\n  if (ctx.query.bad) ctx.status = 403;\n  console.log(ctx.status);\n});\napp.listen(3000);\n`,
    }),
  ],
});
