/** Whether the path of a route, as frameworks write it, is one that answers at a path: `/users/:id` at `/users/7`. */
export function covers(pattern: string, path: string): boolean {
  const wanted = partsOf(pattern);
  const given = partsOf(path);
  for (const [index, part] of wanted.entries()) {
    if (part.includes('*') || part.startsWith('{/')) return true;
    const actual = given[index];
    if (actual === undefined) return part.startsWith(':') && part.endsWith('?');
    if (!isOpen(part) && part !== actual) return false;
  }
  return given.length === wanted.length;
}

/** `:id`, `{id}`, `(.*)`: whatever stands there. */
const isOpen = (part: string): boolean => /[:{(]/.test(part);

const partsOf = (path: string): readonly string[] => path.split('/').filter((part) => part !== '');
