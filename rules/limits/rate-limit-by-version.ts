import { bad, defineRule, good } from '../../src/rule/rule.ts';

const LIMITERS = /^express-rate-limit(\.(rateLimit|default))?$/;
const THROTTLERS = /^@nestjs\/throttler\.(ThrottlerModule\.forRoot(Async)?|Throttle)$/;
const SECOND = 1000;
/** In seconds. */
const A_DAY = 86_400;

export default defineRule({
  id: 'limits/rate-limit-by-version',
  ensures: 'Limiters are given numbers as their installed version reads them.',
  severity: 'medium',
  roles: ['service', 'function'],
  cwe: 682,
  owasp: 'A06',
  why: `Two packages changed what a number means. @nestjs/throttler counts milliseconds since version 5: \`ttl: 60\` forgets every
request after 60 ms, and nobody is limited. express-rate-limit let everybody pass at a limit of 0, and since version 7 nobody.`,
  fix: 'Write `ttl: seconds(60)` or `ttl: 60_000` since version 5 of @nestjs/throttler; use `skip` to switch express-rate-limit off.',
  references: [
    'https://docs.nestjs.com/security/rate-limiting',
    'https://express-rate-limit.mintlify.app/reference/configuration',
  ],
  needs: ['program', 'code', 'manifests'],
  about: {
    what: 'limiter',
    isIn: ({ program }) => program.callsTo(LIMITERS, THROTTLERS).length > 0,
  },
  *check({ program, code, manifests }) {
    const majorOf = (path: string, name: string): number | undefined => {
      const own = manifests.above(path);
      const all = own ? [own, manifests.workspaceOf(own)] : [];
      const found = all.flatMap(({ dependencies }) => dependencies).find((each) => each.name === name);
      const major = /^[\^~=v]{0,2}(\d{1,3})(\.|$)/.exec(found?.range ?? '')?.[1];
      return major === undefined ? undefined : Number(major);
    };
    /** Objects with a `ttl`, in lists, under `throttlers` or a name, and in what a factory returns. */
    const limitsIn = (node: number, depth = 0): readonly number[] =>
      depth > 3
        ? []
        : program.origins(node).flatMap((origin) => {
            const value = program.valueOf(origin);
            if (value.kind === 'array')
              return value.items.flatMap((item) => limitsIn(program.child(origin, item.value), depth + 1));
            if (value.kind !== 'object') return [];
            return [
              origin,
              ...value.properties.flatMap((property) => {
                const child = program.child(origin, property.value);
                if (property.name !== 'useFactory') return limitsIn(child, depth + 1);
                return code
                  .functionsIn(child)
                  .flatMap(({ module, fact }) =>
                    fact.returns.flatMap((each) => limitsIn(module.first + each.value, depth + 1)),
                  );
              }),
            ];
          });
    for (const call of program.callsTo(LIMITERS)) {
      const major = majorOf(program.moduleOf(call).path, 'express-rate-limit');
      const option = ['limit', 'max'].map((name) => code.option(call, 0, name)).find(({ state }) => state === 'given');
      const known = option?.state === 'given' ? program.constants(option.value) : undefined;
      if (option?.state !== 'given' || known?.length !== 1 || known[0] !== 0 || major === undefined) continue;
      const says = major < 7 ? 'nobody is limited' : 'every request is refused';
      yield { at: option.at, message: `A limit of 0 in version ${major} of express-rate-limit: ${says}.` };
    }
    for (const call of program.callsTo(THROTTLERS)) {
      const major = majorOf(program.moduleOf(call).path, '@nestjs/throttler');
      const first = program.argument(call, 0);
      if (major === undefined || first === undefined) continue;
      for (const limits of new Set(limitsIn(first))) {
        const option = code.property(limits, 'ttl');
        const known = option.state === 'given' ? program.constants(option.value) : undefined;
        const [ttl] = known?.length === 1 ? known : [];
        if (option.state !== 'given' || typeof ttl !== 'number' || ttl <= 0) continue;
        if (major >= 5 && ttl < SECOND)
          yield {
            at: option.at,
            severity: 'high',
            message: `ttl counts milliseconds in version ${major}: after ${ttl} of them a client starts anew.`,
          };
        if (major < 5 && ttl >= 60 * SECOND && ttl % SECOND === 0 && ttl % A_DAY !== 0)
          yield {
            at: option.at,
            message: `ttl counts seconds in version ${major}, and ${ttl} of them are ${Math.round(ttl / 3600)} hours.`,
          };
      }
    }
  },
  examples: [
    bad('Seconds where milliseconds are counted', {
      'package.json':
        '{ "name": "a", "dependencies": { "@nestjs/core": "^10.0.0", "@nestjs/throttler": "^5.1.0" }, "scripts": { "start": "node main.js" } }\n',
      'main.ts': `import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nconst app = await NestFactory.create(AppModule);\nawait app.listen(3000);\n`,
      'app.module.ts': `import { Module } from '@nestjs/common';\nimport { ThrottlerModule } from '@nestjs/throttler';\n@Module({ imports: [ThrottlerModule.forRoot([{ «ttl: 60», limit: 10 }])] })\nexport class AppModule {}\n`,
    }),
    bad('A limit of 0', {
      'package.json':
        '{ "name": "a", "dependencies": { "express": "^4.0.0", "express-rate-limit": "^6.7.0" }, "scripts": { "start": "node app.js" } }\n',
      'app.js': `const express = require('express');\nconst rateLimit = require('express-rate-limit');\nconst app = express();\napp.use(rateLimit({ windowMs: 60000, «max: 0» }));\napp.get('/', (req, res) => res.end());\napp.listen(3000);\n`,
    }),
    good('Seconds where seconds are counted', {
      'package.json':
        '{ "name": "a", "dependencies": { "@nestjs/core": "^9.0.0", "@nestjs/throttler": "^4.0.0" }, "scripts": { "start": "node main.js" } }\n',
      'main.ts': `import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nconst app = await NestFactory.create(AppModule);\nawait app.listen(3000);\n`,
      'app.module.ts': `import { Module } from '@nestjs/common';\nimport { ThrottlerModule } from '@nestjs/throttler';\n@Module({ imports: [ThrottlerModule.forRoot({ ttl: 60, limit: 10 })] })\nexport class AppModule {}\n`,
    }),
    good('A helper, milliseconds, a setting', {
      'package.json':
        '{ "name": "a", "dependencies": { "@nestjs/core": "^11.0.0", "@nestjs/throttler": "^6.0.0", "express-rate-limit": "^8.0.0" }, "scripts": { "start": "node main.js" } }\n',
      'main.ts': `import { NestFactory } from '@nestjs/core';\nimport { Module } from '@nestjs/common';\nimport { seconds, ThrottlerModule } from '@nestjs/throttler';\nimport { rateLimit } from 'express-rate-limit';\n@Module({ imports: [ThrottlerModule.forRoot({ throttlers: [{ ttl: seconds(60), limit: 10 }, { name: 'long', ttl: 60000, limit: 100 }] })] })\nclass AppModule {}\nconst app = await NestFactory.create(AppModule);\napp.use(rateLimit({ windowMs: 60000, limit: Number(process.env.LIMIT) }));\nawait app.listen(3000);\n`,
    }),
  ],
});
