import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/dockerignore-incomplete',
  ensures: 'The .dockerignore keeps out node_modules, .git, local settings and tests.',
  severity: 'medium',
  roles: ['any'],
  cwe: 538,
  owasp: 'A02',
  why: 'What gets through lands in the image: modules built for another system over the ones just installed, the whole history, or the settings of a developer.',
  fix: 'Append the named lines to the ignore file. Patterns are anchored at the context: `**/node_modules` covers every depth.',
  references: ['https://docs.docker.com/build/concepts/context/#dockerignore-files'],
  needs: ['images'],
  *check({ images }) {
    const seen = new Set<string>();
    for (const { broadCopies, ignore, passedBy, node, manifest, context } of images.production) {
      const [copy] = broadCopies;
      const isNode = node || (manifest && (context === '' || `${manifest.folder}/`.startsWith(`${context}/`)));
      // that a file of settings gets through has a rule of its own
      const told = images.copiedSecretFiles.some(
        ({ at, file }) => at.path === copy?.at.path && at.start === copy.at.start && /(^|\/)\.env/.test(file),
      );
      const lines = passedBy.lines.filter((line) => !(told && line === '.env'));
      if (ignore.path === undefined || !copy || !isNode || lines.length === 0 || seen.has(ignore.path)) continue;
      seen.add(ignore.path);
      const severity = passedBy.overwritesModules ? ('high' as const) : passedBy.minor ? ('low' as const) : undefined;
      const harm = passedBy.overwritesModules
        ? '; node_modules of the machine that builds overwrites what was installed'
        : '';
      yield {
        at: copy.at,
        message: `${ignore.path} lets ${lines.join(', ')} through${harm}.`,
        ...(severity && { severity }),
      };
    }
  },
  examples: [
    bad('No line for modules, history and settings', {
      Dockerfile: 'FROM node:24-slim\nCOPY package*.json ./\nRUN npm ci\n«COPY . .»\nCMD ["node", "server.js"]\n',
      '.dockerignore': 'dist\n*.log\n',
    }),
    bad('A pattern that covers the root only', {
      Dockerfile: 'FROM node:24-slim\n«COPY . .»\nRUN npm ci\nCMD ["node", "server.js"]\n',
      '.dockerignore': 'node_modules\n.git\n.env\n',
      'packages/api/package.json': '{}\n',
    }),
    bad('Tests that nobody needs there', {
      Dockerfile: 'FROM node:24-slim\n«COPY . .»\nCMD ["node", "server.js"]\n',
      '.dockerignore': '**/node_modules\n.*\n',
      'test/app.test.js': 'ok();\n',
    }),
    good('Everything that matters', {
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n',
      '.dockerignore': '**/node_modules\n.git\n.env*\ntest\n',
      'packages/api/package.json': '{}\n',
      'test/app.test.js': 'ok();\n',
    }),
    good('Everything hidden, or an allow-list', {
      'a/Dockerfile': 'FROM node:24-slim\nCOPY . .\nCMD ["node", "server.js"]\n',
      'a/.dockerignore': '.*\nnode_modules\n',
      'b/Dockerfile': 'FROM node:24-slim\nCOPY . .\nCMD ["node", "server.js"]\n',
      'b/.dockerignore': '*\n!src/**\n!package.json\n',
    }),
  ],
});
