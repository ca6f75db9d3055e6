import type { Location } from '../../document/document.ts';
import type { Lockfile } from './lockfiles.ts';
import type { Manifests } from './manifests.ts';
import { textAt } from '../deployments/data.ts';
import { absent, defineView, present, unavailable } from '../view.ts';
import { licenseDemandOf } from './license-expression.ts';
import type { LicenseDemand } from './license-expression.ts';

/** A package a production install brings, under a licence that asks something of a service. */
export interface LicensedPackage {
  readonly name: string;
  /** As its authors write it. */
  readonly license: string;
  readonly demand: LicenseDemand;
  readonly direct: boolean;
  readonly at: Location;
}

export const licenses = defineView({
  name: 'licenses',
  reads: [],
  needs: ['lockfiles', 'manifests'],
  build: (_source, { lockfiles, manifests }) => {
    if (lockfiles.state !== 'present' || lockfiles.answer.all.length === 0 || manifests.state !== 'present')
      return absent('The project has no lockfile.');
    const telling = lockfiles.answer.all.filter(({ packages }) => packages.some(({ license }) => license));
    if (telling.length === 0) {
      return unavailable('No lockfile says licences: only those of npm since version 7 do.');
    }
    const silent = lockfiles.answer.all.filter((lockfile) => !telling.includes(lockfile));
    return present(
      telling.flatMap((lockfile) => demandingIn(lockfile, manifests.answer)),
      silent.map(({ path }) => ({ kind: 'unreached', message: `${path} does not say the licences of packages.` })),
    );
  },
});

function demandingIn({ packages, production, direct, folder, locationOf }: Lockfile, manifests: Manifests) {
  const own = manifests.all.filter(
    (manifest) => manifest.folder === folder || manifest.folder.startsWith(`${folder}/`),
  );
  const ownDemands = new Set(own.map(({ node }) => licenseDemandOf(textAt(node, 'license') ?? '')));
  const ownScopes = new Set(own.flatMap(({ name }) => (name?.startsWith('@') ? [name.split('/')[0]] : [])));
  const seen = new Set<string>();
  return packages.flatMap((found, id): readonly LicensedPackage[] => {
    const { name, license, source } = found;
    const demand = license && licenseDemandOf(license);
    if (!demand || !production.has(id) || source === 'workspace' || source === 'file' || seen.has(name)) return [];
    // what a company publishes for itself is under no licence, and needs none
    if (demand === 'closed' && (source !== 'registry' || ownScopes.has(name.split('/')[0]))) return [];
    if (demand === 'network' && ownDemands.has('network')) return [];
    seen.add(name);
    return [{ name, license, demand, direct: direct.has(id), at: locationOf(found) }];
  });
}
