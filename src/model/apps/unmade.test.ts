import { describe, expect, it } from 'vitest';
import { appsIn } from './apps-in.ts';

async function seen(text: string, assume?: 'service'): Promise<readonly string[]> {
  const { apps } = await appsIn({ 'part.js': text }, assume);
  return apps.map(
    ({ framework, serving, routes }) => `${framework} ${serving} ${routes.map(({ path }) => path).join(' ')}`,
  );
}

describe('an application that is made out of sight', () => {
  it('is a name nothing binds', async () => {
    expect(await seen(`app.use(check);\napp.get('/a', (req, res) => res.end());`)).toEqual(['express unknown /a']);
    expect(await seen(`app.get('/a', async (request, reply) => reply.send({}));`)).toEqual(['fastify unknown /a']);
    expect(await seen(`app.enableCors();\napp.use(x);`)).toEqual(['nest unknown ']);
  });

  it('is what a module that is not there exports', async () => {
    const text = `const app = require('./app');\napp.post('/login', (req, res) => res.end());\n`;
    expect(await seen(text)).toEqual(['express unknown /login']);
    expect(await seen(text, 'service')).toEqual(['express unknown /login']);
  });

  it('is a parameter of what the module exports', async () => {
    const text = `module.exports = (app, db) => {\n  app.post('/login', (req, res) => res.end());\n};\n`;
    expect(await seen(text)).toEqual(['express unknown /login']);
    expect(await seen(`module.exports = (db) => { db.get('/login', (req, res) => 1); };`)).toEqual([]);
  });

  it('is around a router that the module exports', async () => {
    const text = `const router = require('express').Router();\nrouter.get('/a', (req, res) => res.end());\nmodule.exports = router;\n`;
    expect(await seen(text)).toEqual(['express unknown /a']);
  });

  it('is around a controller that the module exports', async () => {
    const text = `import { Controller, Post } from '@nestjs/common';\n@Controller('auth')\nexport class Auth {\n  @Post('login')\n  login() {}\n}\n`;
    const { apps } = await appsIn({ 'auth.controller.ts': text });
    expect(apps.map(({ framework, routes }) => `${framework} ${routes.map(({ path }) => path).join(' ')}`)).toEqual([
      'nest /auth/login',
    ]);
  });

  it('is made by a function that is called out of sight', async () => {
    const text = `import express from 'express';\nexport function createApp() {\n  const app = express();\n  app.get('/a', (req, res) => res.end());\n  return app;\n}\n`;
    expect(await seen(text)).toEqual(['express unknown /a']);
  });

  it('is looked for beside a package.json that only lists packages', async () => {
    const part = `module.exports = (app) => app.get('/a', (req, res) => res.end());`;
    const { apps } = await appsIn({ 'package.json': '{"dependencies":{"express":"^4.19.2"}}', 'part.js': part });
    expect(apps.map(({ framework, serving }) => `${framework} ${serving}`)).toEqual(['express unknown']);
  });

  it('is not looked for in a package', async () => {
    const files = {
      'package.json': '{"name":"a","scripts":{"start":"node main.js"}}',
      'main.js': `const http = require('http');\nhttp.createServer(require('./part')).listen(80);`,
      'part.js': `app.get('/a', (req, res) => res.end());\nmodule.exports = (req, res) => res.end();`,
    };
    const { apps } = await appsIn(files);
    expect(apps.map(({ framework }) => framework)).toEqual(['http']);
  });
});
