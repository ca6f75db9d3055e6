import type { Node, Program } from '../program/program.ts';
import type { Site } from './site.ts';

const ROW = { sink: 'secret-comparison', label: 'secret' } as const;
const SECRET_NAME = /(^|_)(secret|token|api_?key|password|signature|hmac)s?$/i;

/** Values compared with `===` to a digest of a key, or to a secret of the environment. */
export function comparedSites(program: Program): readonly Site[] {
  return [...program.modules.values()].flatMap((module) =>
    module.facts.values.flatMap((value, id): readonly Site[] => {
      if (value.kind !== 'operation' || !/^[!=]==?$/.test(value.operator)) return [];
      const node = program.nodeIn(module, id);
      const [left, right] = value.operands.map((operand) => program.child(node, operand.value));
      if (left === undefined || right === undefined) return [];
      const isSecret = [left, right].map((operand) => isSecretOf(program, operand));
      if (isSecret[0] === isSecret[1]) return [];
      const [compared, secret] = isSecret[0] ? [right, left] : [left, right];
      return [
        {
          row: ROW,
          module,
          // a comparison is made wherever its operands are read
          block: blockOf(program, compared) ?? blockOf(program, secret) ?? 0,
          into: program.describe(secret),
          value: compared,
          path: [],
          at: program.locationOf(node),
          guessed: false,
        },
      ];
    }),
  );
}

function blockOf(program: Program, node: Node): number | undefined {
  const value = program.valueOf(node);
  return 'block' in value && value.kind !== 'caught' ? value.block : undefined;
}

function isSecretOf(program: Program, node: Node, depth = 0): boolean {
  const value = program.valueOf(node);
  // `sha256=${signature}`
  if (value.kind === 'join' && depth === 0)
    return value.parts.some((part) => isSecretOf(program, program.child(node, part.value), 1));
  return program.apis(node).some((api) => {
    if (/^crypto\.createHmac\(\)(\..*)?\.digest\(\)$/.test(api)) return true;
    const name = /^process\.env\.(\w+)$/.exec(api)?.[1];
    return name !== undefined && SECRET_NAME.test(name);
  });
}
