import type * as t from '@babel/types';

const MAX_DEPTH = 20;

/** The specifier an `import` or `require` is given, where the text alone decides it; `path.join(__dirname, 'a')` is `./a`. */
export function specifierOf(source: t.Node): string | undefined {
  if (source.type === 'StringLiteral') return source.value;
  if (source.type === 'TemplateLiteral' && source.expressions.length === 0)
    return source.quasis[0]?.value.cooked ?? undefined;
  const path = pathIn(source, 0);
  return path?.startsWith('./') ? path : undefined;
}

/** A path put together from the folder of the module, which is `.`, and literals. */
function pathIn(node: t.Node, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const all = (nodes: readonly t.Node[]): readonly string[] | undefined => {
    const parts = nodes.map((each) => pathIn(each, depth + 1));
    return parts.every((part) => part !== undefined) ? parts : undefined;
  };
  switch (node.type) {
    case 'StringLiteral':
      return node.value;
    case 'Identifier':
      return node.name === '__dirname' ? '.' : undefined;
    case 'MemberExpression':
      return isFolderOfModule(node) ? '.' : undefined;
    case 'BinaryExpression':
      return node.operator === '+' ? all([node.left, node.right])?.join('') : undefined;
    case 'TemplateLiteral': {
      const holes = all(node.expressions);
      return holes && node.quasis.map(({ value }, index) => `${value.cooked ?? ''}${holes[index] ?? ''}`).join('');
    }
    case 'CallExpression': {
      const method = methodOfPath(node.callee);
      return method === undefined ? undefined : joined(method, all(node.arguments));
    }
    default:
      return undefined;
  }
}

/** `path.resolve` starts anew at an absolute path, which is none of the project's. */
function joined(method: string, parts: readonly string[] | undefined): string | undefined {
  const [first, ...rest] = parts ?? [];
  if (first === undefined || (method === 'resolve' && rest.some((part) => part.startsWith('/')))) return undefined;
  return [first, ...rest.map((part) => part.replace(/^\/+/, ''))].filter((part) => part !== '').join('/');
}

const METHODS: ReadonlySet<string> = new Set(['join', 'resolve', 'normalize']);

function methodOfPath(callee: t.Node): string | undefined {
  const isMember =
    callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && callee.object.name === 'path';
  const name = isMember ? callee.property : callee;
  return name.type === 'Identifier' && METHODS.has(name.name) ? name.name : undefined;
}

const isFolderOfModule = ({ object, property }: t.MemberExpression): boolean =>
  object.type === 'MetaProperty' && property.type === 'Identifier' && property.name === 'dirname';
