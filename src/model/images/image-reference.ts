/** `registry/repository:tag@digest`, taken apart. Source: https://pkg.go.dev/github.com/distribution/reference */
export interface ImageReference {
  /** As written, variables replaced. */
  readonly text: string;
  /** Absent for Docker Hub. */
  readonly registry?: string;
  /** `node`, `grafana/grafana`; without registry and without `library/`. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

const HUB = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com']);
/** Registries that hand on Docker Hub's own images under `library/`. */
const MIRROR_PREFIX = /^(public\.ecr\.aws\/docker|mirror\.gcr\.io|[\w.-]+\.azurecr\.io\/docker)\//;

export function imageReferenceOf(text: string): ImageReference {
  const [named = '', digest] = splitOnce(text.replace(MIRROR_PREFIX, ''), '@');
  const slash = named.lastIndexOf('/');
  const colon = named.indexOf(':', slash + 1);
  const name = colon < 0 ? named : named.slice(0, colon);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  const [first = '', rest] = splitOnce(name, '/');
  const hasRegistry = rest !== undefined && (/[.:]/.test(first) || first === 'localhost');
  const path = hasRegistry ? rest : name;
  return {
    text,
    repository: path.toLowerCase().replace(/^library\//, ''),
    ...(hasRegistry && !HUB.has(first) && { registry: first }),
    ...(tag !== undefined && tag !== '' && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}
