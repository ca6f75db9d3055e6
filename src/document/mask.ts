/** What a secret looks like once written down: at most a public prefix, and its length. Never the value. */
export function maskOf(value: string, publicPrefix = ''): string {
  const prefix = value.startsWith(publicPrefix) ? publicPrefix : '';
  return `${prefix}…(${value.length} characters)`;
}
