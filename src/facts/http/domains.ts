import { parse } from 'tldts';
import type { CookieFact, DomainFact, ElementFact } from './http-facts.ts';

const MAX_HOSTS = 200;

/** The registrable domain of every host an exchange names. */
export function domainsOf(
  url: string,
  cookies: readonly CookieFact[],
  elements: readonly ElementFact[],
): readonly DomainFact[] {
  const hosts = new Set<string>();
  const add = (link: string): void => {
    if (!URL.canParse(link, url) || hosts.size >= MAX_HOSTS) return;
    hosts.add(new URL(link, url).hostname);
  };
  add(url);
  for (const { attributes } of cookies) {
    for (const { name, value } of attributes) if (name === 'domain') hosts.add(value.replace(/^\./, '').toLowerCase());
  }
  for (const { attributes } of elements) {
    for (const { name, value } of attributes) if (name === 'src' || name === 'href' || name === 'action') add(value);
  }
  return [...hosts].slice(0, MAX_HOSTS).map((host) => {
    const { domain, publicSuffix, isIp } = parse(host, { allowPrivateDomains: true });
    return { host, site: isIp ? host : (domain ?? host), suffix: !isIp && publicSuffix === host };
  });
}
