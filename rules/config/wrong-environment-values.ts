import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'config/wrong-environment-values',
  ensures: 'Settings of production are those of production.',
  severity: 'medium',
  roles: ['any'],
  cwe: 1188,
  owasp: 'A02',
  why: 'A value left over from another environment works until it matters: payments go to a sandbox, the cache is looked for on the machine itself, and a test run charges real cards.',
  fix: 'Give each environment values of its own, from the platform, and none in the repository.',
  references: ['https://12factor.net/config'],
  needs: ['environment'],
  *check({ environment }) {
    for (const { name, value, at, place } of environment.assignments) {
      if (place !== 'product' || value === '') continue;
      const inProduction = PRODUCTION.test(at.path);
      if (!inProduction) {
        if (DEVELOPMENT.test(at.path) && LIVE_KEY.test(value)) {
          yield { at, severity: 'high', message: `${name} is a live key, in a file for developers.` };
        }
        continue;
      }
      const wrong = wrongIn(name, value, /compose/.test(at.path));
      if (wrong !== undefined) yield { at, message: `${name} ${wrong}, in a file for production.` };
    }
  },
  examples: [
    bad('Left over in settings of production', {
      '.env.production':
        '«NODE_ENV=development»\n«REDIS_URL=redis://localhost:6379»\n«DB_HOST=127.0.0.1»\n«STRIPE_KEY=sk_test_4eC39HqLyjWDarjtT1zdp7dc»\nPORT=3000\n',
    }),
    bad('In a container, localhost is the container', {
      'compose.prod.yaml':
        'services:\n  api:\n    build: .\n    environment:\n      «MONGO_URL: mongodb://localhost:27017/shop»\n      LOG_LEVEL: info\n',
    }),
    bad('The key of production, on every laptop', {
      '.env.development': '«STRIPE_KEY=sk_live_51H8xKf93vuqLd82hsXpqT4z»\n',
    }),
    good('Names of other hosts, and what is not a store', {
      '.env.production':
        'NODE_ENV=production\nREDIS_URL=redis://cache.internal:6379\nDB_HOST=db\nMETRICS_HOST=127.0.0.1\nHOST=0.0.0.0\n',
      'compose.prod.yaml': 'services:\n  api:\n    environment:\n      MONGO_URL: mongodb://mongo:27017/shop\n',
    }),
    good('Files for developers, and templates', {
      '.env.development':
        'NODE_ENV=development\nREDIS_URL=redis://localhost:6379\nSTRIPE_KEY=sk_test_4eC39HqLyjWDarjtT1zdp7dc\n',
      '.env.production.example': 'REDIS_URL=redis://localhost:6379\n',
    }),
  ],
});

const PRODUCTION =
  /(^|\/)(\.env\.(production|prod|live)|(production|prod|live)\.env|(docker-)?compose[.-](production|prod|live)\.ya?ml|\.env\.(production|prod)\.local)$/i;
const DEVELOPMENT = /(^|\/)(\.env\.(development|dev|local|test)|(development|dev|local|test)\.env)$/i;
const LIVE_KEY = /^(sk|rk)_live_/;
const LOCAL = /^(localhost|127\.0\.0\.1|::1|host\.docker\.internal)$/i;
const STORE =
  /(^|_)(DB|DATABASE|REDIS|MONGO|MONGODB|POSTGRES|PG|MYSQL|RABBIT|RABBITMQ|AMQP|KAFKA|ELASTIC\w*|MEMCACHED)(_|$|HOST$)/;
const STORE_URL =
  /^(postgres(ql)?|mysql|mariadb|mongodb(\+srv)?|rediss?|amqps?|kafka|memcached):\/\/(?:[^@/\s]*@)?(\[::1\]|[\w.-]+)/i;

function wrongIn(name: string, value: string, inCompose: boolean): string | undefined {
  if (name === 'NODE_ENV') return value === 'production' || value.includes('$') ? undefined : `is ${value}`;
  if (/^(sk|rk)_test_/.test(value)) return 'is a test key';
  const host = STORE_URL.exec(value)?.[4] ?? (STORE.test(name) && /_?HOST(NAME)?$/.test(name) ? value : undefined);
  if (host === undefined || !LOCAL.test(host)) return undefined;
  return inCompose ? `looks for its store at ${host}, which is the container itself` : `looks for its store at ${host}`;
}
