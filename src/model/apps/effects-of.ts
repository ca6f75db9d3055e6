import type { Behaviour } from './behaviour.ts';
import type { Effect } from './effect.ts';
import { SECURITY_HEADERS } from './packages.ts';
import { stronger } from './strangers.ts';
import type { Met } from './strangers.ts';

/** `authorize('admin')`, `requireRole`, `canEdit` */
const NAMES_ROLE = /role|permission|privilege|admin|authori[sz]e|restrict|acl$|polic|abilit|(^|\.)can[A-Z]/i;

/** What a middleware of the project does, by its behaviour. `errors` where it takes the error of another. */
export function effectsOf(behaviour: Behaviour, name: string, forErrors: boolean): readonly Effect[] {
  const { statuses, headers, passes, answers, asksWho, asksRole, asksCsrf, runs } = behaviour;
  const by = 'behaviour' as const;
  if (forErrors) return [ofErrors(behaviour)];
  const effects: Effect[] = [];
  const written: string[] = SECURITY_HEADERS.filter((header) => headers.has(header));
  if (behaviour.removed.has('x-powered-by')) written.push('x-powered-by');
  if (written.length > 0) effects.push({ kind: 'headers', by, headers: written });
  if (headers.has('access-control-allow-origin')) effects.push({ kind: 'cors', by });
  const sent = redirected(behaviour);
  const isCertain = behaviour.refusesUnverified || statuses.has(401) || statuses.has(403) || sent === 'all';
  const refuses = isCertain || sent === 'some';
  // the caller's role decides, or what asks for roles by its name refuses
  const asks = behaviour.refusesByRole || (asksRole && passes && NAMES_ROLE.test(name));
  if (statuses.has(429)) effects.push({ kind: 'limiter', by });
  if (refuses && asksCsrf) effects.push({ kind: 'csrf', by });
  else if (
    refuses &&
    (behaviour.refusesUnverified ||
      (statuses.has(401) && (passes || asksWho || behaviour.refusesItself)) ||
      behaviour.redirectsToLogin !== 'no' ||
      (asksWho && (!asks || behaviour.identifies)))
  )
    effects.push({
      kind: behaviour.passesStrangers ? 'identity' : 'auth',
      by,
      ...(!isCertain && { partly: true as const }),
    });
  else if (asksWho && behaviour.throwsUnnamed && /auth|login|guard|protect|session|token/i.test(name))
    effects.push({ kind: 'auth', by: 'name' });
  if (refuses && asks) effects.push({ kind: 'role', by: behaviour.refusesByRole ? by : 'name' });
  else if (behaviour.refusesOwnRole !== 'no')
    effects.push({ kind: 'role', by, ...(behaviour.refusesOwnRole === 'some' && { partly: true as const }) });
  if (behaviour.refusesInput && /valid|schema|celebrate|check|sanit/i.test(name))
    effects.push({ kind: 'validator', by });
  if (behaviour.catchesNext && (answers || statuses.size > 0)) effects.push({ kind: 'errors', by });
  if (behaviour.readsBody) effects.push({ kind: 'body', by });
  effects.push(...runs.filter(({ kind }) => kind !== 'identity' && !effects.some((known) => known.kind === kind)));
  if (behaviour.unseen !== undefined)
    effects.push({ kind: 'unknown', by, reason: 'it hands the request to something that cannot be seen' });
  if (!passes && answers) effects.push({ kind: 'answers', by });
  return effects.length > 0 ? effects : [{ kind: 'none', by }];
}

/** Whether those who are not known are sent elsewhere. */
const redirected = ({ redirectsToLogin, redirectsStrangers, asksWho, passes }: Behaviour): Met =>
  stronger(redirectsToLogin, asksWho && passes ? redirectsStrangers : 'no');

/** What takes errors answers them, hands them to something that may, or only passes them on. */
function ofErrors({ answers, statuses, unseen, handsOn }: Behaviour): Effect {
  const by = 'behaviour' as const;
  if (answers || statuses.size > 0) return { kind: 'errors', by };
  return unseen !== undefined || handsOn
    ? { kind: 'unknown', by, reason: 'it hands the error to something that cannot be seen' }
    : { kind: 'none', by };
}
