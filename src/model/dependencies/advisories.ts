import type { Advisory } from '../../document/advisory.ts';
import type { Location } from '../../document/document.ts';
import type { LockedPackage, PackageId } from '../../facts/lockfile/lockfile-facts.ts';
import { absent, defineView, present, unavailable } from '../view.ts';
import type { Dependency } from './manifests.ts';
import type { Lockfile } from './lockfiles.ts';

/** Known holes in what the project installs. */
export interface Advisories {
  readonly from: string;
  /** Those a production install brings first, and of them those the project asks for itself. */
  readonly vulnerable: readonly VulnerablePackage[];
}

export interface VulnerablePackage {
  readonly package: LockedPackage;
  readonly advisories: readonly Advisory[];
  readonly at: Location;
  readonly production: boolean;
  /** The dependencies of a manifest through which it comes; one where it is asked for itself. */
  readonly through: readonly Dependency[];
  readonly direct: boolean;
}

export const advisories = defineView({
  name: 'advisories',
  reads: [],
  needs: ['lockfiles'],
  build: ({ advisories: report }, { lockfiles }) => {
    if (lockfiles.state !== 'present' || lockfiles.answer.all.length === 0)
      return absent('The project has no lockfile.');
    if (!report) return unavailable('Nobody was asked for advisories: run with --advisories.');
    if (report.state === 'unknown') return unavailable(`Known holes were not looked up: ${report.reason}.`);
    const found = lockfiles.answer.all.flatMap((lockfile) => vulnerableIn(lockfile, report.advisories));
    const rank = ({ production, direct }: VulnerablePackage): number => (production ? 0 : 2) + (direct ? 0 : 1);
    const gaps =
      report.skipped.length === 0
        ? []
        : [
            {
              kind: 'unreached' as const,
              message: `Nobody was asked about ${report.skipped.length} private packages.`,
            },
          ];
    return present({ from: report.from, vulnerable: found.toSorted((a, b) => rank(a) - rank(b)) }, gaps);
  },
});

function vulnerableIn(lockfile: Lockfile, all: readonly Advisory[]): readonly VulnerablePackage[] {
  const byName = new Map<string, Advisory[]>();
  for (const advisory of all) {
    const known = byName.get(advisory.package);
    if (known) known.push(advisory);
    else byName.set(advisory.package, [advisory]);
  }
  const seen = new Set<string>();
  return lockfile.packages.flatMap((found, id): readonly VulnerablePackage[] => {
    const concerned = (byName.get(found.name) ?? []).filter(({ versions }) => versions.includes(found.version));
    const identity = `${found.name}@${found.version}`;
    if (concerned.length === 0 || seen.has(identity)) return [];
    seen.add(identity);
    const own = lockfile.direct.get(id);
    return [
      {
        package: found,
        advisories: concerned,
        at: lockfile.locationOf(found),
        production: lockfile.production.has(id),
        through: own ? [own] : roots(lockfile, id),
        direct: own !== undefined,
      },
    ];
  });
}

/** The direct dependencies that lead to a package. */
function roots({ packages, direct }: Lockfile, target: PackageId): readonly Dependency[] {
  const wantedBy = new Map<PackageId, PackageId[]>();
  packages.forEach(({ needs }, id) => {
    for (const need of needs) {
      const known = wantedBy.get(need);
      if (known) known.push(id);
      else wantedBy.set(need, [id]);
    }
  });
  const seen = new Set<PackageId>([target]);
  const open = [target];
  const found: Dependency[] = [];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const dependency = direct.get(id);
    if (dependency) found.push(dependency);
    for (const parent of wantedBy.get(id) ?? []) {
      if (seen.has(parent)) continue;
      seen.add(parent);
      open.push(parent);
    }
  }
  return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
