import type { Node, Program } from '../program/program.ts';
import { accessOf, keyOf } from './access.ts';
import type { Exclusion } from './exclusion.ts';
import type { Label } from './label.ts';

export const CONTAINED: readonly Label[] = ['path', 'argument', 'module'];
export const HOST: readonly Label[] = ['url-host', 'redirect'];

/** `resolved.startsWith(root)`: a path that was put together stays below a folder; a URL keeps its host. */
export function startingWith(program: Program, node: Node, subject: Node): readonly Exclusion[] {
  const first = program.argument(node, 0);
  const constants = first === undefined ? undefined : program.constants(first);
  const start = constants?.length === 1 ? String(constants[0]) : undefined;
  if (start !== undefined && /^[a-z]+:\/\/[^/]+\//i.test(start)) return [exclusionOf(program, subject, HOST)];
  if (start !== undefined && /^[\w/]+:\/\/|^[\w/.]+$/.test(start) && isRaw(program, subject))
    return [exclusionOf(program, subject, ['argument'])];
  if (start === '/' || (start !== undefined && /^https?:\/\/?$/.test(start))) return [];
  // `/data/../etc` starts with `/data`, too, until it is resolved
  return isRaw(program, subject) ? [] : contained(program, subject);
}

const isRaw = (program: Program, node: Node): boolean =>
  program.origins(node).every((origin) => /^(member|param)$/.test(program.valueOf(origin).kind));

export function isPath(program: Program, node: Node): boolean {
  return program.origins(node).some((origin) => {
    const call = program.valueOf(origin);
    return (
      call.kind === 'call' &&
      program.apis(program.child(origin, call.callee)).some((api) => /^path\.(resolve|join|normalize)$/.test(api))
    );
  });
}

/** A path that stays below a folder; so do the parts it was put together from. */
export function contained(program: Program, subject: Node): readonly Exclusion[] {
  const parts = program.origins(subject).flatMap((origin): readonly Exclusion[] => {
    const call = program.valueOf(origin);
    if (call.kind !== 'call' || !isPath(program, origin)) return [];
    return call.args.map(({ value }) => exclusionOf(program, program.child(origin, value), CONTAINED));
  });
  return [exclusionOf(program, subject, CONTAINED), ...parts];
}

/** `!path.relative(root, x).startsWith('..')`, and `!x.startsWith('//')` of a redirect. */
export function notStartingWith(
  program: Program,
  subject: Node,
  constants: readonly unknown[] | undefined,
): readonly Exclusion[] {
  if (constants?.includes('//')) return [exclusionOf(program, subject, ['redirect'])];
  if (constants?.includes('-')) return [exclusionOf(program, subject, ['argument'])];
  if (!constants?.includes('..')) return [];
  return program.origins(subject).flatMap((origin) => {
    const call = program.valueOf(origin);
    const inner = call.kind === 'call' ? program.argument(origin, 1) : undefined;
    const api = call.kind === 'call' ? program.apis(program.child(origin, call.callee))[0] : undefined;
    if (api === 'path.relative' && inner !== undefined) return [exclusionOf(program, inner, CONTAINED)];
    return api === 'path.normalize' || api === 'path.relative' ? [exclusionOf(program, subject, CONTAINED)] : [];
  });
}

export function numeric(program: Program, node: Node): readonly Exclusion[] {
  const value = program.valueOf(node);
  if (value.kind === 'operation' && value.operator === '+') {
    const operand = value.operands[0];
    return operand ? [exclusionOf(program, program.child(node, operand.value), 'all')] : [];
  }
  if (value.kind === 'call' && program.apis(program.child(node, value.callee)).includes('Number')) {
    const argument = program.argument(node, 0);
    return argument === undefined ? [] : [exclusionOf(program, argument, 'all')];
  }
  return [exclusionOf(program, node, 'all')];
}

/** A check of `new URL(x).hostname` is one of `x`, too. */
export function hostOf(program: Program, node: Node): readonly Exclusion[] {
  const value = program.valueOf(node);
  if (value.kind !== 'member' || !/^(host|hostname|origin)$/.test(value.property ?? '')) return [];
  const object = program.child(node, value.object);
  const exclusions = [exclusionOf(program, object, HOST)];
  for (const origin of program.origins(object)) {
    const call = program.valueOf(origin);
    if (call.kind !== 'call') continue;
    const [api] = program.apis(program.child(origin, call.callee));
    const argument = program.argument(origin, 0);
    if (argument !== undefined && /^(URL|url\.URL|url\.parse)$/.test(api ?? '')) {
      exclusions.push(exclusionOf(program, argument, HOST), exclusionOf(program, origin, HOST));
    }
  }
  return exclusions;
}

export function exclusionOf(program: Program, node: Node, labels: Exclusion['clears']): Exclusion {
  return { key: keyOf(accessOf(program, node)), clears: labels };
}

/** `text.length` has an upper bound. */
export function short(program: Program, node: Node): readonly Exclusion[] {
  const value = program.valueOf(node);
  return value.kind === 'member' && value.property === 'length'
    ? [exclusionOf(program, program.child(node, value.object), ['long-text'])]
    : [];
}
