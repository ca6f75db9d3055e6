const MAX_LENGTH = 300;
const OPERAND = /^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*|\??\.?\[[^[\]]{1,60}\])*$/;
const TEXT = /^(?:'[^']*'|"[^"]*")$/;
/** Objects engines keep the values of a template in. */
const HOLDERS: ReadonlySet<string> = new Set(['locals', 'it', '$data', 'this', 'root', '_locals']);

/** Loop variables of a template by name: what each is an element of. */
export type Aliases = ReadonlyMap<string, readonly string[]>;

/**
 * The values a plain expression is made of: names, properties, elements, joined by `+` or chosen by `||`. Undefined for
 * anything that is computed: a call may well escape.
 */
export function pathsIn(expression: string, aliases: Aliases): readonly (readonly string[])[] | undefined {
  const text = expression.trim().replace(/;$/, '');
  if (text.length === 0 || text.length > MAX_LENGTH) return undefined;
  const operands = text.split(/\+|\|\||\?\?/).map((each) => each.trim());
  const paths: (readonly string[])[] = [];
  for (const operand of operands) {
    if (TEXT.test(operand)) continue;
    if (!OPERAND.test(operand)) return undefined;
    paths.push(pathOf(operand, aliases));
  }
  return paths.filter((path) => path.length > 0);
}

/** The path of `a.b[0].c`, its first name replaced by what it is an element of. */
export function pathOf(operand: string, aliases: Aliases): readonly string[] {
  const names = operand
    .replace(/\?/g, '')
    .replace(/\.?\[\s*(['"])([^'"\]]*)\1\s*\]/g, '.$2')
    .replace(/\.?\[[^[\]]*\]/g, '.*')
    .split('.');
  const [first = '', ...rest] = names;
  const alias = aliases.get(first);
  if (alias) return [...alias, ...rest];
  return HOLDERS.has(first) ? rest : names;
}
