import type { Code } from '../code/code.ts';
import type { Node, Program } from '../program/program.ts';
import type { HeaderValue, PolicyDirective } from './policies.ts';
import { directivesIn, sourcesOf, textOf } from './texts.ts';

/** What one option of helmet and its kin makes of a header; undefined where it cannot be seen or is the default. */
export function valueOfPart(program: Program, code: Code, name: string, node: Node): HeaderValue | undefined {
  const constants = program.constants(node);
  if (constants?.length === 1 && constants[0] === false) return { kind: 'off' };
  if (name === 'content-security-policy') return contentPolicyOf(program, code, node);
  const text = textOf(program, node);
  if (text !== undefined) return { kind: 'text', text };
  const constant = (option: string): unknown => {
    const found = code.property(node, option);
    const known = found.state === 'given' ? program.constants(found.value) : undefined;
    return known?.length === 1 ? known[0] : undefined;
  };
  if (name === 'strict-transport-security') {
    const seconds = constant('maxAge');
    const scope = constant('includeSubDomains') === false ? '' : '; includeSubDomains';
    return typeof seconds === 'number' ? { kind: 'text', text: `max-age=${seconds}${scope}` } : undefined;
  }
  const word = constant(name === 'x-frame-options' ? 'action' : 'policy');
  return typeof word === 'string' ? { kind: 'text', text: word } : undefined;
}

/** `{ directives: { … } }`, the directives alone (Hono, lusca), or a text; undefined unless it only reports, or does not. */
export function contentPolicyOf(program: Program, code: Code, node: Node, isReported = false): HeaderValue | undefined {
  const [only, ...others] = program.origins(node).filter((origin) => program.valueOf(origin).kind === 'object');
  if (only === undefined || others.length > 0) return undefined;
  const found = code.property(only, 'directives');
  const policy = found.state === 'given' ? found : code.property(only, 'policy');
  const reports = code.property(only, 'reportOnly');
  const [reported] = reports.state === 'given' ? (program.constants(reports.value) ?? []) : [false];
  // a report is another header
  if (reported !== isReported) return undefined;
  const target = policy.state === 'given' ? policy.value : only;
  const text = textOf(program, target);
  if (text !== undefined)
    return { kind: 'policy', directives: directivesIn(text, program.locationOf(target)), completed: false };
  const defaults = code.property(only, 'useDefaults');
  const isOff = defaults.state === 'given' && program.constants(defaults.value)?.[0] === false;
  const directives = program
    .origins(target)
    .flatMap((origin) => directivesOf(program, origin))
    .filter(({ name }) => !/^(directives|policy|use-defaults|report-only|report-uri|report-to)$/.test(name));
  // Hono and lusca take the directives themselves, and send no others
  return { kind: 'policy', directives, completed: !isOff && (found.state === 'given' || directives.length === 0) };
}

function directivesOf(program: Program, object: Node, depth = 0): readonly PolicyDirective[] {
  const value = program.valueOf(object);
  if (value.kind !== 'object' || depth > 4) return [];
  const found = new Map<string, PolicyDirective>();
  for (const property of value.properties) {
    const node = program.child(object, property.value);
    if (property.kind === 'spread') {
      for (const origin of program.origins(node))
        for (const directive of directivesOf(program, origin, depth + 1)) found.set(directive.name, directive);
    } else if (property.name !== undefined) {
      const name = property.name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replace(/^-/, '');
      const isRemoved =
        program.constants(node)?.[0] === null || program.describe(node).endsWith('.dangerouslyDisableDefaultSrc');
      const at = program.locationOf(node);
      found.set(
        name,
        isRemoved ? { name, sources: [], at, removed: true } : { name, sources: sourcesOf(program, node), at },
      );
    }
  }
  return [...found.values()];
}
