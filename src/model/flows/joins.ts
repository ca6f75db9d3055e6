import type { Node, Program } from '../program/program.ts';
import type { Label } from './label.ts';

/** The parts of a text through which a label still acts: behind `https://host/` nothing chooses the host any more. */
export function reaching(program: Program, node: Node, label: Label): readonly Node[] {
  const value = program.valueOf(node);
  if (value.kind !== 'join') return [];
  const parts = value.parts.map((part) => program.child(node, part.value));
  if (label === 'argument') return parts.slice(0, 1);
  if (label !== 'url-host' && label !== 'redirect') return parts;
  const found: Node[] = [];
  let before = '';
  let isOurs = true;
  for (const part of parts) {
    const constants = program.constants(part);
    if (constants) {
      before += constants[0] === null ? '' : String(constants[0]);
      if (isSettled(before, isOurs, label)) return found;
      continue;
    }
    // `${BASE}${rest}`: what the base is may still be the client's choice, what follows it rarely is
    if (found.length > 0 || (before === '' && !isOurs)) return found;
    if (isSettled(before, isOurs, label)) return found;
    found.push(part);
    isOurs = false;
    before += 'x';
  }
  return found;
}

function isSettled(before: string, isOurs: boolean, label: Label): boolean {
  if (/^[a-z][\w+.-]*:\/\/[^/?#]*[/?#]/i.test(before)) return true;
  if (/^(mailto|tel|data|javascript):/i.test(before)) return true;
  if (label === 'redirect' && /^(\/[^/\\]|\?|#|\.{1,2}\/)/.test(before)) return true;
  if (label === 'url-host' && /^\/[^/\\]/.test(before)) return true;
  return !isOurs && before.includes('/') && !/^x?:\/\//.test(before) && !/^[a-z]+:\/\/[^/]*$/i.test(before);
}
