import { bad, defineRule, good } from '../../src/rule/rule.ts';

const RANDOM = /^crypto\.(randomBytes|randomFillSync|getRandomValues|webcrypto\.getRandomValues)\(\)/;
const ZERO = /^((buffer\.)?Buffer\.alloc(Unsafe)?|Uint8Array)\(\)$/;

export default defineRule({
  id: 'secrets/static-iv',
  ensures: 'Every encryption starts from an initialization vector of its own.',
  severity: 'high',
  roles: ['service', 'worker', 'function', 'library'],
  cwe: 329,
  owasp: 'A04',
  why: `With one IV for all, equal texts become equal ciphertexts. With CTR and GCM it is worse: two messages under one IV
give away their difference, and with GCM the key that authenticates, so that anybody can forge messages.`,
  fix: 'Make it anew for each message, `crypto.randomBytes(12)` for GCM and 16 for CBC, and store it in front of the ciphertext.',
  references: [
    'https://nodejs.org/api/crypto.html#cryptocreatecipherivalgorithm-key-iv-options',
    'https://cwe.mitre.org/data/definitions/329.html',
  ],
  needs: ['program', 'code'],
  *check({ program, code }) {
    /** A text, or a list of numbers. */
    const isConstant = (node: number): boolean => {
      if (program.constants(node)) return true;
      return program.origins(node).some((origin) => {
        const list = program.valueOf(origin);
        return (
          list.kind === 'array' && list.items.every(({ value }) => program.constants(program.child(origin, value)))
        );
      });
    };
    for (const call of program.callsTo('crypto.createCipheriv')) {
      const iv = code.argument(call, 2);
      if (iv.state !== 'given') continue;
      const constants = program.constants(iv.value);
      if (constants?.every((each) => each === null || each === '')) continue;
      const origins = program.origins(iv.value);
      const owner = code.ownerOf(call)?.node;
      const fixed = origins.map((origin) => {
        const value = program.valueOf(origin);
        if (value.kind === 'secret' || (value.kind === 'literal' && typeof value.value === 'string')) return 'constant';
        if (value.kind !== 'call') return undefined;
        const apis = program.apis(origin);
        const first = program.argument(origin, 0);
        // made of another buffer
        const isCopy = apis.includes('Uint8Array()') && (first === undefined || !program.constants(first));
        if (isCopy) return undefined;
        if (apis.some((api) => ZERO.test(api)) && !code.callsOn(origin, 'fill', 'copy', 'write', 'set').length)
          return 'zeros';
        const isBuffer = apis.some((api) => /^(buffer\.)?Buffer\.from\(\)$/.test(api));
        if (isBuffer && first !== undefined && isConstant(first)) return 'constant';
        const isOutside = owner !== undefined && code.ownerOf(origin)?.node === undefined;
        return isOutside && apis.some((api) => RANDOM.test(api)) ? 'made once, when the module is loaded' : undefined;
      });
      const [what] = fixed;
      if (what === undefined || fixed.includes(undefined)) continue;
      yield { at: iv.at, message: `The initialization vector of ${program.describe(call)} is ${what}.` };
    }
  },
  examples: [
    bad('A constant', {
      'store.js': `const crypto = require('crypto');\nconst IV = Buffer.from('1234567890123456');\nexports.seal = (text, key) => crypto.createCipheriv('aes-256-cbc', key, «IV»).update(text);\nexports.other = (text, key) => crypto.createCipheriv('aes-256-cbc', key, «'abcdefghijklmnop'»).update(text);\n`,
    }),
    bad('Zeros, and one that is made once', {
      'iv.ts': `import { randomBytes } from 'node:crypto';\nexport const iv = randomBytes(16);\n`,
      'store.ts': `import { createCipheriv } from 'node:crypto';\nimport { iv } from './iv';\nexport const a = (key: Buffer) => createCipheriv('aes-256-gcm', key, «Buffer.alloc(12)»);\nexport const b = (key: Buffer) => createCipheriv('aes-256-cbc', key, «iv»);\n`,
    }),
    good('Made for each message', {
      'store.js': `const crypto = require('crypto');\nexports.seal = (text, key) => {\n  const iv = crypto.randomBytes(16);\n  const cipher = crypto.createCipheriv('aes-256-cbc', key, iv);\n  return Buffer.concat([iv, cipher.update(text), cipher.final()]);\n};\n`,
    }),
    good('Read from the message, or handed in', {
      'store.ts': `import { createCipheriv, createDecipheriv } from 'node:crypto';\nconst IV = Buffer.alloc(16);\nexport const open = (data: Buffer, key: Buffer) => createDecipheriv('aes-256-cbc', key, data.subarray(0, 16)).update(data.subarray(16));\nexport const seal = (key: Buffer, iv: Buffer) => createCipheriv('aes-256-cbc', key, iv);\nexport const size = IV.length;\n`,
    }),
  ],
});
