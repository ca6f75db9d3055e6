import { bad, defineRule, good } from '../../src/rule/rule.ts';
import type { Location } from '../../src/rule/rule.ts';

/** Ciphers that are broken or too small; ECB shows which blocks are equal, whatever the cipher. */
const BROKEN = /^(des|des-?ede|des3|3des|rc2|rc4|arc4|bf|blowfish|cast5?|idea|seed)\b|(^|-)(des|rc4|bf|rc2)(-|$)/i;
/** Protocols that prescribe their cipher. */
const PROTOCOLS = /ntlm|kerberos|smb\d?\b|\bvnc/i;
const ECB = /-?ecb\b/i;
const CREATE = ['createCipheriv', 'createDecipheriv'].map((name) => `crypto.${name}`);
const OBSOLETE = ['createCipher', 'createDecipher'].map((name) => `crypto.${name}`);
const LIBRARY = ['DES', 'TripleDES', 'RC4', 'RC4Drop', 'Rabbit', 'RabbitLegacy'].flatMap((name) =>
  ['encrypt', 'decrypt'].map((method) => `crypto-js.${name}.${method}`),
);
const WITH_MODE = ['encrypt', 'decrypt'].map((method) => `crypto-js.AES.${method}`);

export default defineRule({
  id: 'secrets/weak-cipher',
  ensures: 'What is encrypted cannot be read without the key.',
  severity: 'high',
  roles: ['service', 'worker', 'function', 'library'],
  cwe: 327,
  owasp: 'A04',
  why: `DES and RC4 are broken with ordinary hardware. ECB encrypts equal blocks equally, so that patterns of the text show
through and blocks can be swapped. \`createCipher\` makes key and initialization vector of a password by a single MD5.`,
  fix: "Use `createCipheriv('aes-256-gcm', key, randomBytes(12))` with a key of 32 random bytes, and keep the IV and the tag beside the text.",
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Cryptographic_Storage_Cheat_Sheet.html',
    'https://nodejs.org/api/crypto.html#cryptocreatecipherivalgorithm-key-iv-options',
  ],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const api of [...CREATE, ...OBSOLETE]) {
      for (const call of program.callsTo(api)) {
        if (PROTOCOLS.test(program.moduleOf(call).path)) continue;
        const algorithm = code.argument(call, 0);
        const names = algorithm.state === 'given' ? (program.constants(algorithm.value) ?? []) : [];
        const weak = names.map(String).find((name) => BROKEN.test(name) || ECB.test(name));
        const what = program.describe(call);
        if (weak !== undefined && algorithm.state === 'given') yield problem(algorithm.at, what, weak, api);
        else if (OBSOLETE.includes(api))
          yield {
            at: program.locationOf(call),
            message: `${what} makes key and initialization vector of the password by MD5.`,
          };
      }
    }
    for (const api of LIBRARY) {
      for (const call of program.callsTo(api))
        yield problem(code.calleeAt(call), program.describe(call), api.split('.')[1] ?? '', api);
    }
    for (const api of WITH_MODE) {
      for (const call of program.callsTo(api)) {
        const mode = code.option(call, 2, 'mode');
        if (mode.state === 'given' && program.apis(mode.value).some((each) => ECB.test(`-${each.split('.').at(-1)}`)))
          yield problem(mode.at, program.describe(call), 'ECB', api);
      }
    }
  },
  examples: [
    bad('DES, and a block at a time', {
      'store.js': `const crypto = require('crypto');\nexports.seal = (text, key, iv) => crypto.createCipheriv(«'des-ede3-cbc'», key, iv).update(text);\nexports.mark = (text, key) => crypto.createCipheriv(«'aes-128-ecb'», key, null).update(text);\n`,
    }),
    bad('The name in another file, and a password in place of a key', {
      'settings.ts': `export const ALGORITHM = 'rc4';\n`,
      'store.ts': `import { createCipheriv, createCipher } from 'node:crypto';\nimport { ALGORITHM } from './settings';\nexport const a = (key: Buffer) => createCipheriv(«ALGORITHM», key, '');\nexport const b = (password: string) => «createCipher('aes-256-cbc', password)»;\n`,
    }),
    bad('crypto-js', {
      'store.js': `const CryptoJS = require('crypto-js');\nexports.a = (text, key) => «CryptoJS.TripleDES.encrypt»(text, key);\nexports.b = (text, key) => CryptoJS.AES.encrypt(text, key, { «mode: CryptoJS.mode.ECB» });\n`,
    }),
    good('AES with GCM', {
      'store.js': `const crypto = require('crypto');\nexports.seal = (text, key) => {\n  const iv = crypto.randomBytes(12);\n  const cipher = crypto.createCipheriv('aes-256-gcm', key, iv);\n  return Buffer.concat([iv, cipher.update(text), cipher.final(), cipher.getAuthTag()]);\n};\n`,
    }),
    good('A protocol that prescribes it', {
      'lib/ntlm/hash.js': `const crypto = require('crypto');\nexports.lm = (key) => crypto.createCipheriv('des-ecb', key, '').update('KGS!@#$%');\n`,
    }),
    good('A cipher the caller names, and AES of crypto-js', {
      'store.ts': `import { createCipheriv } from 'node:crypto';\nimport CryptoJS from 'crypto-js';\nexport const seal = (name: string, key: Buffer, iv: Buffer) => createCipheriv(name, key, iv);\nexport const other = (text: string, key: string) => CryptoJS.AES.encrypt(text, key).toString();\n`,
    }),
  ],
});

/** What is only read may have been written long ago. */
const problem = (at: Location, what: string, name: string, api: string) => ({
  at,
  message: `${what} uses ${name}, which ${ECB.test(name) || name === 'ECB' ? 'shows equal blocks' : 'is broken'}.`,
  ...(/decrypt|Decipher/.test(api) && { severity: 'low' as const }),
});
