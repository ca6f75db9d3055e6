import { bad, defineRule, good } from '../../src/rule/rule.ts';

/** Rounds below this take a graphics card a fraction of a second for each guess (OWASP Password Storage Cheat Sheet). */
const MIN_BCRYPT_ROUNDS = 10;
const MIN_PBKDF2_ITERATIONS = 100_000;
const MIN_ARGON2_KIB = 19_456;
const MIN_SCRYPT_N = 2 ** 14;

const BCRYPT = ['bcrypt', 'bcryptjs', '@node-rs/bcrypt', 'bcrypt-ts', 'bcrypt-nodejs'];

interface Cost {
  readonly api: string;
  readonly index: number;
  readonly options: readonly string[];
  readonly least: number;
  readonly unit: string;
}

const COSTS: readonly Cost[] = [
  ...BCRYPT.flatMap((module) => [
    ...['hash', 'hashSync'].map((method) => ({
      api: `${module}.${method}`,
      index: 1,
      options: [],
      least: MIN_BCRYPT_ROUNDS,
      unit: 'rounds',
    })),
    ...['genSalt', 'genSaltSync'].map((method) => ({
      api: `${module}.${method}`,
      index: 0,
      options: [],
      least: MIN_BCRYPT_ROUNDS,
      unit: 'rounds',
    })),
  ]),
  ...['pbkdf2', 'pbkdf2Sync'].map((method) => ({
    api: `crypto.${method}`,
    index: 2,
    options: [],
    least: MIN_PBKDF2_ITERATIONS,
    unit: 'iterations',
  })),
  ...['argon2.hash', '@node-rs/argon2.hash'].map((api) => ({
    api,
    index: 1,
    options: ['memoryCost'],
    least: MIN_ARGON2_KIB,
    unit: 'KiB of memory',
  })),
  ...['scrypt', 'scryptSync'].map((method) => ({
    api: `crypto.${method}`,
    index: 3,
    options: ['N', 'cost'],
    least: MIN_SCRYPT_N,
    unit: 'as its cost',
  })),
];

export default defineRule({
  id: 'auth/password-hash-cost',
  ensures: 'Hashing a password costs an attacker too much to guess through a stolen table.',
  severity: 'high',
  roles: ['service', 'worker', 'function', 'library'],
  cwe: 916,
  owasp: 'A04',
  why: 'Each step below the recommended cost halves the time a stolen table takes to read. Rounds of 8 fall four times as fast as 10.',
  fix: 'Use argon2id, or bcrypt with at least 10 rounds (12 today), and hash again at the next login of each user.',
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html'],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const { api, index, options, least, unit } of COSTS) {
      for (const call of program.callsTo(api)) {
        if (code.isEnvironmentGuarded(call)) continue;
        const given =
          options.length === 0 ? [code.argument(call, index)] : options.map((name) => code.option(call, index, name));
        for (const option of given) {
          if (option.state !== 'given') continue;
          // of several values, one for tests and one for production, the dearest is what production uses
          const costs = converted(option.value).flatMap((origin) => program.constants(origin) ?? []);
          const numbers = costs.map(Number).filter((cost) => Number.isFinite(cost) && cost > 0);
          const cost = Math.max(...numbers);
          if (numbers.length === 0 || cost >= least) continue;
          const isWhole = program.constants(option.value) !== undefined;
          yield {
            at: option.at,
            message: `${program.describe(call)} uses ${cost} ${unit}; ${least} is the least.`,
            ...(api.startsWith('crypto.') && { severity: 'medium' as const }),
            ...(!isWhole && { confidence: 'likely' as const }),
          };
        }
      }
    }

    /** What `Number(process.env.ROUNDS || 8)` may convert. */
    function converted(node: number): readonly number[] {
      return program.origins(node).flatMap((origin) => {
        const value = program.valueOf(origin);
        const first = value.kind === 'call' ? program.argument(origin, 0) : undefined;
        const isConversion = /^(Number|parseInt|Number\.parseInt)\(/.test(program.describe(origin));
        return isConversion && first !== undefined ? program.origins(first) : [origin];
      });
    }
  },
  examples: [
    bad('Too few rounds', {
      'users.js': `const bcrypt = require('bcrypt');\nexports.hash = (password) => bcrypt.hash(password, «8»);\n`,
    }),
    bad('The number is a constant of another file, and the salt is made first', {
      'settings.ts': `export const ROUNDS = 5;\n`,
      'users.ts': `import { genSaltSync, hashSync } from 'bcryptjs';\nimport { ROUNDS } from './settings';\nexport const hash = (password: string) => hashSync(password, genSaltSync(«ROUNDS»));\n`,
    }),
    bad('A default that is too low', {
      'users.js': `import bcrypt from 'bcrypt';\nconst rounds = Number(process.env.ROUNDS) || 4;\nexport const hash = (password) => bcrypt.hash(password, «rounds»);\n`,
    }),
    bad('A default inside the conversion', {
      'users.js': `import bcrypt from 'bcrypt';\nconst rounds = Number(process.env.ROUNDS || 4);\nexport const hash = (password) => bcrypt.hash(password, «rounds»);\n`,
    }),
    bad('Few iterations of PBKDF2', {
      'users.js': `const crypto = require('crypto');\nexports.hash = (password, salt) => crypto.pbkdf2Sync(password, salt, «1000», 64, 'sha512');\n`,
    }),
    good('Enough, and the default of the package', {
      'users.js': `const bcrypt = require('bcrypt');\nconst argon2 = require('argon2');\nexports.hash = (password) => bcrypt.hash(password, 12);\nexports.salt = () => bcrypt.genSalt();\nexports.better = (password) => argon2.hash(password);\n`,
    }),
    good('Cheap only in tests', {
      'users.js': `const bcrypt = require('bcrypt');\nconst rounds = process.env.NODE_ENV === 'test' ? 1 : 12;\nexports.hash = (password) => bcrypt.hash(password, rounds);\n`,
    }),
    good('Another function called hash', {
      'etag.ts': `import { hash } from './fast';\nexport const etag = (text: string) => hash(text, 8);\n`,
      'fast.ts': `export const hash = (text: string, length: number) => text.slice(0, length);\n`,
    }),
  ],
});
