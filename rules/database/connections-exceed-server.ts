import { bad, defineRule, good } from '../../src/rule/rule.ts';

const PACKAGE = '{ "name": "api", "scripts": { "start": "node server.js" }, "dependencies": { "pg": "8.0.0" } }\n';
const withPool = (options: string): string =>
  `const { Pool } = require('pg');\nconst pool = «new Pool({ connectionString: process.env.DATABASE_URL${options} })»;\nrequire('express')().get('/', async (req, res) => res.json(await pool.query('select 1'))).listen(3000);\n`;
const plain = (options: string): string => withPool(options).replaceAll(/[«»]/g, '');
const pods = (replicas: number): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\nspec:\n  replicas: ${replicas}\n  template:\n    spec:\n      containers:\n        - name: api\n          image: acme/api:1\n`;

export default defineRule({
  id: 'database/connections-exceed-server',
  ensures: 'All processes together open no more connections than the database allows.',
  severity: 'medium',
  roles: ['service', 'worker'],
  cwe: 770,
  why: 'Under load every pool fills up, the database refuses the rest ("too many clients already"), and migrations, backups and your own psql are locked out in the middle of the outage.',
  fix: 'Divide what the database allows by the number of processes, leave some for people, and set `max` to that; or put PgBouncer in between.',
  references: [
    'https://node-postgres.com/apis/pool',
    'https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-MAX-CONNECTIONS',
  ],
  needs: ['pools', 'code', 'program', 'deployments', 'edge'],
  *check({ pools, code, program, deployments, edge }) {
    const server = serverOf(deployments);
    const runs = deployments.workloads.filter(
      ({ kind, development, containers }) =>
        /^(Deployment|StatefulSet)$/.test(kind) &&
        !development &&
        containers.some(({ image }) => !STORE.test(image?.text ?? '')),
    );
    const services = deployments.production.filter(({ build, confidence }) => build && confidence === 'certain');
    const counts = [
      ...runs.map(({ node }) => Number(at(node, 'spec', 'replicas') ?? 1)),
      ...services.map(({ node }) => Number(at(node, 'deploy', 'replicas') ?? 1)),
    ];
    // several services may not share the pool: only one says how many processes have it
    if (
      !server ||
      counts.length !== 1 ||
      deployments.compose.some(({ services: all }) =>
        all.some(({ image }) => /pgbouncer|pgcat|odyssey/.test(image?.text ?? '')),
      )
    )
      return;
    const [copies = 1] = counts;
    const started = edge.instances.flatMap(({ count }) => count ?? []);
    const replicas = copies * (started.length === 1 ? (started[0] ?? 1) : 1);
    const sums = pools.clients.flatMap((client) => {
      const size = DEFAULTS.get(client.kind);
      if (size === undefined || !client.isLongLived || !isOf(server.kinds, client)) return [];
      const option = sizeOf(client);
      const given = option.state === 'given' ? program.constants(option.value) : undefined;
      const [max] = given ?? (option.state === 'absent' ? [size] : []);
      return typeof max === 'number' ? [{ client, max }] : [];
    });
    const [first] = sums;
    const total = sums.reduce((sum, { max }) => sum + max, 0) * replicas;
    if (!first || !Number.isFinite(total) || total <= server.limit) return;
    const each = sums.map(({ max }) => max).join(' + ');
    yield {
      at: program.locationOf(first.client.call),
      message: `${each} connections in each of ${replicas} instances are ${total}; the database allows ${server.limit}.`,
      trail: [{ at: server.at, note: server.note }],
    };

    /** How large a pool is made: `max`, `connectionLimit`, `pool: { max }`. */
    function sizeOf({ kind, call }: (typeof pools.clients)[number]): ReturnType<typeof code.option> {
      if (!/^(knex|sequelize)$/.test(kind))
        return code.option(call, 0, kind === 'mysql pool' ? 'connectionLimit' : 'max');
      const values = [0, 1, 2, 3].map((index) => code.option(call, index, 'pool'));
      const pool = values.find(({ state }) => state === 'given') ?? values.find(({ state }) => state === 'unknown');
      return pool?.state === 'given' ? code.property(pool.value, 'max') : (pool ?? { state: 'absent' });
    }

    /** The database a query builder speaks to. */
    function isOf(pattern: RegExp, { kind, call }: (typeof pools.clients)[number]): boolean {
      if (!/^(knex|sequelize)$/.test(kind)) return pattern.test(kind);
      return [0, 1, 2, 3].some((index) => {
        const name = code.option(call, index, kind === 'knex' ? 'client' : 'dialect');
        const [text] = name.state === 'given' ? (program.constants(name.value) ?? []) : [];
        return typeof text === 'string' && pattern.test(text.replace('postgres', 'pg'));
      });
    }
  },
  examples: [
    bad('A pool of ten in each of twelve pods', {
      'server.js': withPool(''),
      'package.json': PACKAGE,
      'k8s/api.yaml': pods(12),
      'k8s/db.yaml':
        'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db }\nspec:\n  template:\n    spec:\n      containers:\n        - name: db\n          image: postgres:17\n',
    }),
    bad('A server that was told to allow fifty', {
      'server.js': withPool(', max: 20'),
      'package.json': PACKAGE,
      'compose.prod.yaml':
        'services:\n  api:\n    build: .\n    deploy:\n      replicas: 3\n  db:\n    image: postgres:17\n    command: postgres -c max_connections=50\n',
    }),
    bad('Processes of PM2, and a query builder', {
      'server.js': `const db = «require('knex')({ client: 'pg', connection: process.env.DATABASE_URL, pool: { min: 2, max: 30 } })»;\nrequire('express')().get('/', async (req, res) => res.json(await db.select())).listen(3000);\n`,
      'package.json': PACKAGE,
      'ecosystem.config.js':
        "module.exports = { apps: [{ name: 'api', script: 'server.js', instances: 4, exec_mode: 'cluster' }] };\n",
      'compose.prod.yaml': 'services:\n  api:\n    build: .\n  db:\n    image: postgres:17\n',
    }),
    good('A pool of five by default', {
      'server.js': `const { Sequelize } = require('sequelize');\nconst db = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres' });\nrequire('express')().get('/', async (req, res) => res.json(await db.query('select 1'))).listen(3000);\n`,
      'package.json': PACKAGE,
      'k8s/api.yaml': pods(12),
      'compose.prod.yaml': 'services:\n  db:\n    image: postgres:17\n',
    }),
    good('It fits', {
      'server.js': plain(', max: 8'),
      'package.json': PACKAGE,
      'compose.prod.yaml':
        'services:\n  api:\n    build: .\n    deploy:\n      replicas: 10\n  db:\n    image: postgres:17\n',
    }),
    good('Decided elsewhere, or a server that is not here', {
      'server.js': plain(', max: Number(process.env.POOL)'),
      'package.json': PACKAGE,
      'k8s/api.yaml': pods(50),
    }),
    good('A pooler in between', {
      'server.js': plain(', max: 50'),
      'package.json': PACKAGE,
      'compose.prod.yaml':
        'services:\n  api:\n    build: .\n    deploy:\n      replicas: 10\n  pooler:\n    image: edoburu/pgbouncer:1.24\n  db:\n    image: postgres:17\n',
    }),
  ],
});

