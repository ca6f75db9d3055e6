import { describe, expect, it } from 'vitest';
import { appsIn, protectionsOf } from './apps-in.ts';

const START = `{ "name": "shop", "private": true, "scripts": { "start": "node main.js" } }`;

describe('Middleware', () => {
  it('without a name is what the function that made it says, whatever promise tells the result', async () => {
    const apps = await appsIn({
      'package.json': START,
      'main.js': `const { validateOrReject } = require('class-validator');
class HttpException extends Error { constructor(status, message) { super(message); this.status = status; } }
const ValidationMiddleware = (type) => (req, res, next) => {
  validateOrReject(Object.assign(new type(), req.body)).then(() => next()).catch((errors) => next(new HttpException(400, String(errors))));
};
const app = require('express')();
app.post('/users', ValidationMiddleware(class User {}), (req, res) => res.json({}));
app.get('/users', (req, res) => res.json([]));
app.listen(3000);\n`,
    });
    expect(protectionsOf(apps, ['validator'])).toEqual(['POST /users: validator', 'GET /users:']);
  });

  it('of one of several modules that are exported together is that one alone', async () => {
    const apps = await appsIn({
      'package.json': START,
      'guards/index.js': `export * from './session.js';\nexport * from './token.js';\n`,
      'guards/session.js': `export const session = (req, res, next) => (req.session.user ? next() : res.status(401).end());\n`,
      'guards/token.js': `export const token = (req, res, next) => (req.headers.authorization ? next() : res.status(401).end());\n`,
      'main.js': `import express from 'express';\nimport * as guards from './guards/index.js';\nconst app = express();\napp.get('/users', guards.token, (req, res) => res.json([]));\napp.listen(3000);\n`,
    });
    expect(apps.routes.map(({ chain }) => chain.map(({ name }) => name))).toEqual([['token', 'a function']]);
  });

  it('of a package that adds routes by itself is not known', async () => {
    const apps = await appsIn({
      'package.json': START,
      'main.js': `const { App } = require('./app.js');\nnew App([]).listen();\n`,
      'app.js': `const express = require('express');
const { useExpressServer } = require('routing-controllers');
exports.App = class App {
  constructor(controllers) { this.app = express(); this.addRoutes(controllers); }
  addRoutes(controllers) { useExpressServer(this.app, { controllers }); }
  listen() { this.app.listen(3000); }
};\n`,
    });
    expect(apps.apps.map(({ escapes }) => escapes.map(({ to }) => to))).toEqual([
      ['routing-controllers.useExpressServer'],
    ]);
  });
});
