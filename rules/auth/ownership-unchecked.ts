import { defineRule, good, unsure } from '../../src/rule/rule.ts';

const LOOKS_UP =
  /^(findById\w*|findByPk|findOne\w*|findUnique\w*|findFirst\w*|deleteOne|updateOne|update|delete|destroy|remove|findByIdAndUpdate|findByIdAndDelete)$/;
const OWNER =
  /^(user|userId|user_id|uid|owner|ownerId|owner_id|author|authorId|author_id|createdBy|created_by|account|accountId|tenant|tenantId|tenant_id|org|orgId|organization\w*|team|teamId|workspace\w*|principal|session|auth|ability|can|isOwner|isAdmin|role|roles|permissions?|currentUser|claims|customer|customerId|sub)$/;

export default defineRule({
  id: 'auth/ownership-unchecked',
  ensures: 'A record is handed out only to those it belongs to.',
  severity: 'medium',
  roles: ['service', 'function'],
  cwe: 639,
  owasp: 'A01',
  why: 'Whoever is logged in changes the id in the address and has the record of somebody else: orders, invoices, messages, one after another.',
  fix: 'Ask for both: `Order.findOne({ _id: req.params.id, owner: req.user.id })`, and answer 404 when there is none.',
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Insecure_Direct_Object_Reference_Prevention_Cheat_Sheet.html',
  ],
  needs: ['apps', 'flows', 'program', 'code'],
  *check({ apps, flows, program, code }) {
    const seen = new Set<number>();
    for (const route of apps.routes) {
      const own = route.handlers.at(-1);
      const fn = own === undefined ? undefined : program.functionAt(own.node);
      if (!own || !fn || seen.has(own.node) || route.app.serving === 'no' || !/[:{]\w*/.test(route.path ?? ''))
        continue;
      // nobody is asked who they are, or only a few are let in: that is another matter
      const asked = route.chain.some((link) => link !== own && link.effects.some(({ kind }) => kind === 'auth'));
      const few = route.chain.some(({ effects }) => effects.some(({ kind }) => kind === 'role' || kind === 'unknown'));
      if (!asked || few || /admin|manage|internal|public|catalog/i.test(route.path ?? '')) continue;
      seen.add(own.node);
      const functions = [...code.runs(fn)];
      const asksWhose = functions.some(({ module, fact }) =>
        module.facts.values.some(
          (value) =>
            value.kind === 'member' &&
            value.at[0] >= fact.at[0] &&
            value.at[1] <= fact.at[1] &&
            OWNER.test(value.property ?? ''),
        ),
      );
      if (asksWhose) continue;
      const call = functions
        .flatMap((each) => code.callsIn(each))
        .find((each) => {
          const value = program.valueOf(each);
          const callee = value.kind === 'call' ? program.valueOf(program.child(each, value.callee)) : undefined;
          return (
            callee?.kind === 'member' && LOOKS_UP.test(callee.property ?? '') && idIn(program.argument(each, 0), 0)
          );
        });
      if (call === undefined) continue;
      yield {
        at: program.locationOf(call),
        message: `${route.method} ${route.path} takes the id from the address, and nothing asks whose record it is.`,
        unsure: 'records that belong to nobody are meant for everybody who is logged in.',
        trail: [{ at: route.pathAt, note: 'The route asks only whether somebody is logged in.' }],
      };
    }

    /** `req.params.id`, or an object that holds it as an id. */
    function idIn(node: number | undefined, depth: number): boolean {
      if (node === undefined || depth > 3) return false;
      const received = flows.received(node);
      if (received?.path.includes('params') || received?.path.includes('param')) return true;
      return program.origins(node).some((origin) => {
        const value = program.valueOf(origin);
        return (
          value.kind === 'object' &&
          value.properties.some(
            ({ name, value: inner }) =>
              /^(_?id|where|uuid|slug)$/.test(name ?? '') && idIn(program.child(origin, inner), depth + 1),
          )
        );
      });
    }
  },
  examples: [
    unsure('An order of anybody', {
      'app.js': `const express = require('express');\nconst mongoose = require('mongoose');\nconst Order = mongoose.model('Order', new mongoose.Schema({ total: Number }));\nconst app = express();\nconst requireUser = (req, res, next) => (req.session.user ? next() : res.sendStatus(401));\napp.get('/orders/:id', requireUser, async (req, res) => res.json(await «Order.findById(req.params.id)»));\napp.listen(3000);\n`,
    }),
    unsure('Deleted by a service of another file', {
      'app.ts': `import express from 'express';\nimport { remove } from './orders.ts';\nconst app = express();\napp.use((req, res, next) => (req.headers.authorization ? next() : res.sendStatus(401)));\napp.delete('/orders/:id', async (req, res) => res.json(await remove(req.params.id)));\napp.listen(3000);\n`,
      'orders.ts': `import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nexport const remove = (id: string) => «prisma.order.delete({ where: { id } })»;\n`,
    }),
    good('With its owner, compared after, or for admins', {
      'app.js': `const express = require('express');\nconst { Order } = require('./order');\nconst app = express();\nconst requireUser = (req, res, next) => (req.session.user ? next() : res.sendStatus(401));\nconst requireAdmin = (req, res, next) => (req.user.isAdmin ? next() : res.sendStatus(403));\napp.get('/orders/:id', requireUser, async (req, res) => res.json(await Order.findOne({ _id: req.params.id, owner: req.user.id })));\napp.put('/orders/:id', requireUser, async (req, res) => {\n  const order = await Order.findById(req.params.id);\n  if (order.userId !== res.locals.id) return res.sendStatus(404);\n  res.json(order);\n});\napp.delete('/orders/:id', requireUser, requireAdmin, async (req, res) => res.json(await Order.deleteOne({ _id: req.params.id })));\napp.listen(3000);\n`,
      'order.js': `const mongoose = require('mongoose');\nexports.Order = mongoose.model('Order', new mongoose.Schema({}));\n`,
    }),
    good('Open to everybody', {
      'app.js': `import express from 'express';\nimport { Book } from './book.js';\nconst app = express();\napp.get('/books/:id', async (req, res) => res.json(await Book.findById(req.params.id)));\napp.listen(3000);\n`,
      'book.js': `import mongoose from 'mongoose';\nexport const Book = mongoose.model('Book', new mongoose.Schema({}));\n`,
    }),
  ],
});
