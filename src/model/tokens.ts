import type { Location } from '../document/document.ts';
import type { FunctionRef, Node, Program } from './program/program.ts';
import { absent, defineView, present } from './view.ts';

/** Something nobody may guess that is made of what can be guessed. */
export interface GuessableToken {
  /** What it is called: `resetToken`, or the function that makes it. */
  readonly name: string;
  /** What it is made of: `Math.random`. */
  readonly source: string;
  readonly at: Location;
  /** A part of a cipher or hash rather than something sent to someone. */
  readonly isKey: boolean;
}

const SECRETIVE =
  /(token|otp|secret|passw(or)?d|passcode|api_?key|session_?id|nonce|salt|csrf|iv|(encryption|signing|secret|private)_?key|(verif\w*|reset|confirm\w*|activation|invit\w*|login|auth|recovery|backup|coupon|voucher)_?codes?)$/i;
const MAKERS =
  /^(get|gen|generate|create|make|new|random|rand|build|issue)_?\w*(token|otp|secret|passw(or)?d|passcode|api_?key|session_?id|nonce|salt|csrf|(verif\w*|reset|confirm\w*|activation|invit\w*|recovery)_?code)s?$/i;
const KEYS = /(^|_)(salt|iv|nonce)$|(Salt|IV|Nonce)$|key$/;
const RANDOM =
  /^(Math\.random|lodash\.(random|sample|sampleSize|shuffle)|underscore\.(random|sample)|random\.(int|float)|random-int|chance\(\)\.\w+)$/;
const TIME =
  /^(Date\.now|Date|Date\(\)\.(getTime|valueOf|toISOString)|performance\.now|process\.hrtime(\.bigint)?|uuid\.v1|uuid\/v1|moment)$/;
const PASSING =
  /^(String|Number|parseInt|parseFloat|Math\.\w+|Buffer\.from|buffer\.Buffer\.from|BigInt|btoa|atob|encodeURIComponent|md5|sha1|sha256|js-md5|crypto-js\.\w+|bcrypt(js)?\.hash(Sync)?|util\.format|Array\.from|Array|Array\(\)\.\w+)$/;
const MAX_PARTS = 160;
const MAX_DEPTH = 24;

export const tokens = defineView({
  name: 'tokens',
  reads: [],
  needs: ['program'],
  build: (_, { program }) => {
    if (program.state !== 'present') return absent('There is no JavaScript or TypeScript to look at.');
    return present(guessableIn(program.answer), program.gaps);
  },
});

function guessableIn(program: Program): readonly GuessableToken[] {
  const found = new Map<string, GuessableToken>();
  for (const { name, node } of candidatesIn(program)) {
    const parts = partsOf(program, node);
    const apis = parts.map((part) => ({ part, apis: apisOf(program, part) }));
    // a nonce that only tells requests to another service apart has to be new, not secret
    if (/.nonce$/i.test(name) && !/csp/i.test(name)) continue;
    // `idForToken` is no token
    if (/(For|Of|By|Per|_for|_of|_by|_per)_?[A-Z]?[a-z]+$/.test(name)) continue;
    if (apis.some((each) => each.apis.some((api) => isStrong(api)))) continue;
    const weak =
      apis.find((each) => each.apis.some((api) => RANDOM.test(api))) ??
      apis.find((each) => each.apis.some((api) => TIME.test(api)));
    if (!weak) continue;
    const at = program.locationOf(weak.part);
    const key = `${at.path}:${at.start}`;
    const source = weak.apis.find((api) => RANDOM.test(api) || TIME.test(api)) ?? '';
    if (!found.has(key)) found.set(key, { name, source: source.replaceAll('()', ''), at, isKey: KEYS.test(name) });
  }
  return [...found.values()];
}

interface Candidate {
  readonly name: string;
  readonly node: Node;
}

