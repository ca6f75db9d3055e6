/** What was learned of known holes in the packages of lockfiles, and when. */
export type AdvisoryReport =
  | {
      readonly state: 'known';
      /** Who was asked: a host, or a file. */
      readonly from: string;
      readonly asOf: Date;
      readonly advisories: readonly Advisory[];
      /** Packages nobody was asked about, and why: private scopes, links. */
      readonly skipped: readonly string[];
    }
  /** No answer, or none that can be trusted. It says nothing about the packages. */
  | { readonly state: 'unknown'; readonly reason: string };

export interface Advisory {
  /** `GHSA-…`, `CVE-…`, `MAL-…`. */
  readonly id: string;
  readonly aliases: readonly string[];
  readonly package: string;
  /** Those of the versions asked about that it concerns. */
  readonly versions: readonly string[];
  readonly severity: 'critical' | 'high' | 'medium' | 'low' | 'unknown';
  readonly summary: string;
  /** Versions that repair it, lowest first. */
  readonly fixed: readonly string[];
  /** The package itself is the attack. */
  readonly malicious: boolean;
}

/** A package of a lockfile, as it may be named to others. */
export interface PackageVersion {
  readonly name: string;
  readonly version: string;
}
