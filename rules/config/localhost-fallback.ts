import { bad, defineRule, good } from '../../src/rule/rule.ts';

const BACKING =
  /(^|_)(DATABASE|DB|MONGO(DB)?|PG|POSTGRES(QL)?|MYSQL|REDIS|RABBIT(MQ)?|AMQP|KAFKA|ELASTIC(SEARCH)?|MEMCACHED|NATS|MQTT|SMTP|MAIL|API|SERVICE|BROKER|CACHE|QUEUE|UPSTREAM|BACKEND)\w*(URL|URI|HOST|DSN|ENDPOINT|SERVERS?|ADDR(ESS)?|BROKERS?)$|^(DATABASE|MONGO|REDIS|AMQP)_?(URL|URI)$/;
const LOCAL = /^((\w[\w+.-]*:)?\/\/([^@/\s]*@)?)?(localhost|127\.0\.0\.1|\[::1\])([:/?].*)?$/;

export default defineRule({
  id: 'config/localhost-fallback',
  ensures: 'A service without its configuration does not start.',
  severity: 'medium',
  roles: ['service', 'worker', 'function'],
  cwe: 1188,
  why: `Where the variable is forgotten in a deployment, the service does not say so: it looks for its database on itself, fails later and elsewhere, or finds a stranger's.`,
  fix: `Require the variable (validate the environment at the start and exit if it is missing); keep the local value in \`.env\` for development.`,
  references: ['https://12factor.net/config'],
  needs: ['program', 'code'],
  *check({ program, code }) {
    for (const module of program.modules.values()) {
      for (const [id, value] of module.facts.values.entries()) {
        if (value.kind !== 'either' || !['or', 'nullish', 'default'].includes(value.reason)) continue;
        const [name] = value.options.flatMap((option) => {
          const each = module.facts.values[option];
          return each?.kind === 'member' &&
            each.property !== undefined &&
            program.apis(module.first + each.object).includes('process.env')
            ? [each.property]
            : [];
        });
        const last = value.options.at(-1);
        if (name === undefined || last === undefined || !BACKING.test(name) || /(^|_)TEST(_|$)/.test(name)) continue;
        const fallback = module.facts.values[last];
        if (fallback?.kind !== 'literal' || typeof fallback.value !== 'string' || !LOCAL.test(fallback.value)) continue;
        if (code.isEnvironmentGuarded(module.first + id)) continue;
        yield {
          at: program.locationIn(module, fallback.at),
          message: `Without \`${name}\` this looks for the other side on the machine itself.`,
        };
      }
    }
  },
  examples: [
    bad('A database', {
      'db.js': `
const { Pool } = require('pg');
const mongo = process.env.MONGODB_URI || «'mongodb://localhost:27017/shop'»;
exports.pool = new Pool({ host: process.env.DB_HOST || «'localhost'» });`,
    }),
    bad('Redis', {
      'cache.ts': `
import Redis from 'ioredis';
export const cache = new Redis(process.env.REDIS_URL ?? «'redis://localhost:6379'»);`,
    }),
    good('Where it listens itself, and what may well have a default', {
      'server.js': `
const host = process.env.HOST || '127.0.0.1';
const level = process.env.LOG_LEVEL || 'info';
const url = process.env.PUBLIC_URL || 'http://localhost:3000';
const address = process.env.API_HOST || '0.0.0.0';
const scratch = process.env.TEST_DATABASE_URL || 'postgres://localhost/test';
require('http').createServer().listen(process.env.PORT || 3000, host);`,
    }),
    good('Only while developing', {
      'db.ts': `
export const url = process.env.NODE_ENV === 'production'
  ? process.env.DATABASE_URL
  : (process.env.DATABASE_URL ?? 'postgres://localhost/dev');`,
    }),
  ],
});
