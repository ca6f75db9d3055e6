import { bad, defineRule, good } from '../../src/rule/rule.ts';

const APP = '{ "name": "shop", "dependencies": { "dotenv": "^17.0.0" } }\n';

export default defineRule({
  id: 'config/dotenv-not-ignored',
  ensures: 'Git ignores `.env`.',
  severity: 'medium',
  roles: ['any'],
  cwe: 538,
  owasp: 'A02',
  why: 'The next `git add .` of anyone with a filled-in `.env` publishes every credential in it.',
  fix: 'Add `.env`, `.env.*` and `!.env.example` to `.gitignore`.',
  references: ['https://git-scm.com/docs/gitignore'],
  needs: ['environment'],
  *check({ environment }) {
    const { files, loaders, ignoresDotenv, gitignore } = environment;
    if (ignoresDotenv !== false || !gitignore || loaders.size === 0) return;
    // committed on purpose, or by mistake: another rule judges what is in it
    if (files.some(({ path, tracked }) => path === '.env' && tracked === 'tracked')) return;
    yield {
      at: gitignore,
      message: '.gitignore does not keep .env out, and the project reads one.',
      edits: [
        { path: gitignore.path, start: gitignore.end, end: gitignore.end, text: '\n.env\n.env.*\n!.env.example' },
      ],
    };
  },
  examples: [
    bad(
      'No line for it',
      { 'package.json': APP, '.gitignore': 'node_modules\n«dist»\n' },
      { '.gitignore': 'node_modules\ndist\n.env\n.env.*\n!.env.example\n' },
    ),
    bad(
      'Taken back again; read by Node.js itself',
      {
        'package.json': '{ "name": "a", "scripts": { "start": "node --env-file=.env a.js" } }\n',
        '.gitignore': '.env\n«!.env»\n',
      },
      {
        '.gitignore': '.env\n!.env\n.env\n.env.*\n!.env.example\n',
      },
    ),
    good('Ignored by name or by pattern', { 'package.json': APP, '.gitignore': '.env*\n!.env.example\n' }),
    good('Ignored where it is read', {
      'server/package.json': APP,
      '.gitignore': 'node_modules\n',
      'server/.gitignore': 'dist\n.env\n',
    }),
    good('Nothing reads such a file', { 'package.json': '{ "name": "a" }\n', '.gitignore': 'node_modules\n' }),
  ],
});
