import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'limits/nest-throttler-unbound',
  ensures: 'The limits of ThrottlerModule are held by a guard.',
  severity: 'high',
  roles: ['service', 'function'],
  cwe: 799,
  owasp: 'A06',
  why: 'The module only keeps the numbers. Without its guard no request is ever counted, and the code reads as if it were.',
  fix: 'Add `{ provide: APP_GUARD, useClass: ThrottlerGuard }` to the providers of the root module.',
  references: ['https://docs.nestjs.com/security/rate-limiting'],
  needs: ['program'],
  about: {
    what: 'ThrottlerModule',
    isIn: ({ program }) => program.callsTo(/^@nestjs\/throttler\.ThrottlerModule\./).length > 0,
  },
  *check({ program }) {
    const made = ['forRoot', 'forRootAsync'].flatMap((name) =>
      program.callsTo(`@nestjs/throttler.ThrottlerModule.${name}`),
    );
    const [call] = made;
    if (call === undefined) return;
    // whoever names a guard of the package binds or extends it
    const guarded = [...program.modules.values()].some(({ facts }) =>
      facts.values.some(
        (value) =>
          value.kind === 'import' &&
          (value.name.endsWith('Guard')
            ? /throttle/i.test(value.module + value.name)
            : /throttle/i.test(value.module) && value.module !== '@nestjs/throttler' && !value.module.startsWith('.')),
      ),
    );
    if (guarded) return;
    yield {
      at: program.locationOf(call),
      message: 'ThrottlerModule has limits, and no ThrottlerGuard that holds them is bound anywhere.',
    };
  },
  examples: [
    bad('The module alone', {
      'main.ts': `import { NestFactory } from '@nestjs/core';\nimport { AppModule } from './app.module';\nconst app = await NestFactory.create(AppModule);\nawait app.listen(3000);\n`,
      'app.module.ts': `import { Module } from '@nestjs/common';\nimport { ThrottlerModule } from '@nestjs/throttler';\n@Module({ imports: [«ThrottlerModule.forRoot([{ ttl: 60000, limit: 10 }])»] })\nexport class AppModule {}\n`,
    }),
    bad('Made by a factory, with a decorator that changes nothing', {
      'app.module.ts': `import { Controller, Get, Module } from '@nestjs/common';\nimport { Throttle, ThrottlerModule } from '@nestjs/throttler';\n@Controller()\nclass Items {\n  @Throttle({ default: { limit: 3, ttl: 60000 } })\n  @Get()\n  all() {\n    return [];\n  }\n}\n@Module({ imports: [«ThrottlerModule.forRootAsync({ useFactory: () => [{ ttl: 60000, limit: 10 }] })»], controllers: [Items] })\nexport class AppModule {}\n`,
    }),
    good('Bound for all', {
      'app.module.ts': `import { Module } from '@nestjs/common';\nimport { APP_GUARD } from '@nestjs/core';\nimport { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';\n@Module({ imports: [ThrottlerModule.forRoot([{ ttl: 60000, limit: 10 }])], providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }] })\nexport class AppModule {}\n`,
    }),
    good('A guard of the project that extends it', {
      'app.module.ts': `import { Module } from '@nestjs/common';\nimport { APP_GUARD } from '@nestjs/core';\nimport { ThrottlerModule } from '@nestjs/throttler';\nimport { ByUser } from './by-user.guard';\n@Module({ imports: [ThrottlerModule.forRoot([{ ttl: 60000, limit: 10 }])], providers: [{ provide: APP_GUARD, useClass: ByUser }] })\nexport class AppModule {}\n`,
      'by-user.guard.ts': `import { ThrottlerGuard } from '@nestjs/throttler';\nexport class ByUser extends ThrottlerGuard {}\n`,
    }),
  ],
});
