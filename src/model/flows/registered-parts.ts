import type { FunctionRef, Module, Node, Program } from '../program/program.ts';
import { REGISTRATIONS } from './registrations.ts';
import type { Registration } from './registrations.ts';

/** By the last part of the path of what is called. */
export const BY_METHOD: ReadonlyMap<string, readonly Registration[]> = (() => {
  const groups = new Map<string, Registration[]>();
  for (const registration of REGISTRATIONS) {
    for (const method of registration.methods) {
      const group = groups.get(method);
      if (group) group.push(registration);
      else groups.set(method, [registration]);
    }
  }
  return groups;
})();

const MAX_CHAIN = 12;

/** The schemas of `procedure.input(schema).query(…)`. */
export function inputsBefore(program: Program, call: Node): readonly Node[] {
  const found: Node[] = [];
  let current: Node | undefined = call;
  for (let step = 0; current !== undefined && step < MAX_CHAIN; step += 1) {
    const value = program.valueOf(current);
    if (value.kind !== 'call') break;
    const callee = program.child(current, value.callee);
    const member = program.valueOf(callee);
    const schema = program.argument(current, 0);
    if (member.kind !== 'member') break;
    if (member.property === 'input' && schema !== undefined) found.push(schema);
    current = program.definitions(program.child(callee, member.object))[0];
  }
  return found;
}

/** The routes of a list of them; everything else is one part. */
export function partsOf(program: Program, node: Node): readonly Node[] {
  const parts = program.origins(node).flatMap((origin) => {
    const value = program.valueOf(origin);
    return value.kind === 'array' ? value.items.map((item) => program.child(origin, item.value)) : [];
  });
  const isRoute = (part: Node): boolean =>
    program.origins(part).some((origin) => program.valueOf(origin).kind === 'object');
  return parts.length > 0 && parts.every(isRoute) ? parts : [node];
}

/** `(...args) => target(...args)` */
export function takesAll({ module, fact }: FunctionRef): boolean {
  const first = module.facts.values[fact.params[0]?.value ?? -1];
  return first?.kind === 'param' && first.rest === true;
}

/** Whether a module loads what unpacks archives. */
export const unpacks = ({ facts }: Module): boolean =>
  facts.imports.some(({ module }) =>
    /^(yauzl|unzipper|unzip|unzip-stream|tar-stream|tar|node-stream-zip)$/.test(module ?? ''),
  );
