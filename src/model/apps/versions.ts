import semver from 'semver';
import { entryOf, textAt } from '../deployments/data.ts';
import type { Source } from '../view.ts';
import type { Framework } from './app.ts';

const PACKAGES: Readonly<Record<Framework, readonly string[]>> = {
  express: ['express'],
  connect: ['connect'],
  polka: ['polka'],
  restify: ['restify'],
  fastify: ['fastify'],
  koa: ['koa'],
  nest: ['@nestjs/core'],
  hapi: ['@hapi/hapi', 'hapi'],
  hono: ['hono'],
  http: [],
  next: ['next'],
  lambda: [],
};

/** The major version of a framework for a module: the lowest its package.json allows. */
export function rangeMajorOf(source: Source): (framework: Framework, path: string) => number | undefined {
  const manifests = source
    .facts('manifest')
    .map(({ path, facts }) => ({ folder: path.slice(0, path.lastIndexOf('/') + 1), node: facts.documents[0] }))
    .toSorted((a, b) => b.folder.length - a.folder.length);
  return (framework, path) => {
    for (const { node } of manifests.filter((each) => path.startsWith(each.folder))) {
      for (const name of PACKAGES[framework]) {
        for (const field of ['dependencies', 'devDependencies', 'peerDependencies']) {
          const range = textAt(entryOf(node, field), name);
          const lowest = range === undefined ? null : minVersionOf(range);
          if (lowest) return lowest.major;
        }
      }
    }
    return undefined;
  };
}

function minVersionOf(range: string): semver.SemVer | null {
  try {
    return semver.minVersion(range.slice(0, 100));
  } catch {
    return null;
  }
}
