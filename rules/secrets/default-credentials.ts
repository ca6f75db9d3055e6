import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'secrets/default-credentials',
  ensures: 'Databases and queues ask for a password nobody can guess.',
  severity: 'high',
  roles: ['any'],
  cwe: 1392,
  owasp: 'A07',
  why: '`postgres/postgres`, `guest/guest` and no password at all are the first things every scanner and every intruder on the same network tries.',
  fix: 'Require the value: `POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?set it}`, and keep it in the platform’s secret store.',
  references: ['https://docs.docker.com/compose/how-tos/use-secrets/'],
  needs: ['deployments'],
  *check({ deployments }) {
    for (const { path, at, message, published, confidence, beside } of deployments.weakStores) {
      const severity = beside ? 'low' : published ? 'high' : 'medium';
      yield { at: { path, ...at }, message, confidence, severity };
    }
  },
  examples: [
    bad('The pair everyone knows', {
      'docker-compose.prod.yml':
        'services:\n  db:\n    image: postgres:17\n    ports: ["5432:5432"]\n    environment:\n      POSTGRES_USER: postgres\n      «POSTGRES_PASSWORD: postgres»\n',
    }),
    bad('As a list, and not published', {
      'compose.yaml':
        'services:\n  mq:\n    image: rabbitmq:4\n    environment:\n      - «RABBITMQ_DEFAULT_PASS=guest»\n',
    }),
    bad('No password at all', {
      'compose.yaml':
        'services:\n  «mongo»:\n    image: mongo:8\n  «db»:\n    image: mysql:8\n    environment: { MYSQL_ALLOW_EMPTY_PASSWORD: "yes" }\n',
    }),
    good('Required from outside, from a file', {
      'compose.yaml':
        'services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD: ${DB_PASSWORD:?}\n  m:\n    image: mongo:8\n    environment:\n      MONGO_INITDB_ROOT_USERNAME: shop\n      MONGO_INITDB_ROOT_PASSWORD_FILE: /run/secrets/mongo\n  c:\n    image: redis:7\n    command: redis-server --requirepass ${REDIS_PASSWORD}\n',
    }),
    good('For development and tests', {
      'docker-compose.dev.yml':
        'services:\n  db:\n    image: postgres:17\n    environment: { POSTGRES_PASSWORD: postgres }\n',
      'docker-compose.test.yml': 'services:\n  db:\n    image: mongo:8\n',
    }),
  ],
});
