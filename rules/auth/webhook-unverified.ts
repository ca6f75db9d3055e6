import { bad, defineRule, good } from '../../src/rule/rule.ts';

const WEBHOOK = /(^|\/)([\w-]*web-?hooks?|hooks?|ipn|postback)(\/|$)/i;
const PAYMENT =
  /stripe|paypal|razorpay|paystack|adyen|braintree|mollie|square|checkout|payment|billing|flutterwave|klarna|lemon|paddle/i;
const SIGNED =
  /signature|hmac|x-hub|x-signature|webhook-?(id|secret|token|key)|svix|x-gitlab-token|paypal-transmission|verif-hash|token|secret|authorization|api-?key/i;
const CHECKS =
  /constructEvent|verif|valid|signature|createHmac|timingSafeEqual|hmac|isFrom|authenticat|authoriz|webhook\w*(receive|handle)|unwrap|compare/i;

export default defineRule({
  id: 'auth/webhook-unverified',
  ensures: 'A webhook believes only what its sender has signed.',
  severity: 'medium',
  roles: ['service', 'function'],
  cwe: 345,
  owasp: 'A07',
  why: 'The address of a webhook is no secret. Whoever knows it reports payments that were never made, and the service delivers.',
  fix: 'Check the signature over the raw body before anything else: `stripe.webhooks.constructEvent(rawBody, signature, secret)`.',
  references: [
    'https://docs.stripe.com/webhooks#verify-official-libraries',
    'https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries',
  ],
  needs: ['apps', 'program', 'code'],
  about: {
    what: 'webhook',
    isIn: ({ apps }) => apps.routes.some(({ path }) => WEBHOOK.test(path ?? '')),
  },
  *check({ apps, program, code }) {
    const seen = new Set<number>();
    for (const route of apps.routes) {
      const { method, path, app, chain, handlers, pathAt } = route;
      const own = handlers.at(-1);
      if (!/^(POST|ALL)$/.test(method) || path === undefined || !WEBHOOK.test(path) || app.serving === 'no' || !own)
        continue;
      // a route that lets users manage their webhooks
      if (/:[^/]*id|\{|\/(test|register|create|subscriptions?)(\/|$)/i.test(path)) continue;
      const fn = program.functionAt(own.node);
      if (!fn || seen.has(own.node)) continue;
      seen.add(own.node);
      if (
        chain.some(
          (link) =>
            link.effects.some(({ kind }) => kind === 'auth' || kind === 'role' || kind === 'unknown') ||
            (link !== own && CHECKS.test(link.name)),
        )
      )
        continue;
      const functions = chain.flatMap(({ node }) => {
        const each = program.functionAt(node);
        return each ? [each, ...code.runs(each)] : [];
      });
      const isChecked = functions.some(({ module, fact }) =>
        module.facts.values.some((value) => {
          if (value.at[0] < fact.at[0] || value.at[1] > fact.at[1]) return false;
          if (value.kind === 'literal')
            return typeof value.value === 'string' && value.value.length < 60 && SIGNED.test(value.value);
          if (value.kind === 'member') return SIGNED.test(value.property ?? '');
          return value.kind === 'call' && CHECKS.test(program.describe(module.first + value.callee));
        }),
      );
      const works = functions.some((each) =>
        code
          .callsIn(each)
          .some(
            (call) => !/^(console|log|logger|res|ctx|reply|response|next|JSON|Object)\b/.test(program.describe(call)),
          ),
      );
      if (isChecked || !works) continue;
      yield {
        at: pathAt,
        message: `${method} ${path} acts on whatever it is sent: nothing checks who signed it.`,
        confidence: 'likely',
        ...(PAYMENT.test(path) && { severity: 'high' as const }),
      };
    }
  },
  examples: [
    bad('A payment', {
      'app.js': `const express = require('express');\nconst { Order } = require('./order');\nconst app = express();\napp.use(express.json());\napp.post(«'/webhooks/stripe'», async (req, res) => {\n  if (req.body.type === 'checkout.session.completed') await Order.updateOne({ id: req.body.data.object.id }, { paid: true });\n  res.sendStatus(200);\n});\napp.listen(3000);\n`,
    }),
    bad('In Fastify, by a function of another file', {
      'app.ts': `import Fastify from 'fastify';\nimport { deliver } from './deliver.ts';\nconst app = Fastify();\napp.post(«'/webhook'», async (request) => {\n  await deliver(request.body);\n  return {};\n});\nawait app.listen({ port: 3000 });\n`,
      'deliver.ts': `export const deliver = (event: unknown) => fetch('https://stock.example/deliver', { method: 'POST', body: JSON.stringify(event) });\n`,
    }),
    good('Signed', {
      'app.js': `const express = require('express');\nconst stripe = require('stripe')(process.env.STRIPE_KEY);\nconst { deliver, verify } = require('./github');\nconst app = express();\napp.post('/webhooks/stripe', express.raw({ type: 'application/json' }), async (req, res) => {\n  const event = stripe.webhooks.constructEvent(req.body, req.get('stripe-signature'), process.env.STRIPE_SECRET);\n  await deliver(event);\n  res.sendStatus(200);\n});\napp.post('/webhooks/github', verify, async (req, res) => res.json(await deliver(req.body)));\napp.listen(3000);\n`,
      'github.js': `const crypto = require('crypto');\nexports.verify = (req, res, next) => {\n  const own = crypto.createHmac('sha256', process.env.KEY).update(req.rawBody).digest('hex');\n  if (req.get('x-hub-signature-256') !== 'sha256=' + own) return res.sendStatus(401);\n  next();\n};\nexports.deliver = async (event) => fetch('https://stock.example', { method: 'POST', body: JSON.stringify(event) });\n`,
    }),
    good('A setting of users, and one that only answers', {
      'app.ts': `import express from 'express';\nimport { save } from './save.ts';\nconst app = express();\napp.post('/webhooks/:id', async (req, res) => res.json(await save(req.body)));\napp.post('/webhook', (req, res) => res.sendStatus(200));\napp.listen(3000);\n`,
      'save.ts': `export const save = async (body: unknown) => body;\n`,
    }),
  ],
});
