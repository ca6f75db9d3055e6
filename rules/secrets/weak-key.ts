import { bad, defineRule, good } from '../../src/rule/rule.ts';

const MIN_RSA_BITS = 2048;
const WEAK_CURVES =
  /^(secp(112|128|160|192)\w*|prime192v\d|P-192|sect(113|131|163|193)\w*|wap-\w+|brainpoolP(160|192)\w+)$/i;

interface Size {
  readonly api: string;
  readonly index: number;
  /** Absent where the argument is the size itself. */
  readonly option?: string;
}

const SIZES: readonly Size[] = [
  ...['generateKeyPair', 'generateKeyPairSync'].map((name) => ({
    api: `crypto.${name}`,
    index: 1,
    option: 'modulusLength',
  })),
  { api: 'crypto.createDiffieHellman', index: 0 },
  { api: 'node-forge.pki.rsa.generateKeyPair', index: 0 },
  { api: 'node-forge.pki.rsa.generateKeyPair', index: 0, option: 'bits' },
  { api: 'node-rsa', index: 0, option: 'b' },
];
const CURVES: readonly Size[] = [
  ...['generateKeyPair', 'generateKeyPairSync'].map((name) => ({
    api: `crypto.${name}`,
    index: 1,
    option: 'namedCurve',
  })),
  { api: 'crypto.createECDH', index: 0 },
];

export default defineRule({
  id: 'secrets/weak-key',
  ensures: 'Keys are long enough to last.',
  severity: 'high',
  roles: ['service', 'worker', 'function', 'library'],
  cwe: 326,
  owasp: 'A04',
  why: 'RSA and Diffie-Hellman keys of 1024 bits and curves of less than 224 bits are within reach of those who record traffic today and decrypt it later.',
  fix: 'Use at least 2048 bits (3072 today), or `ed25519` and `x25519`.',
  references: [
    'https://csrc.nist.gov/pubs/sp/800/131/a/r2/final',
    'https://nodejs.org/api/crypto.html#cryptogeneratekeypairtype-options-callback',
  ],
  needs: ['program', 'code'],
  *check({ program, code }) {
    const given = ({ api, index, option }: Size) =>
      program.callsTo(api).flatMap((call) => {
        const found = option === undefined ? code.argument(call, index) : code.option(call, index, option);
        return found.state === 'given'
          ? [{ at: found.at, values: program.constants(found.value) ?? [], name: program.describe(call) }]
          : [];
      });
    for (const { at, values, name } of SIZES.flatMap(given)) {
      const size = values.find((value) => typeof value === 'number' && value >= 64 && value < MIN_RSA_BITS);
      if (size !== undefined) yield { at, message: `${name} makes a key of ${size} bits.` };
    }
    for (const { at, values, name } of CURVES.flatMap(given)) {
      const curve = values.find((value) => WEAK_CURVES.test(String(value)));
      if (curve !== undefined) yield { at, message: `${name} uses the curve ${curve}.` };
    }
  },
  examples: [
    bad('RSA of 1024 bits', {
      'keys.js': `const crypto = require('crypto');\nmodule.exports = crypto.generateKeyPairSync('rsa', { «modulusLength: 1024», publicKeyEncoding: { type: 'spki', format: 'pem' } });\n`,
    }),
    bad('Diffie-Hellman, a small curve, and a size of another file', {
      'size.ts': `export const BITS = 512;\n`,
      'keys.ts': `import { createDiffieHellman, createECDH } from 'node:crypto';\nimport NodeRSA from 'node-rsa';\nimport { BITS } from './size';\nexport const a = createDiffieHellman(«1024»);\nexport const b = createECDH(«'secp192k1'»);\nexport const c = new NodeRSA({ «b: BITS» });\n`,
    }),
    good('Long enough', {
      'keys.js': `const crypto = require('crypto');\nmodule.exports = [\n  crypto.generateKeyPairSync('rsa', { modulusLength: 3072 }),\n  crypto.generateKeyPairSync('ed25519'),\n  crypto.createECDH('prime256v1'),\n  crypto.createDiffieHellman(2048),\n];\n`,
    }),
    good('A prime that is handed in, and a size nobody sees', {
      'keys.ts': `import { createDiffieHellman, generateKeyPairSync } from 'node:crypto';\nexport const a = (prime: Buffer) => createDiffieHellman(prime);\nexport const b = (bits: number) => generateKeyPairSync('rsa', { modulusLength: bits });\n`,
    }),
  ],
});
