/** A place where a package expects a secret: an argument, or an option below it. */
export interface SecretParameter {
  /** Canonical paths of what is called. */
  readonly calls: readonly string[];
  readonly index: number;
  /** Names of the options on the way to it; alternatives for the last one. */
  readonly path?: readonly string[];
  readonly names?: readonly string[];
  /** What it is, for a sentence: "the key that signs tokens". */
  readonly what: string;
}

const TOKEN_KEY = 'the key that signs tokens';
const SESSION_KEY = 'the key that signs sessions';
const DATABASE_PASSWORD = 'the password of the database';

const methodsOf = (module: string, ...methods: readonly string[]): readonly string[] =>
  methods.map((method) => `${module}.${method}`);

export const SECRET_PARAMETERS: readonly SecretParameter[] = [
  { calls: methodsOf('jsonwebtoken', 'sign', 'verify'), index: 1, what: TOKEN_KEY },
  { calls: methodsOf('jwt-simple', 'encode', 'decode'), index: 1, what: TOKEN_KEY },
  { calls: methodsOf('jose.SignJWT()', 'sign'), index: 0, what: TOKEN_KEY },
  { calls: ['jose.jwtVerify'], index: 1, what: TOKEN_KEY },
  { calls: ['fast-jwt.createSigner', 'fast-jwt.createVerifier'], index: 0, names: ['key'], what: TOKEN_KEY },
  { calls: methodsOf('hono/jwt', 'sign', 'verify'), index: 1, what: TOKEN_KEY },
  {
    calls: ['hono/jwt.jwt', 'koa-jwt', 'express-jwt.expressjwt', 'express-jwt'],
    index: 0,
    names: ['secret'],
    what: TOKEN_KEY,
  },
  { calls: ['passport-jwt.Strategy'], index: 0, names: ['secretOrKey'], what: TOKEN_KEY },
  {
    calls: ['@nestjs/jwt.JwtModule.register', '@nestjs/jwt.JwtService'],
    index: 0,
    names: ['secret', 'privateKey'],
    what: TOKEN_KEY,
  },
  {
    calls: methodsOf('@nestjs/jwt.JwtService()', 'sign', 'signAsync', 'verify', 'verifyAsync'),
    index: 1,
    names: ['secret', 'privateKey'],
    what: TOKEN_KEY,
  },
  { calls: ['fastify().register'], index: 1, names: ['secret'], what: 'the secret of this plugin' },
  {
    calls: ['express-session', 'cookie-session', 'koa-session'],
    index: 0,
    names: ['secret', 'keys'],
    what: SESSION_KEY,
  },
  { calls: ['cookie-parser'], index: 0, what: 'the key that signs cookies' },
  { calls: methodsOf('hono/cookie', 'setSignedCookie'), index: 3, what: 'the key that signs cookies' },
  { calls: ['iron-session.getIronSession'], index: 2, names: ['password'], what: SESSION_KEY },
  { calls: ['next-auth', 'better-auth.betterAuth'], index: 0, names: ['secret'], what: SESSION_KEY },
  {
    calls: ['crypto.createHmac', 'crypto.createCipheriv', 'crypto.createDecipheriv'],
    index: 1,
    what: 'a cryptographic key',
  },
  { calls: ['crypto.createCipher', 'crypto.createDecipher'], index: 1, what: 'a cryptographic key' },
  { calls: methodsOf('crypto-js.AES', 'encrypt', 'decrypt'), index: 1, what: 'a cryptographic key' },
  { calls: methodsOf('crypto-js', 'HmacSHA256', 'HmacSHA512', 'HmacSHA1'), index: 1, what: 'a cryptographic key' },
  {
    calls: [
      ...methodsOf('pg', 'Pool', 'Client'),
      ...methodsOf('mysql', 'createConnection', 'createPool'),
      ...methodsOf('mysql2', 'createConnection', 'createPool'),
      ...methodsOf('mysql2/promise', 'createConnection', 'createPool'),
      'postgres',
      'typeorm.DataSource',
      'mssql.connect',
      'oracledb.getConnection',
    ],
    index: 0,
    names: ['password'],
    what: DATABASE_PASSWORD,
  },
  { calls: ['knex'], index: 0, path: ['connection'], names: ['password'], what: DATABASE_PASSWORD },
  { calls: ['sequelize', 'sequelize.Sequelize'], index: 2, what: DATABASE_PASSWORD },
  {
    calls: ['ioredis', 'ioredis.Redis', 'redis.createClient'],
    index: 0,
    names: ['password'],
    what: 'the password of Redis',
  },
  {
    calls: ['nodemailer.createTransport'],
    index: 0,
    path: ['auth'],
    names: ['pass'],
    what: 'the password of the mail server',
  },
  { calls: ['stripe', 'stripe.Stripe'], index: 0, what: 'the key of the payment provider' },
  { calls: ['openai', 'openai.OpenAI'], index: 0, names: ['apiKey'], what: 'the key of a model provider' },
  { calls: ['express-basic-auth'], index: 0, names: ['users'], what: 'a password' },
];
