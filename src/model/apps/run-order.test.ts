import { describe, expect, it } from 'vitest';
import { appsIn, protectionsOf } from './apps-in.ts';

const GUARD = `(req, res, next) => { if (!req.user) { res.statusCode = 401; return res.end(); } next(); }`;

async function guarded(framework: string, version: string, create: string, lines: string): Promise<readonly string[]> {
  const files = {
    'package.json': JSON.stringify({ name: 'a', dependencies: { [framework]: version } }),
    'app.js': `const ${framework} = require('${framework}');\nconst app = ${create};\n${lines}\napp.listen(3000);\n`,
  };
  return protectionsOf(await appsIn(files, 'service'), ['auth']);
}

const LATE = `app.get('/a', (req, res) => res.end());\napp.use(${GUARD});\napp.get('/b', (req, res) => res.end());`;
const BELOW = `app.use('/api/in', ${GUARD});\napp.get('/api/in/a', (req, res) => res.end());`;

describe('middleware that is registered after a route', () => {
  it('comes before it in Polka 0.x and in restify from 7 on', async () => {
    const both = ['GET /a: auth', 'GET /b: auth'];
    expect(await guarded('polka', '^0.5.2', 'polka()', LATE)).toEqual(both);
    expect(await guarded('restify', '^11.1.0', 'restify.createServer()', LATE)).toEqual(both);
  });

  it('comes after it in Polka 1.x and in restify up to 6', async () => {
    const second = ['GET /a:', 'GET /b: auth'];
    expect(await guarded('polka', '1.0.0-next.28', 'polka()', LATE)).toEqual(second);
    expect(await guarded('restify', '^6.4.0', 'restify.createServer()', LATE)).toEqual(second);
  });
});

it('Polka 0.x runs nothing that is registered below two segments', async () => {
  expect(await guarded('polka', '^0.5.2', 'polka()', BELOW)).toEqual(['GET /api/in/a:']);
  expect(await guarded('polka', '1.0.0-next.28', 'polka()', BELOW)).toEqual(['GET /api/in/a: auth']);
});
