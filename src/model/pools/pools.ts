import type { Node } from '../program/program.ts';

export type ClientKind =
  | 'pg pool'
  | 'pg client'
  | 'mysql pool'
  | 'mysql connection'
  | 'mongodb'
  | 'mongoose'
  | 'redis'
  | 'ioredis'
  | 'prisma'
  | 'knex'
  | 'sequelize'
  | 'typeorm'
  | 'postgres.js'
  | 'mssql'
  | 'amqp'
  | 'kafka'
  | 'queue';

/** A client of a database, cache, broker or queue, where it is made. */
export interface BackingClient {
  readonly kind: ClientKind;
  /** The call that makes it. */
  readonly call: Node;
  readonly api: string;
  /** Made once and kept for the life of the process. */
  readonly isLongLived: boolean;
  /** Keeps the process alive until it is closed. */
  readonly holdsProcess: boolean;
  /** Methods that close it. */
  readonly closers: readonly string[];
}

export interface Pools {
  readonly clients: readonly BackingClient[];
}
