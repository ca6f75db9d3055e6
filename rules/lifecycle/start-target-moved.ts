import { bad, defineRule, good } from '../../src/rule/rule.ts';

const project = (start: string, build = 'tsc', typescript = '^5.9.0'): string =>
  `{ "name": "a", "scripts": { "build": "${build}", "start": ${start} }, "devDependencies": { "typescript": "${typescript}" } }\n`;
const MAIN = { 'src/main.ts': "import './app';\n", 'src/app.ts': 'listen();\n' };

export default defineRule({
  id: 'lifecycle/start-target-moved',
  ensures: 'The compiler writes the program to where it is started.',
  severity: 'high',
  roles: ['any'],
  why: 'Without `rootDir`, TypeScript mirrors all it compiles from its common folder on. One file beside `src` moves the whole output a folder down: what is started is gone, or is what an older build left there.',
  fix: 'Set `rootDir` to `src` and `include` to `["src"]`, or leave the other file out of the build.',
  references: ['https://www.typescriptlang.org/tsconfig/#rootDir'],
  needs: ['misplaced'],
  *check({ misplaced }) {
    for (const { at, started, written, because, config } of misplaced)
      yield {
        at,
        message: `${started} is started, and the build writes ${written}, because ${because} is compiled as well.`,
        trail: [{ at: config, note: 'No `rootDir` is set here.' }],
      };
  },
  examples: [
    bad('A file beside src', {
      ...MAIN,
      'prisma/seed.ts': 'seed();\n',
      'package.json': project('«"node dist/main.js"»'),
      'tsconfig.json': '{ "compilerOptions": { "outDir": "./dist" }, "exclude": ["node_modules", "**/*.spec.ts"] }\n',
    }),
    bad('Through the configuration of a build', {
      ...MAIN,
      'drizzle.config.ts': 'export default {};\n',
      'test/app.e2e.ts': 'test();\n',
      'package.json': project('«"node --enable-source-maps dist/main"»', 'nest build'),
      'nest-cli.json': '{ "sourceRoot": "src" }\n',
      'tsconfig.build.json': '{ "extends": "./tsconfig.json", "exclude": ["node_modules", "test", "dist"] }\n',
      'tsconfig.json': '{ "compilerOptions": { "outDir": "./dist", "target": "es2023" } }\n',
    }),
    good('Only src is compiled, or its root is said', {
      ...MAIN,
      'prisma/seed.ts': 'seed();\n',
      'package.json': project('"node dist/main.js"'),
      'tsconfig.json': '{ "compilerOptions": { "outDir": "dist" }, "include": ["src/**/*"] }\n',
      'b/src/main.ts': 'listen();\n',
      'b/seed.ts': 'seed();\n',
      'b/package.json': project('"node dist/main.js"'),
      'b/tsconfig.json': '{ "compilerOptions": { "outDir": "dist", "rootDir": "src" } }\n',
    }),
    good('Started where it is written', {
      ...MAIN,
      'prisma/seed.ts': 'seed();\n',
      'package.json': project('"node dist/src/main.js"'),
      'tsconfig.json': '{ "compilerOptions": { "outDir": "dist" } }\n',
    }),
    good('Left out, or declarations alone', {
      ...MAIN,
      'test/app.spec.ts': 'test();\n',
      'types/x.d.ts': 'declare const x: string;\n',
      'package.json': project('"node dist/main.js"'),
      'tsconfig.json': '{ "compilerOptions": { "outDir": "dist" }, "exclude": ["test/**"] }\n',
    }),
    good('Another compiler, or one that refuses it', {
      ...MAIN,
      'prisma/seed.ts': 'seed();\n',
      'package.json': project('"node dist/main.js"', 'tsup src/main.ts'),
      'tsconfig.json': '{ "compilerOptions": { "outDir": "dist" } }\n',
      'b/src/main.ts': 'listen();\n',
      'b/seed.ts': 'seed();\n',
      'b/package.json': project('"node dist/main.js"', 'tsc', '~6.0.2'),
      'b/tsconfig.json': '{ "compilerOptions": { "outDir": "dist" } }\n',
    }),
  ],
});
