import type { Code, Option } from '../code/code.ts';
import type { Node, Program } from '../program/program.ts';
import { defineView, present } from '../view.ts';
import type { LiteralCredential } from './credentials.ts';
import { settingsOf } from './settings-files.ts';
import type { SettingValue } from './settings-files.ts';
import { SECRET_PARAMETERS } from './secret-parameters.ts';
import type { SecretParameter } from './secret-parameters.ts';

/** Literals in the place of secrets, by the position they reach: no name and no entropy decides. */
export const credentials = defineView({
  name: 'credentials',
  reads: ['javascript', 'yaml', 'json'],
  needs: ['program', 'code'],
  build: (source, views) => {
    if (views.program.state !== 'present') return views.program;
    if (views.code.state !== 'present') return views.code;
    const { answer: program, gaps } = views.program;
    const code = views.code.answer;
    const inDevelopment = developmentValues(program);
    const settings = settingsOf(source);
    const found = SECRET_PARAMETERS.flatMap((parameter) =>
      parameter.calls.flatMap((api) =>
        program
          .callsTo(api)
          .flatMap((call) =>
            valuesAt(code, call, parameter).flatMap((value) => [
              ...literalsIn(program, code, inDevelopment, call, value, parameter.what),
              ...settingsIn(program, settings, call, value, parameter.what),
            ]),
          ),
      ),
    );
    return present([...found, ...keysOfKoa(program, code, inDevelopment)], gaps);
  },
});

/** What is given where the secret is expected; the items of a list of keys. */
function valuesAt(code: Code, call: Node, { index, path = [], names }: SecretParameter): readonly Node[] {
  const argument = code.argument(call, index);
  if (argument.state !== 'given') return [];
  let object: Node | undefined = argument.value;
  for (const name of path) {
    const option: Option | undefined = object === undefined ? undefined : code.property(object, name);
    object = option?.state === 'given' ? option.value : undefined;
  }
  if (object === undefined) return [];
  if (!names) return [object];
  const from = object;
  return names.flatMap((name) => {
    const option = code.property(from, name);
    return option.state === 'given' ? [option.value] : [];
  });
}

function literalsIn(
  program: Program,
  code: Code,
  inDevelopment: ReadonlySet<Node>,
  call: Node,
  value: Node,
  what: string,
): readonly LiteralCredential[] {
  if (code.isEnvironmentGuarded(call)) return [];
  const origins = program.origins(value).flatMap((origin) => unwrapped(program, origin));
  const others = origins.filter((origin) => !isText(program, origin));
  return origins
    .filter((origin) => isText(program, origin) && !inDevelopment.has(origin))
    .map((origin): LiteralCredential => {
      const insteadOf = others.map((other) => variableOf(program, other)).find((name) => name !== undefined);
      return {
        what,
        at: program.locationOf(origin),
        use: program.locationOf(call),
        into: program.describe(call),
        isFallback: others.length > 0,
        ...(insteadOf !== undefined && { insteadOf }),
      };
    });
}

/** `config.get('jwt.key')` of the package `config`, whose files are part of the project. */
function settingsIn(
  program: Program,
  settings: (key: string) => SettingValue | undefined,
  call: Node,
  value: Node,
  what: string,
): readonly LiteralCredential[] {
  return program.origins(value).flatMap((origin): readonly LiteralCredential[] => {
    const read = program.valueOf(origin);
    if (read.kind !== 'call' || !program.apis(program.child(origin, read.callee)).includes('config.get')) return [];
    const argument = program.argument(origin, 0);
    const [key] = argument === undefined ? [] : (program.constants(argument) ?? []);
    const setting = typeof key === 'string' ? settings(key) : undefined;
    if (!setting) return [];
    const { at, variable } = setting;
    const use = program.locationOf(call);
    return [
      {
        what,
        at,
        use,
        into: program.describe(call),
        isFallback: variable !== undefined,
        ...(variable !== undefined && { insteadOf: variable }),
      },
    ];
  });
}

/** Through `Buffer.from(text)`, `new TextEncoder().encode(text)`, lists of keys and maps of users. */
function unwrapped(program: Program, node: Node): readonly Node[] {
  const value = program.valueOf(node);
  if (value.kind === 'array') return value.items.flatMap((item) => program.origins(program.child(node, item.value)));
  if (value.kind === 'object')
    return value.properties.flatMap((property) => program.origins(program.child(node, property.value)));
  if (value.kind !== 'call') return [node];
  const apis = program.apis(program.child(node, value.callee));
  if (!apis.some((api) => ENCODERS.has(api))) return [node];
  const argument = program.argument(node, 0);
  return argument === undefined ? [node] : program.origins(argument);
}

const ENCODERS: ReadonlySet<string> = new Set([
  'Buffer.from',
  'buffer.Buffer.from',
  'TextEncoder().encode',
  'util.TextEncoder().encode',
  'crypto.createSecretKey',
]);

function isText(program: Program, node: Node): boolean {
  const value = program.valueOf(node);
  if (value.kind === 'secret') return true;
  return (
    value.kind === 'literal' &&
    typeof value.value === 'string' &&
    value.value.trim() !== '' &&
    !/^-----BEGIN (PUBLIC KEY|CERTIFICATE|RSA PUBLIC KEY)/.test(value.value.trim())
  );
}

/** `SESSION_SECRET` of `process.env.SESSION_SECRET`. */
function variableOf(program: Program, node: Node): string | undefined {
  const value = program.valueOf(node);
  if (value.kind !== 'member' || value.property === undefined) return undefined;
  return program.apis(program.child(node, value.object)).includes('process.env') ? value.property : undefined;
}

/** Options of a `?:` that asks for the environment: one of them is never used in production, and which is not ours to guess. */
function developmentValues(program: Program): ReadonlySet<Node> {
  const values = new Set<Node>();
  for (const module of program.modules.values()) {
    for (const value of module.facts.values) {
      if (value.kind !== 'either' || value.reason !== 'conditional' || value.test === undefined) continue;
      if (!asksForEnvironment(program, module.first + value.test)) continue;
      for (const option of value.options) values.add(module.first + option);
    }
  }
  return values;
}

function asksForEnvironment(program: Program, node: Node, depth = 0): boolean {
  if (depth > 4) return false;
  if (program.apis(node).some((api) => /^process\.env\.(NODE_ENV|APP_ENV|ENV)$/.test(api))) return true;
  const value = program.valueOf(node);
  if (value.kind === 'operation')
    return value.operands.some(({ value: operand }) =>
      asksForEnvironment(program, program.child(node, operand), depth + 1),
    );
  if (value.kind === 'either')
    return value.options.some((option) => asksForEnvironment(program, program.child(node, option), depth + 1));
  return program.origins(node).some((origin) => origin !== node && asksForEnvironment(program, origin, depth + 1));
}

/** Koa signs cookies with `app.keys = […]`. */
function keysOfKoa(program: Program, code: Code, inDevelopment: ReadonlySet<Node>): readonly LiteralCredential[] {
  return program.callsTo('koa').flatMap((app) =>
    program
      .writesTo(app)
      .filter(({ write }) => write.property === 'keys')
      .flatMap(({ module, write }) =>
        literalsIn(program, code, inDevelopment, app, module.first + write.value, 'the key that signs cookies').map(
          (credential) => ({
            ...credential,
            use: program.locationIn(module, write.at),
            into: 'app.keys',
          }),
        ),
      ),
  );
}