/** Values by the names they are given: variables, properties, what a function called `generateToken` returns. */
function candidatesIn(program: Program): readonly Candidate[] {
  return [...program.modules.values()].flatMap((module) => {
    const { named, values, writes, functions } = module.facts;
    const at = (id: number): Node => program.nodeIn(module, id);
    return [
      ...named.map(({ name, value }) => ({ name, node: at(value) })),
      ...values.flatMap((value) =>
        value.kind !== 'object'
          ? []
          : value.properties.flatMap(({ name, kind, value: id }) =>
              name !== undefined && kind === 'value' && SECRETIVE.test(name) ? [{ name, node: at(id) }] : [],
            ),
      ),
      ...writes.flatMap(({ property, value }) =>
        property !== undefined && SECRETIVE.test(property) ? [{ name: property, node: at(value) }] : [],
      ),
      ...functions.flatMap(({ name, returns }) =>
        name !== undefined && MAKERS.test(name) ? returns.map(({ value }) => ({ name, node: at(value) })) : [],
      ),
    ];
  });
}

const isStrong = (api: string): boolean =>
  /^(crypto\.(?!createHash|webcrypto$)|crypto\.webcrypto\.|nanoid|uuid\.v[4-7]|uuid$|uuid\/v4|cuid|@paralleldrive|ulid|uid-safe|rand-token|randomstring|secure-random|jsonwebtoken|jose|process\.env|otplib|speakeasy|crypto-random-string|randombytes|hat|crypto-js\.lib\.WordArray\.random)/.test(
    api,
  );

const apisOf = (program: Program, part: Node): readonly string[] => {
  const value = program.valueOf(part);
  if (value.kind === 'call') return program.apis(program.child(part, value.callee));
  return value.kind === 'member' ? program.apis(part) : [];
};

/** Everything a value is made of, through text, arithmetic, methods and functions that only compute. */
function partsOf(program: Program, root: Node): readonly Node[] {
  const seen = new Set<Node>();
  const visit = (node: Node, depth: number): void => {
    if (seen.has(node) || seen.size > MAX_PARTS || depth > MAX_DEPTH) return;
    seen.add(node);
    for (const part of nextOf(program, node)) visit(part, depth + 1);
  };
  visit(root, 0);
  return [...seen];
}

function nextOf(program: Program, node: Node): readonly Node[] {
  const value = program.valueOf(node);
  const child = (id: number): Node => program.child(node, id);
  switch (value.kind) {
    case 'join':
      return value.parts.map((part) => child(part.value));
    case 'operation':
      return value.operands.map((operand) => child(operand.value));
    case 'either':
    case 'variable':
      return value.options.map(child);
    case 'array':
      return value.items.map((item) => child(item.value));
    case 'await':
    case 'typed':
      return [child(value.value)];
    case 'member':
      return value.key === undefined ? [] : [child(value.key)];
    case 'import':
      return program.origins(node).filter((origin) => origin !== node);
    case 'call':
      return ofCall(program, node);
    default:
      return [];
  }
}

function ofCall(program: Program, node: Node): readonly Node[] {
  const call = program.valueOf(node);
  if (call.kind !== 'call') return [];
  const callee = program.child(node, call.callee);
  const own = program.callees(node).flatMap((fn) => returnedBy(program, fn));
  if (own.length > 0) return own;
  const apis = program.apis(callee);
  const member = program.valueOf(callee);
  const args = call.args.map(({ value }) => program.child(node, value));
  const functions = args.flatMap((argument) =>
    program.origins(argument).flatMap((origin) => program.functionAt(origin) ?? []),
  );
  const computed = functions.flatMap((fn) => returnedBy(program, fn));
  if (apis.some((api) => PASSING.test(api))) return [...args, ...computed];
  if (member.kind !== 'member') return computed;
  // a method makes its result of its object; a hash of what it was given as well
  const isFed =
    /^(charAt|charCodeAt|at|update|concat|digest|repeat|padStart|padEnd|join|map|fill|reduce|replace)$/.test(
      member.property ?? '',
    );
  return [program.child(callee, member.object), ...(isFed ? args : []), ...computed];
}

const returnedBy = (program: Program, fn: FunctionRef): readonly Node[] =>
  fn.fact.returns.map(({ value }) => program.nodeIn(fn.module, value));
