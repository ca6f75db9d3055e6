import { bad, defineRule, good } from '../../src/rule/rule.ts';

const STORE = /(^|\/)(postgres|postgis|pgvector|timescaledb|mysql|mariadb|mongo|rabbitmq|kafka|elasticsearch)(:|@|$)/;
const WAITS = /wait-for|wait-on|dockerize|waitfor|wait_for|pg_isready/;
const compose = (api: string): string => `services:\n  api:\n    build: .\n${api}  db:\n    image: postgres:17\n`;

export default defineRule({
  id: 'lifecycle/store-not-awaited',
  ensures: 'A service starts when its database can be reached.',
  severity: 'low',
  roles: ['any'],
  why: '`depends_on` alone waits until the container has started, not until the database in it answers. The program finds nothing, ends, and nothing starts it again.',
  fix: 'Write `depends_on: { db: { condition: service_healthy } }`, give the database a `healthcheck`, and the service `restart: unless-stopped`.',
  references: ['https://docs.docker.com/compose/how-tos/startup-order/'],
  needs: ['deployments'],
  *check({ deployments: { production } }) {
    for (const { name, build, node, path, command, entrypoint, confidence } of production) {
      if (!build || confidence !== 'certain' || node.kind !== 'map') continue;
      const entry = (key: string) => node.entries.find((each) => each.key === key);
      const depends = entry('depends_on');
      const words = [command, entrypoint].flatMap((each) => each?.words ?? []);
      // it is started again until it finds the database, or waits by itself
      if (!depends || entry('restart') || entry('deploy') || words.some(({ text }) => WAITS.test(text))) continue;
      const { value } = depends;
      const names =
        value.kind === 'list'
          ? value.items.flatMap((item) => (item.kind === 'scalar' ? [item.text] : []))
          : value.kind === 'map'
            ? value.entries.flatMap(({ key, value: of }) =>
                of.kind === 'map' &&
                of.entries.some((each) => each.value.kind === 'scalar' && /healthy|completed/.test(each.value.text))
                  ? []
                  : [key],
              )
            : [];
      const store = production.find((each) => names.includes(each.name) && STORE.test(each.image?.text ?? ''));
      if (store)
        yield {
          at: { path, start: depends.keyAt.start, end: depends.keyAt.end },
          confidence: 'likely',
          message: `${name} starts as soon as the container of ${store.name} does, whether or not ${store.name} answers.`,
        };
    }
  },
  examples: [
    bad('A list', { 'compose.prod.yaml': compose('    «depends_on»: [db]\n') }),
    bad('The condition that says nothing', {
      'compose.prod.yaml': compose('    «depends_on»:\n      db: { condition: service_started }\n'),
    }),
    good('Until it is healthy, or until it is found', {
      'a/compose.prod.yaml': compose('    depends_on:\n      db: { condition: service_healthy }\n'),
      'b/compose.prod.yaml': compose('    depends_on: [db]\n    restart: unless-stopped\n'),
      'c/compose.prod.yaml': compose('    depends_on: [db]\n    command: ./wait-for-it.sh db:5432 -- node a.js\n'),
    }),
    good('Something else than a store, or a file of developers', {
      'a/compose.prod.yaml': compose('    depends_on: [web]\n  web:\n    build: ./web\n'),
      'b/compose.yaml': compose('    depends_on: [db]\n'),
    }),
  ],
});
