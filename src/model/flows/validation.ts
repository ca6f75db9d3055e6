import type { FunctionRef, Node, Program } from '../program/program.ts';
import { chainClears } from './express-chains.ts';
import { jsonSchemaClears } from './json-schema.ts';
import type { Label } from './label.ts';
import { clearsAt, declares, isSchema, patternClears } from './schemas.ts';

/** Packages whose middleware answers 400 to what does not fit. */
const VALIDATORS =
  /^(celebrate|express-validator|express-joi-validation|zod-express-middleware|zod-express|express-zod|express-validation|express-openapi-validator|@hono\/|koa-joi|koa-validate|joi-router|express-json-validator|express-ajv|typed-express|openapi-backend|routing-controllers|class-validator|swagger-express)/;
const MAX_PARENTS = 4;
const PART = /^(body|query|params|headers|payload|querystring)$/;

/**
 * What stands before a handler and lets only fitting requests through: a schema whose shape is known, or a validator
 * whose schema cannot be seen. A handler registered once without one is not validated.
 */
export class Validation {
  readonly #program: Program;
  /** By handler: what each registration of it has before it. */
  readonly #before = new Map<Node, (readonly Node[])[]>();
  readonly #sanitized: boolean;
  readonly #pipes: { readonly any: boolean; readonly strict: boolean };

  constructor(program: Program) {
    this.#program = program;
    this.#sanitized =
      [...SANITIZING].some((api) => program.callsTo(api).length > 0) ||
      program.callsTo('mongoose.set').some((call) => isOption(program, call, 'sanitizeFilter'));
    const pipes = program.callsTo('@nestjs/common.ValidationPipe');
    const isStrict = (call: Node): boolean => {
      const options = program.argument(call, 0);
      const [whitelist] = options === undefined ? [] : program.property(options, 'whitelist');
      return whitelist !== undefined && (program.constants(whitelist)?.includes(true) ?? false);
    };
    this.#pipes = { any: pipes.length > 0, strict: pipes.some(isStrict) };
  }

  /** A handler given to a call, behind the call's other arguments. */
  register(fn: FunctionRef, before: readonly Node[]): void {
    const known = this.#before.get(fn.node);
    if (known) known.push(before);
    else this.#before.set(fn.node, [before]);
  }

