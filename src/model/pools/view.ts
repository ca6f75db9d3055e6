import { absent, defineView, present } from '../view.ts';
import type { BackingClient, ClientKind } from './pools.ts';

interface Row {
  readonly api: RegExp;
  readonly kind: ClientKind;
  /** A pg pool lets go of idle connections after ten seconds; most others keep theirs. */
  readonly holdsProcess: boolean;
  readonly closers: readonly string[];
}

const row = (kind: ClientKind, api: RegExp, holdsProcess: boolean, ...closers: string[]): Row => ({
  kind,
  api,
  holdsProcess,
  closers,
});

const ROWS: readonly Row[] = [
  row('pg pool', /^(pg|pg\.native|pg-pool|@neondatabase\/serverless)(\.Pool)$|^pg-pool$/, false, 'end'),
  row('pg client', /^(pg|@neondatabase\/serverless)\.Client$/, true, 'end'),
  row('mysql pool', /^(mysql|mysql2|mysql2\/promise|mariadb)\.createPool(Cluster)?$/, true, 'end'),
  row('mysql connection', /^(mysql|mysql2|mysql2\/promise|mariadb)\.createConnection$/, true, 'end', 'destroy'),
  row('mongodb', /^mongodb\.MongoClient(\.connect)?$/, true, 'close'),
  row('mongoose', /^mongoose\.(connect|createConnection)$/, true, 'disconnect', 'close', 'disconnectAll'),
  row(
    'redis',
    /^(redis|@redis\/client)\.(createClient|createCluster)$/,
    true,
    'quit',
    'disconnect',
    'destroy',
    'close',
    'end',
  ),
  row('ioredis', /^ioredis(\.(Redis|Cluster|default))?$/, true, 'quit', 'disconnect'),
  row('prisma', /^@prisma\/client\.PrismaClient$/, false, '$disconnect'),
  row('knex', /^knex(\.(knex|default))?$/, false, 'destroy'),
  row('sequelize', /^sequelize(\.Sequelize)?$|^sequelize-typescript\.Sequelize$/, false, 'close'),
  row('typeorm', /^typeorm\.(DataSource|createConnection)$/, false, 'destroy', 'close'),
  row('postgres.js', /^postgres$/, false, 'end'),
  row('mssql', /^mssql\.(ConnectionPool|connect)$/, true, 'close'),
  row('amqp', /^(amqplib|amqp-connection-manager)\.connect$/, true, 'close'),
  row('kafka', /^kafkajs\.Kafka\(\)\.(consumer|producer)$/, true, 'disconnect'),
  row('queue', /^bullmq\.(Worker|Queue|QueueEvents)$|^bull$/, true, 'close'),
];

/** Packages whose constructor needs `new`: without it the call is something else. */
const CONSTRUCTED: ReadonlySet<ClientKind> = new Set(['pg client', 'pg pool', 'prisma', 'sequelize', 'ioredis']);

export const pools = defineView({
  name: 'pools',
  reads: [],
  needs: ['program', 'code', 'handlers'],
  build: (_, { program, code, handlers }) => {
    if (program.state !== 'present' || code.state !== 'present' || handlers.state !== 'present')
      return absent('There is no code to look at.');
    const clients = program.answer.calls.flatMap((call): readonly BackingClient[] => {
      const value = program.answer.valueOf(call);
      for (const api of code.answer.apiOf(call)) {
        const found = ROWS.find((each) => each.api.test(api));
        if (!found || value.kind !== 'call') continue;
        if (CONSTRUCTED.has(found.kind) && !value.new) continue;
        if (found.kind === 'queue' && api === 'bull' && !value.new) continue;
        const { kind, holdsProcess, closers } = found;
        return [{ kind, call, api, holdsProcess, closers, isLongLived: handlers.answer.isLongLived(call) }];
      }
      return [];
    });
    return present({ clients }, program.gaps);
  },
});
