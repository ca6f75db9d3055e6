import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'dependencies/engines-missing',
  ensures: 'Every application says which Node.js it needs.',
  severity: 'low',
  roles: ['any'],
  cwe: 1357,
  owasp: 'A02',
  why: 'Platforms and colleagues pick whatever Node.js they have. The difference shows in production, as a syntax error or a changed default.',
  fix: 'Set `engines.node` to the line you deploy, for example `"engines": { "node": ">=24" }`.',
  references: ['https://docs.npmjs.com/cli/v11/configuring-npm/package-json#engines'],
  needs: ['manifests'],
  *check({ manifests }) {
    const { pinnedFolders } = manifests;
    for (const manifest of manifests.all) {
      const root = manifests.workspaceOf(manifest);
      const isStarted = manifest.folder === '' || manifest.scripts.some(({ name }) => name === 'start');
      if (!isStarted) continue;
      if (manifest.kind !== 'application' || root !== manifest || manifest.engines || manifest.pinned.length > 0)
        continue;
      if (pinnedFolders.some((folder) => folder === manifest.folder || folder === '')) continue;
      yield { at: manifest.at, message: `${manifest.path} does not say which Node.js it needs.` };
    }
  },
  examples: [
    bad('An application without the field', {
      'package.json': '{ «"name": "shop"», "scripts": { "start": "node a.js" } }\n',
      Dockerfile: 'FROM node:24\nCMD ["node", "a.js"]\n',
    }),
    bad('Nothing in the whole project says it', {
      'package.json': '{ «"name": "shop"», "scripts": { "start": "node a.js" } }\n',
      'a.js': "require('http').createServer((req, res) => res.end()).listen(3000);\n",
    }),
    good('The field, or a file that says it', {
      'package.json': '{ "name": "shop", "engines": { "node": ">=24" }, "scripts": { "start": "node a.js" } }\n',
    }),
    good('A version file', {
      'package.json': '{ "name": "shop", "scripts": { "start": "node a.js" } }\n',
      '.nvmrc': '24\n',
    }),
    good('A library, and packages of a workspace', {
      'package.json': '{ "name": "all", "private": true, "workspaces": ["apps/*"], "engines": { "node": ">=24" } }\n',
      'apps/api/package.json': '{ "name": "api", "scripts": { "start": "node a.js" } }\n',
      'libs/a/package.json': '{ "name": "a", "exports": "./a.js" }\n',
    }),
  ],
});