const STORE = /(^|\/)(postgres|postgis|pgvector|timescaledb|mysql|mariadb|redis|mongo)/;
/** What drivers open by themselves. */
const DEFAULTS: ReadonlyMap<string, number> = new Map([
  ['pg pool', 10],
  ['mysql pool', 10],
  ['knex', 10],
  ['sequelize', 5],
]);

interface Node {
  readonly kind: string;
  readonly text?: string;
  readonly entries?: readonly { readonly key: string; readonly value: Node }[];
}

const at = (node: Node, ...keys: readonly string[]): string | undefined =>
  keys.reduce<Node | undefined>((inner, key) => inner?.entries?.find((each) => each.key === key)?.value, node)?.text;

interface Server {
  readonly at: { readonly path: string; readonly start: number; readonly end: number };
  readonly kinds: RegExp;
  readonly limit: number;
  readonly note: string;
}

interface Started {
  readonly path: string;
  readonly at: { readonly start: number; readonly end: number };
  readonly image?: { readonly text: string };
  readonly command?: { readonly words: readonly { readonly text: string }[] };
}

/** The one database server the project brings along. Three connections are kept for its owner. */
function serverOf(deployments: {
  readonly production: readonly Started[];
  readonly workloads: readonly { readonly containers: readonly Started[] }[];
}): Server | undefined {
  const all = [...deployments.production, ...deployments.workloads.flatMap(({ containers }) => containers)];
  const stores = all.filter(({ image }) =>
    /(^|\/)(postgres|postgis|pgvector|timescaledb|mysql|mariadb)(:|@|$)/.test(image?.text ?? ''),
  );
  const [store] = stores;
  if (!store || stores.length !== 1) return undefined;
  const isMysql = /mysql|mariadb/.test(store.image?.text ?? '');
  const told = /max_connections=(\d+)/.exec(store.command?.words.map(({ text }) => text).join(' ') ?? '')?.[1];
  const allowed = told === undefined ? (isMysql ? 151 : 100) : Number(told);
  return {
    at: { path: store.path, start: store.at.start, end: store.at.end },
    kinds: isMysql ? /^mysql/ : /^pg/,
    limit: isMysql ? allowed : allowed - 3,
    note: `max_connections is ${allowed}${told === undefined ? ' by default' : ''}${isMysql ? '' : ', three of them for its owner'}.`,
  };
}
