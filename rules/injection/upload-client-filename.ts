import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/upload-client-filename',
  ensures: 'Uploads are kept under names the service makes.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  cwe: 434,
  owasp: 'A01',
  why: `The name comes with the upload, from whoever sends it. One that is taken already replaces the file of somebody
else; one that ends in \`.html\`, \`.svg\` or \`.js\` becomes a page of your own origin once it is served.`,
  fix: 'Make the name: `crypto.randomUUID()` and an extension from a list of your own. Keep the original name beside it, as data.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/File_Upload_Cheat_Sheet.html'],
  needs: ['flows'],
  *check({ flows }) {
    for (const { source, into, evidence } of flows.into('upload-name')) {
      yield { ...evidence, message: `${source}, which the client chooses, becomes ${into}.` };
    }
  },
  examples: [
    bad('The storage of multer', {
      'app.js': `const express = require('express');\nconst multer = require('multer');\nconst app = express();\nconst storage = multer.diskStorage({\n  destination: 'uploads',\n  filename: (req, file, cb) => cb(null, «file.originalname»),\n});\napp.post('/photos', multer({ storage }).single('photo'), (req, res) => res.end());\n`,
    }),
    bad('Behind a prefix, in a storage of another file', {
      'app.ts': `import express from 'express';\nimport multer from 'multer';\nimport { storage } from './storage.ts';\nconst app = express();\napp.post('/photos', multer({ storage }).array('photos'), (req, res) => res.end());\n`,
      'storage.ts': `import { diskStorage } from 'multer';\nexport const storage = diskStorage({\n  destination: 'public',\n  filename(req, file, done) {\n    const name = Date.now() + '-' + file.originalname;\n    done(null, «name»);\n  },\n});\n`,
    }),
    good('A name of the service, the extension of a list', {
      'app.js': `const express = require('express');\nconst multer = require('multer');\nconst crypto = require('crypto');\nconst app = express();\nconst EXTENSIONS = { 'image/png': '.png', 'image/jpeg': '.jpg' };\nconst storage = multer.diskStorage({\n  destination: 'uploads',\n  filename: (req, file, cb) => cb(null, crypto.randomUUID() + (EXTENSIONS[file.mimetype] || '.bin')),\n});\napp.post('/photos', multer({ storage }).single('photo'), (req, res) => res.end());\n`,
    }),
    good('The name multer made, and one that was cleaned', {
      'app.ts': `import express from 'express';\nimport multer from 'multer';\nimport fs from 'node:fs';\nimport sanitize from 'sanitize-filename';\nconst app = express();\nconst storage = multer.diskStorage({ filename: (req, file, cb) => cb(null, sanitize(file.originalname)) });\napp.post('/photos', multer({ storage }).single('photo'), (req, res) => {\n  fs.renameSync(req.file.path, 'kept/' + req.file.filename);\n  res.json({ name: req.file.originalname });\n});\n`,
    }),
  ],
});
