import { bad, defineRule, good } from '../../src/rule/rule.ts';

const start = (script: string): Record<string, string> => ({
  'package.json': `{ "name": "a", "scripts": { "start": ${script} }, "dependencies": {} }\n`,
});

export default defineRule({
  id: 'lifecycle/dev-start',
  ensures: 'The start script runs the program as production does.',
  severity: 'medium',
  roles: ['any'],
  cwe: 489,
  owasp: 'A02',
  why: 'A watcher restarts on every file that changes, hides crashes from the supervisor, swallows signals and needs development dependencies, which a production install leaves out: the container does not start.',
  fix: 'Build first and start what was built: `"start": "node dist/server.js"`. Keep the watcher in `"dev"`.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/NodeJS_Docker_Cheat_Sheet.html'],
  needs: ['manifests'],
  *check({ manifests }) {
    for (const { scripts, kind, folder } of manifests.all) {
      const called = new Set(scripts.flatMap(({ name }) => (isStart(name) ? [name] : [])));
      for (const { name, programs, text, at } of scripts) {
        if (!called.has(name) || kind === 'library') continue;
        const runner = programs.map(runnerOf).find((found) => found !== undefined);
        const development = /\bNODE_ENV=(dev|development)\b/.test(text);
        const inspector = /--inspect(-brk)?\b/.test(text);
        const what = runner
          ? `starts ${runner}, a tool for development`
          : development
            ? 'sets NODE_ENV to development'
            : inspector
              ? 'opens the debugger'
              : undefined;
        if (what === undefined) continue;
        yield { at, message: `The ${name} script ${what}.`, ...(folder !== '' && { severity: 'low' as const }) };
      }
    }
  },
  examples: [
    bad('A watcher', start('«"nodemon src/server.js"»')),
    bad('Behind a variable', start('«"NODE_ENV=production nodemon server.js"»')),
    bad('The server of a bundler', start('«"next dev"»')),
    bad('Node.js watching', start('«"node --watch server.js"»')),
    bad('As in development', start('«"cross-env NODE_ENV=development node server.js"»')),
    good('What was built', start('"node dist/server.js"')),
    good('The production server of a framework', start('"next start -p 3000"')),
    good('A watcher where it belongs', {
      'package.json':
        '{ "name": "a", "scripts": { "dev": "nodemon server.js", "start": "node server.js", "start:dev": "nest start --watch" } }\n',
    }),
  ],
});

const isStart = (name: string): boolean => /^(start|serve|prod|production|start:prod|start:production)$/.test(name);

/** The development tool a command starts, if it is one. */
function runnerOf(words: readonly string[]): string | undefined {
  const [first = '', second = ''] = words;
  if (/^(npx|bunx|pnpx)$/.test(first)) return runnerOf(words.slice(1).filter((word) => !word.startsWith('-')));
  if (/^(nodemon|ts-node-dev|tsnd|node-dev|supervisor|babel-watch|webpack-dev-server)$/.test(first)) return first;
  if (/^(next|nuxt|nuxi|vite|astro|remix|wrangler|vercel|netlify)$/.test(first) && second === 'dev')
    return `${first} dev`;
  if (first === 'webpack' && second === 'serve') return 'webpack serve';
  if (first === 'nest' && second === 'start') return words.includes('--watch') ? 'nest start --watch' : undefined;
  if (first === 'react-scripts' && second === 'start') return undefined; // a front end: built elsewhere
  if (/^(node|tsx|ts-node|bun)$/.test(first) && words.some((word) => /^(--watch|watch)$/.test(word)))
    return `${first} --watch`;
  return undefined;
}
