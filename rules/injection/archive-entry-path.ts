import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'injection/archive-entry-path',
  ensures: 'Unpacking an archive writes below the folder it is unpacked to.',
  severity: 'high',
  roles: ['service', 'worker', 'function', 'cli'],
  cwe: 22,
  owasp: 'A01',
  why: `The names in an archive are whatever its author wrote: an entry called \`../../server.js\` replaces the service
itself, one called \`../../.ssh/authorized_keys\` opens the machine.`,
  fix: 'Resolve the name and check that it starts with the folder and a separator; skip what does not.',
  references: [
    'https://cwe.mitre.org/data/definitions/22.html',
    'https://security.snyk.io/research/zip-slip-vulnerability',
  ],
  needs: ['flows', 'program', 'code'],
  *check({ flows, program, code }) {
    for (const call of program.callsTo(/^tar\.(x|extract|Extract|unpack|Unpack)$/)) {
      const option = code.option(call, 0, 'preservePaths');
      if (option.state === 'given' && program.constants(option.value)?.[0] === true)
        yield { at: option.at, message: `${program.describe(call)} keeps \`..\` and absolute paths of the archive.` };
    }
    for (const { source, into, evidence, from } of flows.into('path')) {
      if (!from.shape.startsWith('archive-')) continue;
      yield { ...evidence, message: `${source}, a name in an archive, decides where ${into} writes.` };
    }
  },
  examples: [
    bad('yauzl', {
      'unpack.js': `const yauzl = require('yauzl');\nconst fs = require('fs');\nconst path = require('path');\nmodule.exports = (file, folder) =>\n  yauzl.open(file, { lazyEntries: true }, (err, zip) => {\n    zip.on('entry', (entry) => {\n      zip.openReadStream(entry, (error, stream) => stream.pipe(fs.createWriteStream(«path.join(folder, entry.fileName)»)));\n    });\n  });\n`,
    }),
    bad('adm-zip, with the writing in another file', {
      'unpack.ts': `import AdmZip from 'adm-zip';\nimport { write } from './write';\nexport function unpack(file: string) {\n  for (const entry of new AdmZip(file).getEntries()) write(entry.entryName, entry.getData());\n}\n`,
      'write.ts': `import { writeFileSync } from 'node:fs';\nexport const write = (name: string, data: Buffer) => writeFileSync(«\`/srv/data/\${name}\`», data);\n`,
    }),
    bad('unzipper and tar-stream', {
      'unpack.js': `const fs = require('fs');\nconst unzipper = require('unzipper');\nconst tar = require('tar-stream');\nfs.createReadStream('a.zip').pipe(unzipper.Parse()).on('entry', (entry) => entry.pipe(fs.createWriteStream(«'out/' + entry.path»)));\ntar.extract().on('entry', (header, stream, next) => stream.pipe(fs.createWriteStream(«'out/' + header.name»)));\n`,
    }),
    bad('jszip, node-stream-zip, and tar that keeps paths', {
      'unpack.js': `const fs = require('fs');\nconst path = require('path');\nconst JSZip = require('jszip');\nconst StreamZip = require('node-stream-zip');\nconst tar = require('tar');\nmodule.exports = async (data) => {\n  const zip = await JSZip.loadAsync(data);\n  zip.forEach(async (name, file) => fs.writeFileSync(«path.join('out', name)», await file.async('nodebuffer')));\n  const files = new StreamZip.async({ file: 'a.zip' });\n  for (const { name } of Object.values(await files.entries())) await files.extract(name, «path.join('out', name)»);\n  tar.x({ file: 'a.tar', cwd: 'out', «preservePaths: true» });\n};\n`,
    }),
    good('What the packages check themselves', {
      'unpack.ts': `import tar from 'tar';\nimport AdmZip from 'adm-zip';\nexport function unpack(file: string) {\n  tar.x({ file, cwd: 'out' });\n  new AdmZip(file).extractAllTo('out', true);\n}\n`,
    }),
    good('Only below the folder', {
      'unpack.js': `const yauzl = require('yauzl');\nconst fs = require('fs');\nconst path = require('path');\nmodule.exports = (file, folder) =>\n  yauzl.open(file, { lazyEntries: true }, (err, zip) => {\n    zip.on('entry', (entry) => {\n      const target = path.resolve(folder, entry.fileName);\n      if (!target.startsWith(path.resolve(folder) + path.sep)) return zip.readEntry();\n      zip.openReadStream(entry, (error, stream) => stream.pipe(fs.createWriteStream(target)));\n    });\n  });\n`,
    }),
    good('The last part of the name, and an entry that stays in memory', {
      'unpack.ts': `import AdmZip from 'adm-zip';\nimport { basename, join } from 'node:path';\nimport { writeFileSync } from 'node:fs';\nexport function unpack(file: string) {\n  for (const entry of new AdmZip(file).getEntries()) writeFileSync(join('/srv', basename(entry.entryName)), entry.getData());\n  return new AdmZip(file).getEntries().map((entry) => entry.entryName);\n}\n`,
    }),
  ],
});
