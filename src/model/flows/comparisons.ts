import type { Node, Program } from '../program/program.ts';
import { accessOf } from './access.ts';
import type { Requests } from './requests.ts';
import type { Site } from './site.ts';

const ROW = { sink: 'secret-comparison', label: 'secret' } as const;
const PASSWORD_NAME = /^(user_?)?pass(word|wd)?$|^pwd$/i;
const PASSWORD = { sink: 'plain-password', label: 'secret', sources: PASSWORD_NAME } as const;
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

/** A field called like a password that is compared with something as it is. */
export function passwordSites(program: Program, requests: Requests): readonly Site[] {
  return [...program.modules.values()].flatMap((module) =>
    module.facts.values.flatMap((value, id): readonly Site[] => {
      if (value.kind !== 'operation' || !/^[!=]==?$/.test(value.operator)) return [];
      const node = program.nodeIn(module, id);
      const [left, right] = value.operands.map((operand) => program.child(node, operand.value));
      if (left === undefined || right === undefined) return [];
      const isStored = [left, right].map((operand) => isStoredPassword(program, requests, operand));
      if (isStored[0] === isStored[1]) return [];
      const [compared, stored] = isStored[0] ? [right, left] : [left, right];
      return [
        {
          row: PASSWORD,
          module,
          block: blockOf(program, compared) ?? blockOf(program, stored) ?? 0,
          into: program.describe(stored),
          value: compared,
          path: [],
          at: program.locationOf(node),
          guessed: false,
        },
      ];
    }),
  );
}

function isStoredPassword(program: Program, requests: Requests, node: Node): boolean {
  const value = program.valueOf(node);
  if (value.kind !== 'member' || !PASSWORD_NAME.test(value.property ?? '')) return false;
  const { root } = accessOf(program, node);
  // what was typed twice, and settings
  return requests.roleOfValue(root) === undefined && !/^(param|global)$/.test(program.valueOf(root).kind);
}

function blockOf(program: Program, node: Node): number | undefined {
  const value = program.valueOf(node);
  return 'block' in value && value.kind !== 'caught' ? value.block : undefined;
}

function isSecretOf(program: Program, node: Node): boolean {
  return program.apis(node).some((api) => {
    if (/^crypto\.createHmac\(\)(\..*)?\.digest\(\)$/.test(api)) return true;
    const name = /^process\.env\.(\w+)$/.exec(api)?.[1];
    return name !== undefined && SECRET_NAME.test(name);
  });
}
