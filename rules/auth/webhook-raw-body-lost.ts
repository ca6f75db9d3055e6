import { bad, defineRule, good } from '../../src/rule/rule.ts';

const SIGNATURE = /signature|hmac|x-hub|digest/i;

export default defineRule({
  id: 'auth/webhook-raw-body-lost',
  ensures: 'The signature of a webhook is checked over the bytes that were sent.',
  severity: 'medium',
  roles: ['service', 'function'],
  cwe: 347,
  owasp: 'A07',
  why: `A sender signs bytes. Once a JSON parser has read them they are gone: every genuine event is refused, until somebody
switches the check off. What \`JSON.stringify\` makes of the object again differs by a space or the order of keys.`,
  fix: "Register `express.raw({ type: 'application/json' })` for the webhook before `express.json()`, or keep the bytes with its `verify` option; in Nest, `rawBody: true` and `req.rawBody`.",
  references: ['https://docs.stripe.com/webhooks/signature', 'https://docs.nestjs.com/faq/raw-body'],
  needs: ['apps', 'program', 'code', 'flows', 'handlers'],
  about: {
    what: 'signature of a webhook',
    isIn: ({ program }) =>
      program.callsNamed('constructEvent', 'constructEventAsync', 'createHmac').length > 0 ||
      program.callsTo('svix.Webhook', 'crypto.createHmac').length > 0,
  },
  *check({ apps, program, code, flows, handlers }) {
    const verifying = [
      ...program.callsNamed('constructEvent', 'constructEventAsync'),
      ...program.callsTo('svix.Webhook().verify'),
    ];
    for (const call of verifying) {
      const body = program.argument(call, 0);
      if (body === undefined || !isBody(body)) continue;
      const parser = parserBefore(call);
      if (parser === undefined) continue;
      yield {
        at: program.locationOf(body),
        message: `${program.describe(body)} is what ${parser.name} has made of the bytes; ${program.describe(call).replace(/\(.*$/s, '').replace(/^.*\./, '')} needs the bytes.`,
        ...(parser.at && { trail: [{ at: parser.at, note: 'This reads the body first.' }] }),
      };
    }
    for (const call of program.callsTo(/^crypto\.createHmac\(\)(\..*)?\.update$/)) {
      const [text] = [program.argument(call, 0)].flatMap((node) => (node === undefined ? [] : program.origins(node)));
      const inner =
        text !== undefined && code.apiOf(text).includes('JSON.stringify') ? program.argument(text, 0) : undefined;
      const owner = code.ownerOf(call);
      if (text === undefined || inner === undefined || !isBody(inner) || !owner || !namesSignature(owner)) continue;
      yield {
        at: program.locationOf(text),
        severity: 'low',
        message: `The signature is computed over ${program.describe(inner)} put into text again, not over the bytes that were signed.`,
      };
    }

    /** All of a body, as it was parsed. */
    function isBody(node: number): boolean {
      return program.origins(node).every((origin) => {
        const value = program.valueOf(origin);
        const received = value.kind === 'member' ? flows.received(origin) : undefined;
        return received?.node === origin && received.path.length === 1 && received.path[0] === 'body';
      });
    }

    function namesSignature({ module, fact }: NonNullable<ReturnType<typeof code.ownerOf>>): boolean {
      return module.facts.values.some(
        (value) =>
          value.at[0] >= fact.at[0] &&
          value.at[1] <= fact.at[1] &&
          ((value.kind === 'literal' &&
            typeof value.value === 'string' &&
            value.value.length < 60 &&
            SIGNATURE.test(value.value)) ||
            (value.kind === 'member' &&
              /^(x-|stripe-)/.test(value.property ?? '') &&
              SIGNATURE.test(value.property ?? ''))),
      );
    }

    /** What has read the body before the handler a call is in; undefined where nothing has, or it cannot be seen. */
    function parserBefore(call: number): { name: string; at?: (typeof apps.routes)[number]['at'] } | undefined {
      const fn = handlers.reach(call)?.handler.fn.node;
      const routes = apps.routes.filter(({ handlers: own }) =>
        own.some(({ node }) => program.functionAt(node)?.node === fn),
      );
      const [route] = routes;
      if (!route || fn === undefined) return undefined;
      if (route.app.framework === 'fastify') {
        const isKept =
          program.callsNamed('addContentTypeParser').length > 0 ||
          [...program.modules.values()].some(({ facts }) =>
            facts.imports.some(({ module }) => /raw-body/.test(module ?? '')),
          );
        return isKept ? undefined : { name: "Fastify's own parser" };
      }
      const readers = route.chain.filter(({ effects }) =>
        effects.some(({ kind }) => kind === 'body' || kind === 'unknown'),
      );
      const [first] = readers;
      if (route.app.framework === 'nest' && !first) {
        const own = ['bodyParser', 'rawBody'].map((name) => code.option(route.app.node, 1, name));
        return own.every(({ state }) => state === 'absent') ? { name: "Nest's own parser" } : undefined;
      }
      const effect = first?.effects.find(({ kind, by }) => kind === 'body' && by === 'package');
      // a function around the parser may leave the webhook out
      if (
        !first ||
        !effect ||
        first.partly ||
        program.functionAt(first.node) ||
        !/^(json|any)$/.test(effect.format ?? '')
      )
        return undefined;
      const isPlain =
        effect.options === undefined ||
        ['verify', 'type'].every((name) => code.property(effect.options ?? 0, name).state === 'absent');
      return isPlain && !/raw|text/.test(first.name) ? { name: first.name, at: first.at } : undefined;
    }
  },
  examples: [
    bad('express.json() before express.raw()', {
      'app.js': `const express = require('express');\nconst stripe = require('stripe')(process.env.KEY);\nconst { fulfil } = require('./orders');\nconst app = express();\napp.use(express.json());\napp.post('/webhook', express.raw({ type: 'application/json' }), async (req, res) => {\n  const event = stripe.webhooks.constructEvent(«req.body», req.get('stripe-signature'), process.env.SECRET);\n  await fulfil(event);\n  res.json({});\n});\napp.listen(3000);\n`,
      'orders.js': `exports.fulfil = async (event) => event;\n`,
    }),
    bad('Put into text again', {
      'app.js': `const express = require('express');\nconst crypto = require('crypto');\nconst { deploy } = require('./deploy');\nconst app = express();\napp.use(express.json());\napp.post('/github', (req, res) => {\n  const own = crypto.createHmac('sha256', process.env.KEY).update(«JSON.stringify(req.body)»).digest();\n  if (!crypto.timingSafeEqual(own, Buffer.from(req.get('x-hub-signature-256') ?? '', 'hex'))) return res.sendStatus(401);\n  deploy(req.body);\n  res.sendStatus(200);\n});\napp.listen(3000);\n`,
      'deploy.js': `exports.deploy = (event) => event;\n`,
    }),
    bad('Fastify and Nest, which read JSON of themselves', {
      'app.js': `import Fastify from 'fastify';\nimport Stripe from 'stripe';\nconst stripe = new Stripe(process.env.KEY);\nconst app = Fastify();\napp.post('/webhook', async (request) => stripe.webhooks.constructEvent(«request.body», request.headers['stripe-signature'], process.env.SECRET).id);\nawait app.listen({ port: 3000 });\n`,
      'main.ts': `import { Controller, Headers, Module, Post, Req } from '@nestjs/common';\nimport { NestFactory } from '@nestjs/core';\nimport type { Request } from 'express';\nimport Stripe from 'stripe';\nconst stripe = new Stripe(process.env.KEY!);\n@Controller('webhooks')\nexport class Webhooks {\n  @Post('stripe') stripe(@Req() req: Request, @Headers('stripe-signature') signature: string) {\n    return stripe.webhooks.constructEvent(«req.body», signature, process.env.SECRET!).id;\n  }\n}\n@Module({ controllers: [Webhooks] })\nexport class AppModule {}\nconst app = await NestFactory.create(AppModule);\nawait app.listen(3001);\n`,
    }),
    good('Raw before JSON', {
      'app.js': `const express = require('express');\nconst stripe = require('stripe')(process.env.KEY);\nconst app = express();\napp.post('/webhook', express.raw({ type: 'application/json' }), (req, res) => res.json(stripe.webhooks.constructEvent(req.body, req.get('stripe-signature'), process.env.SECRET).id));\napp.use(express.json());\napp.listen(3000);\n`,
    }),
    good('The bytes kept by the parser, or left out of it', {
      'app.js': `const express = require('express');\nconst stripe = require('stripe')(process.env.KEY);\nconst app = express();\napp.use(express.json({ verify: (req, res, bytes) => { req.rawBody = bytes; } }));\napp.post('/webhook', (req, res) => res.json(stripe.webhooks.constructEvent(req.rawBody, req.get('stripe-signature'), process.env.SECRET).id));\napp.listen(3000);\n`,
      'other.js': `const express = require('express');\nconst stripe = require('stripe')(process.env.KEY);\nconst app = express();\nconst json = express.json();\napp.use((req, res, next) => (req.originalUrl === '/webhook' ? next() : json(req, res, next)));\napp.post('/webhook', express.raw({ type: '*/*' }), (req, res) => res.json(stripe.webhooks.constructEvent(req.body, req.get('stripe-signature'), process.env.SECRET).id));\napp.listen(3001);\n`,
    }),
  ],
});
