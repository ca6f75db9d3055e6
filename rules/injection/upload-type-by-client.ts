import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/upload-type-by-client',
  ensures: 'What kind of file an upload is kept as is decided by the service.',
  severity: 'medium',
  roles: ['service', 'function'],
  cwe: 434,
  owasp: 'A06',
  why: `\`mimetype\` is what the client writes beside the file. \`page.html\`, sent as \`image/png\`, passes the check and is kept with its
own ending: whoever opens it runs its scripts on your site.`,
  fix: "Choose the ending by the type you let in (`{ 'image/png': '.png' }[file.mimetype]`), and look at the first bytes of the file.",
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/File_Upload_Cheat_Sheet.html'],
  needs: ['program', 'code'],
  *check({ program, code }) {
    const storages = program
      .callsTo('multer.diskStorage')
      .filter((call) => namesOf(call, 'filename').includes('originalname'));
    for (const call of program.callsTo(
      'multer',
      '@nestjs/platform-express.FileInterceptor',
      '@nestjs/platform-express.FilesInterceptor',
    )) {
      for (const index of [0, 1, 2]) {
        const filter = code.option(call, index, 'fileFilter');
        const storage = code.option(call, index, 'storage');
        if (filter.state !== 'given' || storage.state !== 'given') continue;
        const kept = program.origins(storage.value);
        const names = membersIn(filter.value);
        if (!kept.some((each) => storages.includes(each)) || !names.includes('mimetype')) continue;
        if (names.includes('originalname')) continue;
        yield {
          at: filter.at,
          message: 'Only the type the client claims is looked at, and the file keeps the ending the client gives it.',
        };
      }
    }

    function namesOf(call: number, name: string): readonly string[] {
      const option = code.option(call, 0, name);
      return option.state === 'given' ? membersIn(option.value) : [];
    }

    /** Names of the properties a function reads. */
    function membersIn(node: number): readonly string[] {
      return code
        .functionsIn(node)
        .flatMap(({ module, fact }) =>
          module.facts.values.flatMap((value) =>
            value.kind === 'member' &&
            value.property !== undefined &&
            value.at[0] >= fact.at[0] &&
            value.at[1] <= fact.at[1]
              ? [value.property]
              : [],
          ),
        );
    }
  },
  examples: [
    bad('A picture, it says', {
      'app.js': `const express = require('express');\nconst multer = require('multer');\nconst path = require('path');\nconst app = express();\nconst storage = multer.diskStorage({\n  destination: 'public/avatars',\n  filename: (req, file, cb) => cb(null, req.user.id + path.extname(file.originalname)),\n});\nconst upload = multer({\n  storage,\n  «fileFilter: (req, file, cb) => cb(null, file.mimetype.startsWith('image/'))»,\n  limits: { fileSize: 1e6 },\n});\napp.post('/avatar', upload.single('avatar'), (req, res) => res.end());\n`,
    }),
    bad('The storage is in another file', {
      'storage.ts': `import { diskStorage } from 'multer';\nimport { extname } from 'node:path';\nexport const storage = diskStorage({ filename: (_, file, done) => done(null, Date.now() + extname(file.originalname)) });\n`,
      'upload.ts': `import multer from 'multer';\nimport { storage } from './storage';\nconst TYPES = ['image/png'];\nexport const upload = multer({ storage, «fileFilter: (_, file, done) => done(null, TYPES.includes(file.mimetype))» });\n`,
    }),
    good('The ending is looked at, or the service chooses it', {
      'app.js': `const multer = require('multer');\nconst path = require('path');\nconst app = require('express')();\nconst byClient = multer.diskStorage({ filename: (req, file, cb) => cb(null, req.user.id + path.extname(file.originalname)) });\nconst own = multer.diskStorage({ filename: (req, file, cb) => cb(null, req.user.id + { 'image/png': '.png' }[file.mimetype]) });\nconst a = multer({ storage: byClient, fileFilter: (req, file, cb) => cb(null, file.mimetype === 'image/png' && path.extname(file.originalname) === '.png') });\nconst b = multer({ storage: own, fileFilter: (req, file, cb) => cb(null, file.mimetype === 'image/png') });\napp.post('/', a.single('a'), b.single('b'), (req, res) => res.end());\n`,
    }),
    good('Names without an ending', {
      'upload.ts': `import multer from 'multer';\nexport const upload = multer({ dest: 'uploads', fileFilter: (_, file, done) => done(null, file.mimetype === 'image/png') });\n`,
    }),
  ],
});
