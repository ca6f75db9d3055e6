import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Readers of uploads: where their options stand, and the path to the size that has no default. */
const READERS: readonly { readonly api: RegExp; readonly index: number; readonly sizes: readonly string[] }[] = [
  { api: /^multer(\.default)?$/, index: 0, sizes: ['fileSize'] },
  {
    api: /^@nestjs\/platform-express\.(multer\/)?(File|Files|FileFields|AnyFiles)Interceptor$/,
    index: 1,
    sizes: ['fileSize'],
  },
  { api: /^express-fileupload$/, index: 0, sizes: ['fileSize'] },
  { api: /^(busboy|@fastify\/busboy|connect-busboy)$/, index: 0, sizes: ['fileSize'] },
];
const OPTIONS_AT: Readonly<Record<string, number>> = {
  FileInterceptor: 1,
  FilesInterceptor: 2,
  FileFieldsInterceptor: 1,
  AnyFilesInterceptor: 0,
};
const IMPORTED = /multer|busboy|express-fileupload|multipart|platform-express|formidable|koa-body/;
/** These take 200 MiB unless told otherwise. */
const BOUNDED = /^formidable(\.(default|formidable|Formidable|IncomingForm))?$|^koa-body(\.(koaBody|default))?$/;

export default defineRule({
  id: 'limits/upload-unlimited',
  ensures: 'Every upload has a largest size.',
  severity: 'medium',
  control: 'limits/upload',
  roles: ['service', 'function'],
  cwe: 770,
  owasp: 'A06',
  why: 'These readers take files of any size unless told otherwise. A few large ones fill the disk, or, where they are kept in memory, end the process.',
  fix: 'Say how large a file may be: `multer({ limits: { fileSize: 5 * 1024 * 1024, files: 1 } })`.',
  references: [
    'https://github.com/expressjs/multer#limits',
    'https://cheatsheetseries.owasp.org/cheatsheets/File_Upload_Cheat_Sheet.html',
  ],
  needs: ['program', 'code'],
  about: {
    what: 'reader of uploads',
    isIn: ({ program }) =>
      [...program.modules.values()].some(({ facts }) =>
        facts.imports.some(({ module }) => IMPORTED.test(module ?? '')),
      ),
  },
  *check({ program, code }) {
    const isEndless = (node: number): boolean =>
      /^(Infinity|Number\.(POSITIVE_INFINITY|MAX_SAFE_INTEGER|MAX_VALUE))$/.test(program.describe(node)) ||
      program.constants(node)?.[0] === Infinity;
    for (const call of program.callsTo(BOUNDED)) {
      const inner = code.option(call, 0, 'formidable');
      const size =
        inner.state === 'given' ? code.property(inner.value, 'maxFileSize') : code.option(call, 0, 'maxFileSize');
      if (size.state === 'given' && isEndless(size.value))
        yield { at: size.at, message: 'maxFileSize is endless: uploads of any size are read.' };
    }
    // limits of the module hold for all interceptors
    const shared = ['register', 'registerAsync'].some(
      (name) => program.callsTo(`@nestjs/platform-express.MulterModule.${name}`).length > 0,
    );
    for (const call of program.calls) {
      const apis = code.apiOf(call);
      const row = READERS.find(({ api }) => apis.some((each) => api.test(each)));
      const plugin = program.argument(call, 0);
      const isFastify =
        plugin !== undefined &&
        program.argument(call, 1) !== undefined &&
        program.apis(plugin).some((api) => /^(@fastify\/multipart|fastify-multipart)$/.test(api));
      if (isFastify) {
        const limits = code.option(call, 1, 'limits');
        const size = limits.state === 'given' ? code.property(limits.value, 'fileSize') : limits;
        if (size.state === 'given' && isEndless(size.value))
          yield { at: size.at, message: 'fileSize is endless: uploads of any size are read.' };
        continue;
      }
      if (!row) continue;
      const nest = /\.(\w+Interceptor)$/.exec(apis[0] ?? '')?.[1];
      if (nest !== undefined && shared) continue;
      const index = nest === undefined ? row.index : (OPTIONS_AT[nest] ?? 1);
      const options = code.argument(call, index);
      // `multer().none()` reads fields alone
      const uses = code.callsOn(call);
      if (options.state === 'unknown' || (uses.length > 0 && uses.every(({ name }) => name === 'none'))) continue;
      const limits = options.state === 'given' ? code.property(options.value, 'limits') : options;
      if (limits.state === 'unknown') continue;
      const sizes = limits.state === 'given' ? row.sizes.map((name) => code.property(limits.value, name)) : [];
      if (sizes.some(({ state }) => state === 'unknown')) continue;
      const size = sizes.find(({ state }) => state === 'given');
      if (size?.state === 'given' && !isEndless(size.value)) continue;
      const storage = options.state === 'given' ? code.property(options.value, 'storage') : options;
      const inMemory =
        storage.state === 'given' && program.apis(storage.value).some((api) => api === 'multer.memoryStorage()');
      const name = apis[0] ?? program.describe(call);
      yield {
        at: program.locationOf(call),
        message: `${name.replace(/^@nestjs\/platform-express\./, '')} takes files of any size${inMemory ? ', and keeps them in memory' : ''}.`,
        ...(inMemory && { severity: 'high' as const }),
      };
    }
  },
  examples: [
    bad('multer, on disk and in memory', {
      'app.js': `const express = require('express');\nconst multer = require('multer');\nconst app = express();\nconst disk = «multer({ dest: 'uploads/' })»;\nconst memory = «multer({ storage: multer.memoryStorage(), limits: { files: 1 } })»;\napp.post('/a', disk.single('file'), (req, res) => res.end());\napp.post('/b', memory.single('file'), (req, res) => res.end());\napp.listen(3000);\n`,
    }),
    bad('NestJS, express-fileupload, Fastify', {
      'files.controller.ts': `import { Controller, Post, UseInterceptors } from '@nestjs/common';\nimport { FileInterceptor } from '@nestjs/platform-express';\n@Controller('files')\nexport class FilesController {\n  @Post()\n  @UseInterceptors(«FileInterceptor('file')»)\n  upload() {}\n}\n`,
      'app.js': `import express from 'express';\nimport fileUpload from 'express-fileupload';\nimport Fastify from 'fastify';\nimport multipart from '@fastify/multipart';\nconst app = express();\napp.use(«fileUpload({ createParentPath: true })»);\nconst other = Fastify();\nother.register(multipart, { limits: { «fileSize: Infinity» } });\n`,
    }),
    bad('formidable and koa-body without an end', {
      'app.js': `import express from 'express';\nimport formidable from 'formidable';\nimport { koaBody } from 'koa-body';\nconst app = express();\napp.post('/a', (req, res) => formidable({ «maxFileSize: Infinity» }).parse(req, () => res.end()));\napp.post('/b', (req, res) => formidable({ maxFileSize: 1e7 }).parse(req, () => res.end()));\nexport const reader = koaBody({ multipart: true, formidable: { «maxFileSize: Infinity» } });\napp.listen(3000);\n`,
    }),
    good('With a size, from a constant or the settings', {
      'app.js': `const express = require('express');\nconst multer = require('multer');\nconst busboy = require('busboy');\nconst { limits } = require('./limits');\nconst app = express();\nconst upload = multer({ dest: 'uploads/', limits });\napp.post('/a', upload.single('file'), (req, res) => res.end());\napp.post('/b', multer({ limits: { fileSize: Number(process.env.MAX) } }).array('files'), (req, res) => res.end());\napp.post('/c', (req, res) => req.pipe(busboy({ headers: req.headers, limits: { fileSize: 1e6 } })));\napp.post('/d', multer().none(), (req, res) => res.end());\n`,
      'limits.js': `exports.limits = { fileSize: 5 * 1024 * 1024 };\n`,
    }),
    good('NestJS with limits of the module; Fastify as it comes', {
      'files.module.ts': `import { Controller, Module, Post, UseInterceptors } from '@nestjs/common';\nimport { FileInterceptor, MulterModule } from '@nestjs/platform-express';\n@Controller('files')\nclass Files {\n  @Post()\n  @UseInterceptors(FileInterceptor('file'))\n  upload() {}\n}\n@Module({ imports: [MulterModule.register({ limits: { fileSize: 1000000 } })], controllers: [Files] })\nexport class FilesModule {}\n`,
      'app.js': `import Fastify from 'fastify';\nimport multipart from '@fastify/multipart';\nconst app = Fastify();\napp.register(multipart);\n`,
    }),
  ],
});
