import { bad, defineRule, good } from '../../src/rule/rule.ts';

const HOOK = /^(onModuleDestroy|beforeApplicationShutdown|onApplicationShutdown)$/;

export default defineRule({
  id: 'lifecycle/nest-hooks-disabled',
  ensures: 'The shutdown hooks of NestJS run.',
  severity: 'medium',
  roles: ['service', 'worker'],
  why: `NestJS calls \`onModuleDestroy\` and its kin on a signal only if it was asked to. Without that, the code that closes connections and flushes queues is there and never runs.`,
  fix: `Call \`app.enableShutdownHooks()\` before \`app.listen\`.`,
  references: ['https://docs.nestjs.com/fundamentals/lifecycle-events#application-shutdown'],
  needs: ['program', 'code', 'servers', 'loading'],
  about: {
    what: 'NestJS application',
    isIn: ({ program }) => program.callsTo(/^@nestjs\/core\.NestFactory\.create/).length > 0,
  },
  *check({ program, code, servers, loading }) {
    for (const create of program.callsTo(/^@nestjs\/core\.NestFactory\.create(Microservice|ApplicationContext)?$/)) {
      const main = program.moduleOf(create);
      const isNear = (node: number): boolean => loading.together(main, program.moduleOf(node));
      if (servers.shutdownHooks.some(isNear) || code.callsOn(create, 'close').length > 0) continue;
      if (servers.process.some(({ event, call }) => (event === 'SIGTERM' || event === undefined) && isNear(call)))
        continue;
      const hook = [...loading.below(main)]
        .flatMap(({ facts, first }) =>
          facts.classes.flatMap(({ members }) =>
            members
              .filter(({ name, kind }) => kind === 'method' && HOOK.test(name ?? ''))
              .map((member) => ({ member, first })),
          ),
        )
        .find(({ member }) => member.value !== undefined);
      if (!hook) continue;
      const at = hook.first + (hook.member.value ?? 0);
      yield {
        at: code.calleeAt(create),
        message: `The shutdown hooks of this application never run: \`enableShutdownHooks()\` is not called.`,
        trail: [{ at: program.locationOf(at), note: `\`${hook.member.name}\` waits for it.` }],
      };
    }
  },
  examples: [
    bad('A service that closes its connection', {
      'main.ts': `
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';
async function bootstrap() {
  const app = await «NestFactory.create»(AppModule);
  await app.listen(3000);
}
bootstrap();`,
      'app.module.ts': `
import { Module } from '@nestjs/common';
import { PrismaService } from './prisma.service';
@Module({ providers: [PrismaService] })
export class AppModule {}`,
      'prisma.service.ts': `
import { Injectable, OnModuleDestroy } from '@nestjs/common';
@Injectable()
export class PrismaService implements OnModuleDestroy {
  async onModuleDestroy() { await this.$disconnect(); }
}`,
    }),
    good('Enabled', {
      'main.ts': `
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';
async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  app.enableShutdownHooks();
  await app.listen(3000);
}
bootstrap();`,
      'app.module.ts': `export class AppModule { onModuleDestroy() {} }`,
    }),
    good('Nothing waits for it', {
      'main.ts': `
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module';
NestFactory.create(AppModule).then((app) => app.listen(3000));`,
      'app.module.ts': `export class AppModule {}`,
    }),
  ],
});
