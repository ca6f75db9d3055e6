import { bad, defineRule, good } from '../../src/rule/rule.ts';

const FOR_FEW = /(^|\/)(admin|admins|administration|backoffice|superuser|manage(ment)?)(\/|$)/i;

export default defineRule({
  id: 'auth/role-guard-missing',
  ensures: 'Routes for administrators ask for their role.',
  severity: 'medium',
  roles: ['service', 'function'],
  cwe: 285,
  owasp: 'A01',
  why: 'The route asks at most whether somebody is logged in, and not who. Every user who guesses its path is an administrator.',
  fix: 'Add the role guard the other routes have, or put it once before the whole router: `router.use(requireAdmin)`.',
  references: ['https://owasp.org/Top10/A01_2021-Broken_Access_Control/'],
  needs: ['apps'],
  about: {
    what: 'route for administrators',
    isIn: ({ apps }) => apps.routes.some(({ path }) => FOR_FEW.test(path ?? '')),
  },
  *check({ apps }) {
    const asksRole = ({ effects }: (typeof apps.routes)[number]['chain'][number]): boolean =>
      effects.some(({ kind }) => kind === 'role');
    const example = apps.routes.find(({ chain }) => chain.some(asksRole));
    if (!example) return;
    const isKnown = (own: (typeof apps.routes)[number]['chain'][number] | undefined): boolean =>
      own !== undefined && !own.effects.some(({ kind }) => kind === 'unknown');
    const seen = new Set<string>();
    for (const route of apps.routes) {
      const { path, pathAt, method, chain, handlers, app, condition } = route;
      if (path === undefined || !FOR_FEW.test(path) || app.serving === 'no' || condition === 'development') continue;
      if (/log-?(in|out)|sign-?in|forgot|reset/i.test(path) || route.purpose !== 'other') continue;
      const key = `${pathAt.path}:${pathAt.start}`;
      const isAsked = chain.some(
        (link) => link !== handlers.at(-1) && link.effects.some(({ kind }) => kind === 'auth'),
      );
      // what cannot be seen may ask; so may a guard whose name says so
      const may = chain.some(
        (link) =>
          asksRole(link) ||
          link.effects.some(({ kind }) => kind === 'unknown') ||
          // the key of an instance is no user's, and has no role
          /admin|role|permission|can|allow|acl|staff|api-?_?key/i.test(link.name),
      );
      // an address for administrators may be a page, which asks for what it shows
      const isPage = method === 'GET' && /(^|\/)(admins?|administration|backoffice)$/i.test(path);
      const isOpen = !isPage && apps.protectionOf(route, 'auth').state === 'absent' && isKnown(handlers.at(-1));
      if (!(isAsked || isOpen) || may || seen.has(key)) continue;
      seen.add(key);
      const guard = example.chain.find(asksRole);
      yield {
        at: pathAt,
        message: `${method} ${path} lets in everybody${isAsked ? ' who is logged in' : ''}; ${guard?.name ?? 'a role guard'} is not on its way.`,
        ...(!isAsked && { severity: 'high' }),
        confidence: 'likely',
        repair: pathAt.path,
        trail: [{ at: example.pathAt, note: `${example.method} ${example.path ?? '?'} asks for a role.` }],
      };
    }
  },
  examples: [
    bad('One that was forgotten', {
      'app.js': `const express = require('express');\nconst app = express();\nconst requireUser = (req, res, next) => (req.session.user ? next() : res.sendStatus(401));\nconst requireAdmin = (req, res, next) => (req.user.isAdmin ? next() : res.sendStatus(403));\napp.get('/admin/users', requireUser, requireAdmin, (req, res) => res.json([]));\napp.delete(«'/admin/users/:id'», requireUser, (req, res) => res.json({}));\napp.listen(3000);\n`,
    }),
    bad('Fastify, in a plugin with a prefix', {
      'app.js': `import Fastify from 'fastify';\nimport { admin } from './admin.js';\nconst app = Fastify();\napp.addHook('onRequest', async (request, reply) => {\n  if (!request.headers.authorization) return reply.code(401).send();\n});\napp.register(admin, { prefix: '/admin' });\nawait app.listen({ port: 3000 });\n`,
      'admin.js': `const onlyAdmins = async (request, reply) => {\n  if (!request.user.roles.includes('admin')) return reply.code(403).send();\n};\nexport async function admin(app) {\n  app.get('/users', { preHandler: onlyAdmins }, async () => []);\n  app.post(«'/settings'», async () => ({}));\n}\n`,
    }),
    bad('Nobody is asked at all', {
      'admin.controller.ts': `import { Controller, Delete, Get, Param, UseGuards } from '@nestjs/common';\nimport { AdminGuard } from './admin.guard';\n@Controller('admin')\nexport class AdminController {\n  @Get('users')\n  @UseGuards(AdminGuard)\n  users() {\n    return [];\n  }\n  @«Delete('users/:id')»\n  remove(@Param('id') id: string) {\n    return id;\n  }\n}\n`,
      'admin.guard.ts': `import { CanActivate, ExecutionContext, Injectable } from '@nestjs/common';\n@Injectable()\nexport class AdminGuard implements CanActivate {\n  canActivate(context: ExecutionContext) {\n    return context.switchToHttp().getRequest().user?.isAdmin === true;\n  }\n}\n`,
      'app.module.ts': `import { Module } from '@nestjs/common';\nimport { AdminController } from './admin.controller';\n@Module({ controllers: [AdminController] })\nexport class AppModule {}\n`,
      'main.ts': `import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nasync function start() {\n  const app = await NestFactory.create(AppModule);\n  await app.listen(3000);\n}\nstart();\n`,
    }),
    good('A key of the whole instance, which is no user', {
      'app.js': `const express = require('express');\nconst app = express();\nconst requireUser = (req, res, next) => (req.session.user ? next() : res.sendStatus(401));\nconst requireAdmin = (req, res, next) => (req.user.isAdmin ? next() : res.sendStatus(403));\nconst validApiKey = (req, res, next) => (keys.has(req.get('authorization')) ? next() : res.sendStatus(403));\nconst keys = new Set([process.env.API_KEY]);\napp.get('/admin/users', requireUser, requireAdmin, (req, res) => res.json([]));\napp.get('/api/admin/users', validApiKey, (req, res) => res.json([]));\napp.listen(3000);\n`,
    }),
    good('Asked for all of them', {
      'app.js': `const express = require('express');\nconst app = express();\nconst requireUser = (req, res, next) => (req.session.user ? next() : res.sendStatus(401));\nconst requireAdmin = (req, res, next) => (req.user.isAdmin ? next() : res.sendStatus(403));\napp.use('/admin', requireUser, requireAdmin);\napp.get('/admin/users', (req, res) => res.json([]));\napp.get('/orders', requireUser, (req, res) => res.json([]));\napp.listen(3000);\n`,
    }),
    good('The handler asks; no roles in this application', {
      'app.js': `import express from 'express';\nconst app = express();\nconst requireUser = (req, res, next) => (req.session.user ? next() : res.sendStatus(401));\napp.get('/admin/a', requireUser, (req, res) => {\n  if (!req.user.isAdmin) return res.sendStatus(403);\n  res.json([]);\n});\napp.get('/manage/b', requireUser, async (req, res) => {\n  if (!req.user.isAdmin) return res.sendStatus(403);\n  res.json([]);\n});\napp.listen(3000);\n`,
    }),
  ],
});
