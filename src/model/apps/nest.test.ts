import { describe, expect, it } from 'vitest';
import { appsIn, protectionsOf } from './apps-in.ts';

const GUARD = `@Injectable()\nexport class Guard { canActivate(context) { if (!context.switchToHttp().getRequest().headers.authorization) throw new UnauthorizedException(); return true; } }\n`;
const project = (main: string, modules: string): Readonly<Record<string, string>> => ({
  'main.ts': `import { NestFactory } from '@nestjs/core';\nimport { VersioningType } from '@nestjs/common';\nimport { AppModule, Guard } from './app';\nasync function bootstrap() {\n  const app = await NestFactory.create(AppModule);\n  ${main}\n  await app.listen(3000);\n}\nbootstrap();\n`,
  'app.ts': `import { Controller, Get, Injectable, Module, UnauthorizedException, UseGuards, Version, forwardRef } from '@nestjs/common';\nimport { APP_GUARD, RouterModule } from '@nestjs/core';\n${GUARD}${modules}\n`,
});
const ITEMS = `@Controller('items')\nexport class Items { @Get() list() { return []; } }\n@Module({ controllers: [Items] })\nexport class ItemsModule {}\n`;

describe('NestJS', () => {
  it.each([
    [
      'of a router of modules',
      '',
      `${ITEMS}@Module({ imports: [ItemsModule, RouterModule.register([{ path: 'admin', children: [{ path: 'shop', module: ItemsModule }] }])] })\nexport class AppModule {}`,
      ['GET /admin/shop/items:'],
    ],
    [
      'that a class inherits',
      '',
      `class Base { @Get('base') base() { return 1; } @Get('both') both() { return 1; } }\n@Controller('sub')\nexport class Sub extends Base { @Get('own') both() { return 2; } }\n@Module({ controllers: [Sub] })\nexport class AppModule {}`,
      ['GET /sub/own:', 'GET /sub/base:'],
    ],
    [
      'of a module that is forwarded',
      '',
      `${ITEMS}@Module({ imports: [forwardRef(() => ItemsModule)] })\nexport class AppModule {}`,
      ['GET /items:'],
    ],
    [
      'with versions in a header',
      `app.enableVersioning({ type: VersioningType.HEADER, header: 'v' });`,
      `@Controller({ path: 'items', version: '2' })\nexport class Items { @Get() list() { return []; } }\n@Module({ controllers: [Items] })\nexport class AppModule {}`,
      ['GET /items:'],
    ],
    [
      'with versions under another name',
      `app.enableVersioning({ type: VersioningType.URI, prefix: 'version-' });`,
      `@Controller('items')\nexport class Items { @Version('2') @Get() list() { return []; } }\n@Module({ controllers: [Items] })\nexport class AppModule {}`,
      ['GET /version-2/items:'],
    ],
  ])('has the routes %s', async (_, main, modules, expected) => {
    expect(protectionsOf(await appsIn(project(main, modules), 'service'), ['auth'])).toEqual(expected);
  });

  it.each([
    ['made for it', `app.useGlobalGuards(new Guard());`, ''],
    ['asked of the container', `app.useGlobalGuards(app.get(Guard));`, ''],
    ['made by a factory', '', `{ provide: APP_GUARD, useFactory: () => new Guard() }`],
    ['that is there already', '', `{ provide: APP_GUARD, useExisting: Guard }`],
  ])('is guarded by what is %s', async (_, main, provider) => {
    const modules = `${ITEMS}@Module({ imports: [ItemsModule], providers: [${provider}] })\nexport class AppModule {}`;
    expect(protectionsOf(await appsIn(project(main, modules), 'service'), ['auth'])).toEqual(['GET /items: auth']);
  });
});
