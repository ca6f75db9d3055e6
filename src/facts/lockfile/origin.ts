import type { Span } from '../../document/document.ts';
import type { LockedPackage, Origin, PackageSource } from './lockfile-facts.ts';

const ADDRESS = /^([a-z][a-z0-9+.-]{0,30}):\/\/(?:[^@/\s]{0,400}@)?([^/:\s#?]{1,255}(?::\d{1,5})?)([^\s#?]{0,1000})/i;

/** Where an address points, without user and password; undefined for what is no address. */
export function originOf(address: string, at: Span): Origin | undefined {
  const found = ADDRESS.exec(address.replace(/^git@([\w.-]+):/, 'git+ssh://git@$1/'));
  if (!found) return undefined;
  const [, scheme = '', host = '', path = ''] = found;
  const commit = /#(?:.*commit=)?([0-9a-f]{40})\b/.exec(address)?.[1];
  return { at, scheme: scheme.toLowerCase(), host: host.toLowerCase(), path, ...(commit && { commit }) };
}

/** What kind of place an address or a specifier of a package manager means. */
export function sourceOf(address: string): PackageSource {
  if (/^(?:workspace:|link:|portal:)/.test(address)) return 'workspace';
  if (/^(?:file:|\.{0,2}\/)/.test(address)) return 'file';
  if (/^(?:git[+:@]|ssh:|github:|gitlab:|bitbucket:|gist:)|\.git(?:#|$)|^[\w.-]+\/[\w.-]+(?:#.*)?$/.test(address))
    return 'git';
  if (/^https?:\/\/codeload\.[\w.-]+\/[^#]*\/tar\.gz\//.test(address)) return 'git';
  if (!/^https?:/.test(address)) return 'registry';
  return /\/-\/[^/]+\.tgz(?:[#?]|$)|\/download\/|\/-\/package\//.test(address) ? 'registry' : 'archive';
}

export function integrityOf(text: string): LockedPackage['integrity'] {
  for (const algorithm of ['sha512', 'sha384', 'sha256', 'sha1'] as const) {
    if (text.includes(`${algorithm}-`)) return algorithm;
  }
  return text.trim() === '' ? undefined : 'other';
}
