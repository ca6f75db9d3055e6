import { bad, defineRule, good } from '../../src/rule/rule.ts';

const FS = /^(fs|fs-extra|graceful-fs)(\.promises|\/promises)?\.(chmod|chmodSync|lchmod|fchmod|fchmodSync)$/;
const SECRET_FILE =
  /(\.(pem|key|p12|pfx|jks)|id_(rsa|ed25519|ecdsa)|\.env(\.\w+)?|(secret|token|credential|password)s?(\.\w+)?)$/i;

export default defineRule({
  id: 'exposure/file-mode-open',
  ensures: 'No file of the service may be written by everybody on the machine.',
  severity: 'low',
  roles: ['service', 'worker', 'function', 'cli'],
  cwe: 732,
  owasp: 'A01',
  why: 'Any other process of the machine, one that was broken into among them, replaces the file: a script that runs next, settings that are read next.',
  fix: 'Give as little as is needed: `0o600` for what only the service reads, `0o755` for folders and programs others may run.',
  references: ['https://cwe.mitre.org/data/definitions/732.html'],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const call of program.callsTo(FS)) {
      const mode = code.argument(call, 1);
      const bits = mode.state === 'given' ? bitsOf(program.constants(mode.value) ?? []) : undefined;
      if (mode.state !== 'given' || bits === undefined) continue;
      const file = program.argument(call, 0);
      const isSecret = file !== undefined && program.constants(file)?.some((each) => SECRET_FILE.test(String(each)));
      // whoever sets the sticky bit knows that everybody may write
      if ((bits & 0o002) !== 0 && (bits & 0o1000) === 0)
        yield {
          at: mode.at,
          message: `${octal(bits)} lets everybody write ${file === undefined ? 'it' : program.describe(file)}.`,
          ...(isSecret && { severity: 'medium' as const }),
        };
      else if (isSecret && (bits & 0o044) !== 0)
        yield { at: mode.at, severity: 'medium', message: `${octal(bits)} lets others read a file with secrets.` };
    }
    for (const call of program.callsTo('process.umask')) {
      const value = program.valueOf(call);
      // whoever keeps the mask from before puts it back
      if (value.kind !== 'call' || value.result !== 'dropped') continue;
      const mask = code.argument(call, 0);
      const bits = mask.state === 'given' ? bitsOf(program.constants(mask.value) ?? []) : undefined;
      if (mask.state === 'given' && bits !== undefined && (bits & 0o002) === 0)
        yield { at: mask.at, message: `With this umask everybody may write the files the process makes.` };
    }
  },
  examples: [
    bad('A folder for uploads', {
      'app.js': `const fs = require('fs');\nconst app = require('express')();\nfs.mkdirSync('/srv/uploads');\nfs.chmodSync('/srv/uploads', «0o777»);\n`,
    }),
    bad('A text, in promises; a key others read; no mask', {
      'keys.ts': `import { chmod } from 'node:fs/promises';\nconst MODE = '666';\nexport async function save() {\n  await chmod('/srv/state.json', «MODE»);\n  await chmod('/srv/server.key', «0o644»);\n}\n`,
      'app.ts': `import Fastify from 'fastify';\nprocess.umask(«0»);\nexport const app = Fastify();\n`,
    }),
    good('As little as is needed', {
      'app.js': `const fs = require('fs');\nfs.chmodSync('/srv/run.sh', 0o755);\nfs.chmodSync('/srv/server.key', 0o600);\nfs.chmodSync('/srv/tmp', 0o1777);\nconst before = process.umask(0);\nprocess.umask(before);\nrequire('express')();\n`,
    }),
    good('Modes the umask cuts down', {
      'app.ts': `import { mkdir, writeFile } from 'node:fs/promises';\nimport Koa from 'koa';\nawait mkdir('/srv/a', { mode: 0o777 });\nawait writeFile('/srv/b', '', { mode: 0o666 });\nexport const app = new Koa();\n`,
    }),
  ],
});

const bitsOf = (constants: readonly unknown[]): number | undefined => {
  const [mode] = constants;
  if (typeof mode === 'number') return mode;
  return typeof mode === 'string' && /^0?o?[0-7]{3,4}$/.test(mode)
    ? Number.parseInt(mode.replace(/^0?o?/, ''), 8)
    : undefined;
};

const octal = (bits: number): string => `0o${bits.toString(8)}`;
