import type { Program } from '../program/program.ts';
import type { Link, Purpose } from './app.ts';

const HEALTH =
  /(^|\/)(_?_?health(z|check|-check|_check)?|livez?|liveness|readyz?|readiness|s?ping|_?status|heartbeat|__heartbeat__|__lbheartbeat__|__version__|metrics|favicon\.ico|robots\.txt|up|alive)$/i;
/** `/orders/:id/status` is that of an order. */
const OF_SOMETHING = /\/[:{[]/;
const CREDENTIALS =
  /(^|[/_-])(log-?in|sign-?in|sign-?up|register|registration|authenticate|password|passwd|forgot(-?password|pw)?|reset(-?password|pw)|otp|2fa|mfa|totp|verify-(otp|code)|refresh-?tokens?|access-?token)(\.json)?$/i;
/** Of an account: what has a parameter before it resets something else. */
const RECOVERY =
  /^(\/(api|rest|v\d+|auth|users?|accounts?|members?|public|identity|session))*\/(reset|recover|recovery)$/i;
const SESSION = /(^|\/)(sessions?|tokens?|auth)$/i;
const CALLBACK = /(^|\/)(callback|oauth2?|openid|oidc|saml|sso|google|github|facebook|apple|twitter)(\/|$)/i;
const CHECKS =
  /^(bcrypt|bcryptjs|bcrypt-nodejs|@node-rs\/bcrypt|argon2|@node-rs\/argon2)\.(compare|compareSync|verify|verifySync)$/;

/** What a route is for, by its path and by what its handlers call. */
export function purposeOf(
  program: Program,
  method: string,
  path: string | undefined,
  handlers: readonly Link[],
): Purpose {
  const text = path ?? '';
  if (HEALTH.test(text) && !OF_SOMETHING.test(text)) return 'health';
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS' || method === 'DELETE' || CALLBACK.test(text))
    return 'other';
  if (CREDENTIALS.test(text) || RECOVERY.test(text) || (method === 'POST' && SESSION.test(text))) return 'credentials';
  return handlers.some((link) => checksPassword(program, link)) ? 'credentials' : 'other';
}

/** The handler itself compares a password with its hash. */
function checksPassword(program: Program, { node }: Link): boolean {
  const fn = program.functionAt(node);
  if (!fn) return false;
  const id = fn.module.facts.functions.indexOf(fn.fact);
  return fn.module.facts.values.some((value, index) => {
    if (value.kind !== 'call' || fn.module.facts.blocks[value.block]?.function !== id) return false;
    return program.apis(program.child(fn.module.first + index, value.callee)).some((api) => CHECKS.test(api));
  });
}
