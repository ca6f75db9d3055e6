import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/datastore-port-published',
  ensures: 'Databases, caches and queues are reachable from inside only.',
  severity: 'high',
  roles: ['any'],
  cwe: 668,
  owasp: 'A02',
  why: 'Docker writes its own firewall rules, past ufw: a published port is open to the internet, and scanners find an open Redis or MongoDB within minutes.',
  fix: 'Drop `ports` (other services of the file reach it by its name), or bind it: `127.0.0.1:5432:5432`.',
  references: ['https://docs.docker.com/engine/network/packet-filtering-firewalls/#docker-and-ufw'],
  needs: ['deployments'],
  *check({ deployments }) {
    for (const { path, at, service, store, port, confidence, beside } of deployments.publishedStores) {
      yield {
        at: { path, ...at },
        message: `${service} (${store}) publishes port ${port} on every address of the machine.`,
        confidence,
        ...(beside && { severity: 'low' as const }),
      };
    }
  },
  examples: [
    bad('A production file', {
      'docker-compose.prod.yml':
        'services:\n  db:\n    image: postgres:17\n    ports:\n      - «"5432:5432"»\n  cache:\n    image: redis:7\n    ports:\n      - target: 6379\n        published: 6379\n'.replace(
          '- target: 6379\n        published: 6379',
          '- «target: 6379\n        published: 6379»',
        ),
    }),
    bad('The only file there is', {
      'compose.yaml': 'services:\n  mongo:\n    image: mongo:8\n    ports: [«27017:27017»]\n',
    }),
    good('Bound to this machine, or not published', {
      'compose.yaml':
        'services:\n  db:\n    image: postgres:17\n    ports: ["127.0.0.1:5432:5432"]\n  cache:\n    image: redis:7\n    expose: ["6379"]\n',
    }),
    good('For development', {
      'docker-compose.override.yml': 'services:\n  db:\n    image: postgres:17\n    ports: ["5432:5432"]\n',
      'docker-compose.dev.yml': 'services:\n  db:\n    image: mysql:8\n    ports: ["3306:3306"]\n',
    }),
    good('The service itself', { 'compose.yaml': 'services:\n  web:\n    build: .\n    ports: ["80:3000"]\n' }),
  ],
});
