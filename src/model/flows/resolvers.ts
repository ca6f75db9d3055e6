import type { FunctionRef, Node, Program } from '../program/program.ts';
import { isFrom } from './api-path.ts';

const SERVERS = [
  'apollo-server',
  'apollo-server-express',
  'apollo-server-fastify',
  'apollo-server-koa',
  'apollo-server-lambda',
  '@apollo/server',
  'graphql-yoga',
  '@graphql-tools/schema',
  'graphql-tools',
  'mercurius',
  'express-graphql',
  'graphql-http',
  '@graphql-yoga/node',
  'graphql',
  'graphql-helix',
  '@apollo/subgraph',
  'koa-graphql',
];
const MAX_DEPTH = 3;
/** Stands for the type of a field of `rootValue`, which may be any of the three a client asks. */
export const ROOT = '*';

/** A function that answers a field of GraphQL, and at which position it is given the arguments. */
export interface Resolver {
  readonly fn: FunctionRef;
  readonly index: 0 | 1;
  /** `Query.user`, where the type is known. */
  readonly field?: string;
}

/** Resolvers by where they are handed over: `resolvers: { Query: { … } }`, `rootValue`, `resolve` of a field. */
export function resolversOf(program: Program): readonly Resolver[] {
  const isUsed = [...program.modules.values()].some(({ facts }) =>
    facts.imports.some(({ module = '' }) => SERVERS.some((root) => isFrom(module, root)) || /graphql/.test(module)),
  );
  if (!isUsed) return [];
  const found: Resolver[] = [];
  const below: Below = (node, index, depth, names = []) => {
    if (depth > MAX_DEPTH) return;
    for (const origin of program.origins(node)) {
      const fn = program.functionAt(origin);
      const value = program.valueOf(origin);
      if (fn) found.push({ fn, index, ...(names.length > 1 && { field: names.slice(-2).join('.') }) });
      else if (value.kind === 'object')
        for (const { name = '', value: inner, kind } of value.properties)
          below(program.child(origin, inner), index, depth + 1, kind === 'spread' ? names : [...names, name]);
      else if (value.kind === 'array' || value.kind === 'class')
        for (const field of program.fields(origin)) below(field.node, index, depth + 1, names);
    }
  };
  for (const call of program.calls) {
    const value = program.valueOf(call);
    if (value.kind !== 'call' || !isServer(program, program.child(call, value.callee))) continue;
    for (const { value: argument } of value.args) {
      const options = program.child(call, argument);
      for (const resolvers of program.property(options, 'resolvers')) below(resolvers, 1, 0);
      for (const root of program.property(options, 'rootValue')) below(root, 0, 0, [ROOT]);
      for (const fields of program.property(options, 'fields')) ofFields(program, fields, below);
    }
  }
  // an object that is exported to be merged with others
  for (const module of program.modules.values()) {
    module.facts.values.forEach((value) => {
      if (value.kind !== 'object') return;
      for (const { name, value: types } of value.properties) {
        if (name !== 'Query' && name !== 'Mutation' && name !== 'Subscription') continue;
        below(program.nodeIn(module, types), 1, 1, [name]);
      }
    });
  }
  return found;
}

type Below = (node: Node, index: 0 | 1, depth: number, names?: readonly string[]) => void;

/** Functions that make, of a request, what resolvers are given beside their arguments. */
export function contextsOf(program: Program): readonly FunctionRef[] {
  return program.calls.flatMap((call) => {
    const value = program.valueOf(call);
    if (value.kind !== 'call') return [];
    const callee = program.child(call, value.callee);
    const isTrpc = program.apis(callee).some((api) => isFrom(api, '@trpc/server'));
    if (!isTrpc && !isServer(program, callee)) return [];
    return value.args.flatMap(({ value: argument }) =>
      program
        .property(program.child(call, argument), isTrpc ? 'createContext' : 'context')
        .flatMap((context) => program.origins(context))
        .flatMap((origin) => program.functionAt(origin) ?? []),
    );
  });
}

function ofFields(program: Program, fields: Node, below: Below): void {
  const objects = program.origins(fields).flatMap((origin) => {
    const fn = program.functionAt(origin);
    return fn ? fn.fact.returns.map(({ value }) => program.nodeIn(fn.module, value)) : [origin];
  });
  for (const object of objects)
    for (const field of program.fields(object))
      for (const resolve of program.property(field.node, 'resolve')) below(resolve, 1, MAX_DEPTH);
}

const isServer = (program: Program, callee: Node): boolean =>
  program.apis(callee).some((api) => SERVERS.some((root) => isFrom(api, root)));
