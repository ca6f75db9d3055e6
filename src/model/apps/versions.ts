import semver from 'semver';
import { entryOf, textAt } from '../deployments/data.ts';
import type { Lockfiles } from '../dependencies/lockfiles.ts';
import type { Answer, Source } from '../view.ts';
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

/** The major version of a framework for a module; see `packageMajorOf`. */
export function majorOf(
  source: Source,
  lockfiles: Answer<Lockfiles>,
): (framework: Framework, path: string) => number | undefined {
  const versionOf = packageMajorOf(source, lockfiles);
  return (framework, path) => versionOf(PACKAGES[framework], path);
}

/**
 * The major version of a package, under one of its names, for a module: the one the lockfile pins, else the lowest its
 * package.json allows.
 */
export function packageMajorOf(
  source: Source,
  lockfiles: Answer<Lockfiles>,
): (names: readonly string[], path: string) => number | undefined {
  const locked = lockfiles.state === 'present' ? lockfiles.answer.projects : [];
  const projects = locked.toSorted((a, b) => b.manifest.folder.length - a.manifest.folder.length);
  const manifests = source
    .facts('manifest')
    .map(({ path, facts }) => ({ folder: path.slice(0, path.lastIndexOf('/') + 1), node: facts.documents[0] }))
    .toSorted((a, b) => b.folder.length - a.folder.length);
  return (names, path) => {
    for (const name of names) {
      const versions = projects
        .filter(({ manifest: { folder } }) => folder === '' || path.startsWith(`${folder}/`))
        .map(({ requirements }) => requirements.find((each) => each.dependency.name === name && each.target));
      const version = semver.parse(versions.find(Boolean)?.target?.version ?? '');
      if (version) return version.major;
    }
    for (const { node } of manifests.filter((each) => path.startsWith(each.folder))) {
      for (const name of names) {
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
