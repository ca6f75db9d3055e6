import { describe, expect, it } from 'vitest';
import { appsIn, protectionsOf } from './apps-in.ts';

const GUARD = `(req, res, next) => { if (!req.user) return res.status(401).end(); next(); }`;
const router = (path: string): string =>
  `const router = require('express').Router();\nrouter.get('${path}', ${GUARD}, (req, res) => res.end());\nmodule.exports = router;\n`;
const START = `const fs = require('fs');\nconst path = require('path');\nconst express = require('express');\nconst app = express();\n`;

describe('routers of a folder', () => {
  it('are mounted at the names of their files, those left out by name aside', async () => {
    const apps = await appsIn(
      {
        'app.js': `${START}app.use(require('./routes'));\napp.listen(3000);\n`,
        'routes/index.js': `const router = require('express').Router();\nrequire('fs').readdirSync(__dirname).filter((file) => {\n  const name = file.split('.').shift();\n  return name !== 'index' && name !== 'old' ? router.use(\`/\${name}\`, require(\`./\${name}\`)) : '';\n});\nmodule.exports = router;\n`,
        'routes/users.js': router('/'),
        'routes/cities.js': router('/:id'),
        'routes/old.js': router('/'),
      },
      'service',
    );
    expect(protectionsOf(apps, ['auth']).toSorted()).toEqual(['GET /cities/:id: auth', 'GET /users: auth']);
  });

  it('keep their own paths where they are mounted without one', async () => {
    const apps = await appsIn(
      {
        'app.js': `${START}fs.readdirSync(path.join(__dirname, 'routes')).forEach((file) => app.use('/api', require(path.join(__dirname, 'routes', file))));\napp.listen(3000);\n`,
        'routes/users.js': router('/users'),
        'routes/cities.js': router('/cities'),
      },
      'service',
    );
    expect(protectionsOf(apps, ['auth']).toSorted()).toEqual(['GET /api/cities: auth', 'GET /api/users: auth']);
  });

  it('are functions that are given the application', async () => {
    const apps = await appsIn(
      {
        'app.js': `${START}fs.readdirSync('./routes').forEach((file) => require('./routes/' + file)(app));\napp.listen(3000);\n`,
        'routes/users.js': `module.exports = (app) => { app.get('/users', ${GUARD}, (req, res) => res.end()); };\n`,
        'routes/cities.js': `module.exports = (app) => { app.route('/cities').get((req, res) => res.end()); };\n`,
      },
      'service',
    );
    expect(protectionsOf(apps, ['auth']).toSorted()).toEqual(['GET /cities:', 'GET /users: auth']);
  });

  it('are imported one by one', async () => {
    const apps = await appsIn(
      {
        'app.mjs': `import fs from 'node:fs';\nimport express from 'express';\nconst app = express();\nfor (const file of fs.readdirSync(new URL('./routes', import.meta.url))) {\n  const { default: router } = await import(\`./routes/\${file}\`);\n  app.use('/api', router);\n}\napp.listen(3000);\n`,
        'routes/users.mjs': `import { Router } from 'express';\nconst router = Router();\nrouter.get('/users', ${GUARD}, (req, res) => res.end());\nexport default router;\n`,
      },
      'service',
    );
    expect(protectionsOf(apps, ['auth'])).toEqual(['GET /api/users: auth']);
  });

  it('are those a glob matches', async () => {
    const apps = await appsIn(
      {
        'app.js': `${START}const glob = require('glob');\nglob.sync('./src/**/*.route.js').forEach((file) => app.use(require(path.resolve(file))));\napp.listen(3000);\n`,
        'src/users/users.route.js': router('/users'),
        'src/users/users.model.js': `module.exports = {};\n`,
      },
      'service',
    );
    expect(protectionsOf(apps, ['auth'])).toEqual(['GET /users: auth']);
  });

  it('may be any where nothing says which', async () => {
    const apps = await appsIn(
      {
        'app.js': `${START}for (const file of process.env.ROUTES.split(',')) app.use(require(file));\napp.get('/a', (req, res) => res.end());\napp.listen(3000);\n`,
      },
      'service',
    );
    expect(apps.apps[0]?.escapes.map(({ to }) => to)).toEqual(['a module whose name is computed']);
    expect(protectionsOf(apps, ['auth'])).toEqual(['GET /a: auth?']);
  });
});