  /** Whether the part of a request at `path` has lost a label before the handler of `param` runs. */
  clears(param: Node, path: readonly string[], label: Label): boolean {
    if (label === 'object' && this.#sanitized && PART.test(path[0] ?? '')) return true;
    if (this.#isTransferObject(param, path, label)) return true;
    const value = this.#program.valueOf(param);
    if (value.kind !== 'param') return false;
    const fn = this.#program.functionIn(this.#program.moduleOf(param), value.function);
    const registrations = fn ? (this.#before.get(fn.node) ?? []) : [];
    const valid = path.indexOf('valid()');
    if (valid !== -1) return this.#validated(registrations.flat(), path.slice(valid + 1), label);
    return (
      registrations.length > 0 &&
      registrations.every((before) => before.some((node) => this.#validates(node, path, label)))
    );
  }

  /** Nest checks a parameter declared with a class; with `whitelist` it drops what the class does not name. */
  #isTransferObject(param: Node, [field]: readonly string[], label: Label): boolean {
    if (!this.#pipes.any) return false;
    const value = this.#program.valueOf(param);
    if (value.kind !== 'param') return false;
    const fact = this.#program.moduleOf(param).facts.functions[value.function]?.params[value.index];
    const type = fact?.type?.value;
    if (type === undefined || (fact?.decorators ?? []).length === 0) return false;
    const classes = this.#program
      .origins(this.#program.child(param, type))
      .filter((node) => isCheckable(this.#program, node));
    if (label === 'object' || label === 'keys') return classes.length > 0 && (label === 'object' || this.#pipes.strict);
    return field !== undefined && classes.some((node) => fieldClears(this.#program, node, field, label));
  }

  /** What `c.req.valid('query')` yields has the types of the schema; of one that cannot be seen it is not doubted. */
  #validated(before: readonly Node[], path: readonly string[], label: Label): boolean {
    const schemas = before.flatMap((node) =>
      this.#program.definitions(node).flatMap((definition) => this.#program.argument(definition, 1) ?? []),
    );
    const naming = schemas.filter((schema) => path[0] !== undefined && declares(this.#program, schema, path[0]));
    return naming.every((schema) => clearsAt(this.#program, schema, path, label, 0));
  }

  #validates(node: Node, path: readonly string[], label: Label): boolean {
    if (path[0] === 'input' && isSchema(this.#program, node)) return this.#fits(node, path, label);
    return this.#program.origins(node).some((origin) => {
      const value = this.#program.valueOf(origin);
      if (value.kind === 'array')
        return value.items.some((item) => this.#validates(this.#program.child(origin, item.value), path, label));
      if (value.kind === 'object') return this.#byOptions(origin, path, label);
      const call = value.kind === 'call' ? value : this.#madeBy(node);
      if (call?.kind !== 'call') return false;
      const at = value.kind === 'call' ? origin : node;
      const apis = this.#program.apis(this.#program.child(at, call.callee));
      const chained = chainClears(this.#program, at, path, label);
      if (chained !== undefined) return chained;
      const structural = label === 'object' || label === 'keys' || label === 'size';
      // it checks what it names, and leaves the rest where it is
      if (label === 'keys' && apis.some((api) => /^express-validator\.(?!checkExact)/.test(api))) return false;
      if (apis.some((api) => VALIDATORS.test(api))) return structural;
      return call.args.some((argument) => this.#fits(this.#program.child(at, argument.value), path, label));
    });
  }

  /** The call a middleware was made by, where its result is a function of the program. */
  #madeBy(node: Node): ReturnType<Program['valueOf']> | undefined {
    const value = this.#program.valueOf(node);
    return value.kind === 'call' ? value : undefined;
  }

  /** `{ schema: { body } }` of Fastify, `{ validate: { payload } }` and `{ options: { validate } }` of hapi. */
  #byOptions(options: Node, path: readonly string[], label: Label): boolean {
    const holders = [
      options,
      ...this.#program.property(options, 'options'),
      ...this.#program.property(options, 'config'),
    ];
    return holders.some((holder) =>
      [...this.#program.property(holder, 'schema'), ...this.#program.property(holder, 'validate')].some((schemas) => {
        const part = path[0] === 'query' ? ['query', 'querystring'] : [path[0] ?? ''];
        return part.some((name) =>
          this.#program.property(schemas, name).some((schema) => this.#schemaClears(schema, path.slice(1), label)),
        );
      }),
    );
  }

  #schemaClears(schema: Node, path: readonly string[], label: Label): boolean {
    if (isSchema(this.#program, schema)) return clearsAt(this.#program, schema, path, label, 0);
    return (
      label === 'object' || label === 'keys' || label === 'size' || jsonSchemaClears(this.#program, schema, path, label)
    );
  }

  /** A schema, or an object that has one for this part of the request. */
  #fits(node: Node, path: readonly string[], label: Label): boolean {
    const [part, ...rest] = path;
    if (isSchema(this.#program, node)) {
      // a schema for the body alone, or for the whole request
      return clearsAt(this.#program, node, rest, label, 0) || clearsAt(this.#program, node, path, label, 0);
    }
    return (
      part !== undefined &&
      this.#program
        .property(node, part)
        .some((schema) => isSchema(this.#program, schema) && clearsAt(this.#program, schema, rest, label, 0))
    );
  }
}

/** Interfaces are gone once the program runs. */
function isCheckable(program: Program, node: Node): boolean {
  const value = program.valueOf(node);
  return value.kind === 'class' && program.moduleOf(node).facts.classes[value.class]?.interface !== true;
}

/** Decorators of class-validator that let no text of the client's through, or none that does harm. */
const FIELD_CHECKS =
  /^class-validator\.(IsIn|IsEnum|IsInt|IsNumber|IsUUID|IsBoolean|IsDate|IsMongoId|IsDateString|IsISO8601|IsNumberString|IsBooleanString|Equals|IsPort|IsAlpha|IsAlphanumeric|IsHexadecimal|IsHash)$/;

/** Whether a class, or one it extends, is declared to take only harmless values for a field. */
function fieldClears(program: Program, node: Node, field: string, label: Label, depth = 0): boolean {
  const value = program.valueOf(node);
  const module = program.moduleOf(node);
  const fact = value.kind === 'class' ? module.facts.classes[value.class] : undefined;
  if (!fact || depth > MAX_PARENTS) return false;
  const members = fact.members.filter(({ name }) => name === field);
  const isCleared = members.some(({ decorators }) =>
    decorators.some((decorator) => {
      const at = program.nodeIn(module, decorator);
      const call = program.valueOf(at);
      if (call.kind !== 'call') return false;
      const apis = program.apis(program.child(at, call.callee));
      if (apis.some((api) => FIELD_CHECKS.test(api))) return label !== 'size' && label !== 'long-text';
      return apis.includes('class-validator.Matches') && patternClears(program, at, label);
    }),
  );
  if (isCleared || members.length > 0 || fact.super === undefined) return isCleared;
  return program
    .origins(program.nodeIn(module, fact.super))
    .some((parent) => fieldClears(program, parent, field, label, depth + 1));
}

const isOption = (program: Program, call: Node, name: string): boolean => {
  const first = program.argument(call, 0);
  return first !== undefined && (program.constants(first)?.includes(name) ?? false);
};

const SANITIZING: ReadonlySet<string> = new Set([
  'express-mongo-sanitize',
  'mongo-sanitize.middleware',
  '@exortek/express-mongo-sanitize',
]);
