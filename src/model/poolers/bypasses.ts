import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import { imageReferenceOf } from '../images/image-reference.ts';
import type { Deployments } from '../deployments/deployments.ts';

/** A connection string of a service that goes to the server although a pooler stands beside it. */
export interface Bypass {
  readonly at: Location;
  readonly service: string;
  readonly variable: string;
  readonly server: string;
  readonly pooler: string;
}

const POOLER = /(^|[/-])pgbouncer(-|$)/;
const SERVER = /(^|\/)(postgres|postgresql|postgis|pgvector|timescaledb)$/;
/** A direct way that is meant to be one. */
const ON_PURPOSE = /DIRECT|MIGRAT|SHADOW|ADMIN/i;

export function bypassesOf({ production }: Deployments): readonly Bypass[] {
  const named = (pattern: RegExp): typeof production =>
    production.filter(({ image }) => image && pattern.test(imageReferenceOf(image.text).repository));
  const [pooler] = named(POOLER);
  if (!pooler) return [];
  const servers = named(SERVER);
  return production
    .filter((service) => service !== pooler && !servers.includes(service))
    .flatMap((service) =>
      service.environment.flatMap(({ name, value, at, path }): readonly Bypass[] => {
        const host = value && !ON_PURPOSE.test(name) ? hostIn(name, value.text) : undefined;
        const server = servers.find((candidate) => candidate.name === host);
        if (!server) return [];
        return [
          { at: locationOf(path, at), service: service.name, variable: name, server: server.name, pooler: pooler.name },
        ];
      }),
    );
}

const hostIn = (name: string, text: string): string | undefined =>
  /^postgres(?:ql)?:\/\/(?:[^@/]*@)?([\w.-]+)/.exec(text)?.[1] ??
  (/^(PGHOST|DB_HOST|POSTGRES_HOST|DATABASE_HOST)$/.test(name) ? text : undefined);
