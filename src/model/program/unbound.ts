/**
 * What a name nothing in the file binds stands for, where it can only be what everybody calls so: excerpts leave their
 * imports out. A complete module never has one, for it would throw.
 */
const USUAL: ReadonlyMap<string, string> = new Map([
  ...['express', 'fastify', 'koa', 'cors', 'helmet', 'bcrypt', 'bcryptjs', 'argon2', 'jsonwebtoken', 'axios'].map(same),
  ...['passport', 'multer', 'winston', 'pino', 'morgan', 'nodemailer', 'mongoose', 'mysql', 'mysql2', 'csurf'].map(
    same,
  ),
  ...['fs', 'http', 'https', 'http2', 'tls', 'net', 'os', 'child_process', 'cluster', 'zlib', 'compression'].map(same),
  ['Fastify', 'fastify'],
  ['Koa', 'koa'],
  ['Hono', 'hono.Hono'],
  ['jwt', 'jsonwebtoken'],
  ['session', 'express-session'],
  ['cookieSession', 'cookie-session'],
  ['cookieParser', 'cookie-parser'],
  ['bodyParser', 'body-parser'],
  ['rateLimit', 'express-rate-limit'],
  ['CryptoJS', 'crypto-js'],
  ['Pool', 'pg.Pool'],
  ['logger', 'winston.createLogger()'],
  ['Redis', 'ioredis'],
  ['NestFactory', '@nestjs/core.NestFactory'],
  ['JwtModule', '@nestjs/jwt.JwtModule'],
  ['ThrottlerModule', '@nestjs/throttler.ThrottlerModule'],
  ['GraphQLModule', '@nestjs/graphql.GraphQLModule'],
  ['TypeOrmModule', '@nestjs/typeorm.TypeOrmModule'],
  ['PassportStrategy', '@nestjs/passport.PassportStrategy'],
  ['JwtStrategy', 'passport-jwt.Strategy'],
  ['ExtractJwt', 'passport-jwt.ExtractJwt'],
  ['ApolloServer', '@apollo/server.ApolloServer'],
  ['WebSocketServer', 'ws.WebSocketServer'],
  ['Sequelize', 'sequelize.Sequelize'],
  ['DataSource', 'typeorm.DataSource'],
  ['PrismaClient', '@prisma/client.PrismaClient'],
  ['NodeSDK', '@opentelemetry/sdk-node.NodeSDK'],
  ['CircuitBreaker', 'opossum'],
  ['createHash', 'crypto.createHash'],
  ['createHmac', 'crypto.createHmac'],
  ['createCipheriv', 'crypto.createCipheriv'],
  ['createDecipheriv', 'crypto.createDecipheriv'],
  ['randomBytes', 'crypto.randomBytes'],
  ['readFileSync', 'fs.readFileSync'],
  ['writeFileSync', 'fs.writeFileSync'],
  ['execSync', 'child_process.execSync'],
]);

function same(name: string): readonly [string, string] {
  return [name, name];
}

/** The `crypto` every script has is Web Crypto, which has none of what `node:crypto` is asked for. */
const ONLY_NODE = /^crypto\.webcrypto\.(?!subtle\b|getRandomValues\b|randomUUID\b|CryptoKey\b|\*)/;

/** More than one where several packages are called so. */
export function pathsOfUnbound(name: string): readonly string[] {
  if (name === 'crypto') return ['crypto.webcrypto'];
  if (name === 'pool') return ['pg.Pool()', 'mysql2/promise.createPool()'];
  return [USUAL.get(name) ?? name.replace(/^globalThis\./, '')];
}

export const asNodeCrypto = (path: string): string => path.replace(ONLY_NODE, 'crypto.');
