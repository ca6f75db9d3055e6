import { describe, expect, it } from 'vitest';
import { appsIn, protectionsOf } from './apps-in.ts';
import type { DeclaredGate } from '../flows/surroundings.ts';

const KINDS = ['auth', 'role', 'limiter', 'csrf', 'validator'] as const;

async function protectedBy(
  files: Readonly<Record<string, string>>,
  ...gates: readonly DeclaredGate[]
): Promise<readonly string[]> {
  return protectionsOf(await appsIn(files, 'service', { gates }), KINDS);
}

describe('a gate the user declares', () => {
  it('covers the routes it stands before in Express, made by a call or of a package', async () => {
    const files = {
      'app.js': `const app = require('express')();
const { known, may } = require('./gates');
const shield = require('shield');
app.get('/open', (req, res) => res.json([]));
app.use(known);
app.get('/own', (req, res) => res.json([]));
app.post('/all', may('admin'), shield.limit({ max: 3 }), (req, res) => res.json([]));
app.listen(3000);
`,
      'gates.js': `exports.known = function known(req, res, next) { next(); };
exports.may = function may(role) { return (req, res, next) => next(); };
`,
    };
    expect(await protectedBy(files)).toEqual([
      'GET /open:',
      'GET /own:',
      'POST /all: auth? role? limiter? csrf? validator?',
    ]);
    expect(
      await protectedBy(
        files,
        { call: 'known', is: 'auth' },
        { call: './gates.js#may', is: 'role' },
        { call: 'shield.limit', is: 'limiter' },
      ),
    ).toEqual(['GET /open:', 'GET /own: auth', 'POST /all: auth role limiter']);
    expect(await protectedBy(files, { call: 'other.js#known', is: 'auth' })).toContain('GET /own:');
  });

  it('counts where a handler calls it, and around a handler', async () => {
    const files = {
      'app.ts': `import { Hono } from 'hono';
import { caller } from 'our-sso';
import { withToken } from './with-token.ts';
const app = new Hono();
app.post('/a', async (c) => { await caller(c.req.raw); return c.json({}); });
app.post('/b', withToken(async (c) => c.json({})));
export default app;
`,
      'with-token.ts': `export const withToken = (handler) => (c) => handler(c);\n`,
    };
    const gates = [{ call: 'our-sso.caller', is: 'auth' } as const, { call: 'withToken', is: 'csrf' } as const];
    expect(await protectedBy(files, ...gates)).toEqual(['POST /a: auth', 'POST /b: csrf']);
  });

  it('may be a guard class of Nest, and what Fastify keeps under a name', async () => {
    const nest = {
      'main.ts': `import { NestFactory } from '@nestjs/core';
import { Module, Controller, Get, UseGuards } from '@nestjs/common';
import { TenantGate } from './gate.ts';
@Controller('items')
export class Items {
  @Get() @UseGuards(TenantGate) all() { return []; }
}
@Module({ controllers: [Items] })
class AppModule {}
const app = await NestFactory.create(AppModule);
await app.listen(3000);
`,
      'gate.ts': `import { Injectable } from '@nestjs/common';
@Injectable()
export class TenantGate { canActivate() { return true; } }
`,
    };
    expect(await protectedBy(nest, { call: 'TenantGate', is: 'role' })).toEqual(['GET /items: role']);
    const fastify = {
      'app.js': `import Fastify from 'fastify';
import sso from 'our-sso';
const app = Fastify();
app.register(sso);
app.get('/', { onRequest: [app.verified] }, async () => []);
app.listen({ port: 3000 });
`,
    };
    expect(await protectedBy(fastify, { call: 'verified', is: 'auth' })).toEqual([
      expect.stringMatching(/: auth( |$)/),
    ]);
  });
});
