import type { BlockId } from '../../facts/javascript/module-facts.ts';
import type { FunctionRef, Node } from '../program/program.ts';
import type { App, Link, Route } from './app.ts';
import type { Classifier } from './classify.ts';
import type { Effect } from './effect.ts';
import { purposeOf } from './purpose.ts';
import type { Instance } from './registry.ts';
import { both, isAnything, isOperand, ownTests, testsOf } from './request-tests.ts';
import type { RequestTest } from './request-tests.ts';
import type { Walk } from './walk.ts';

const MAX_DEPTH = 3;
const MAX_ROUTES = 400;

/** A stretch of a handler that only some requests get to. */
interface Branch {
  readonly fn: FunctionRef;
  /** Absent for the function as a whole. */
  readonly block?: BlockId;
  readonly tests: readonly RequestTest[];
  /** What the request went through before: the stretches of those who called. */
  readonly through: readonly Branch[];
  /** Where it is registered: a row of a table of routes. */
  readonly at?: Node;
  /** It looks handlers up in a table. */
  readonly dispatches?: true;
}

/** A server of Node.js as requests meet it: the branches of its handler are its routes. */
export function httpAppOf(instance: Instance, walk: Walk, classifier: Classifier): App {
  const routes: Route[] = [];
  const app: App = {
    framework: 'http',
    at: walk.locationOf(instance.node),
    node: instance.node,
    path: walk.program.moduleOf(instance.node).path,
    serving: instance.serving,
    ...(instance.listensAt && { listensAt: instance.listensAt }),
    routes,
    links: [],
    settings: instance.settings,
    escapes: instance.escapes,
    defaults: [],
  };
  for (const layer of instance.stack) {
    if (layer.kind !== 'use') continue;
    for (const { node } of layer.handlers) {
      const fn = walk.program.functionAt(node);
      if (!fn || !looksAtRequest(fn, walk)) continue;
      const branches = branchesOf(fn, [{}], [], walk, 0);
      for (const branch of branches.length > 0 ? branches : [{ fn, tests: [{}], through: [] }])
        for (const test of branch.tests)
          if (routes.length < MAX_ROUTES) routes.push(routeOf(branch, test, app, walk, classifier, branches));
    }
  }
  return app;
}

/** Whether it answers by what was asked; one that does not is no more than a sign of life. */
function looksAtRequest({ module, fact }: FunctionRef, walk: Walk): boolean {
  const [start, end] = fact.at;
  return module.facts.values.some((value, index) => {
    if (value.at[0] < start || value.at[1] > end) return false;
    if (value.kind === 'member') return /^(url|method|pathname|body|on|headers)$/.test(value.property ?? '');
    return value.kind === 'call' && walk.program.callees(module.first + index).length > 0 && value.args.length >= 2;
  });
}

function branchesOf(
  fn: FunctionRef,
  base: readonly RequestTest[],
  through: readonly Branch[],
  walk: Walk,
  depth: number,
): readonly Branch[] {
  if (depth > MAX_DEPTH || through.some((each) => each.fn.node === fn.node)) return [];
  const { facts } = fn.module;
  const id = facts.functions.indexOf(fn.fact);
  const isOwn = (block: BlockId): boolean => facts.blocks[block]?.function === id;
  const asks = facts.blocks.flatMap((block, index) =>
    block.function === id && !isAnything(ownTests(fn.module, index, walk.program)) && !isOperand(fn.module, index)
      ? [index]
      : [],
  );
  const leaves = asks.filter((block) => !asks.some((other) => other !== block && isInside(facts, other, block)));
  const found: Branch[] = tableRows(fn, base, through, walk);
  const whole: Branch = { fn, tests: base, through };
  for (const block of leaves) {
    const tests = both(base, testsOf(fn, block, walk.program));
    if (tests.length === 0 || isEmpty(facts, block)) continue;
    const branch: Branch = { fn, block, tests, through };
    const inner = callsIn(fn, (each) => isOwn(each) && (each === block || isInside(facts, each, block)), walk).flatMap(
      (callee) => branchesOf(callee, tests, [...through, branch], walk, depth + 1),
    );
    found.push(...(inner.length > 0 ? inner : [branch]));
  }
  if (found.length > 0) return found;
  return callsIn(fn, isOwn, walk).flatMap((callee) => branchesOf(callee, base, [...through, whole], walk, depth + 1));
}

type Facts = FunctionRef['module']['facts'];

function isInside({ blocks }: Facts, inner: BlockId, outer: BlockId): boolean {
  for (let id = blocks[inner]?.parent; id !== undefined; id = blocks[id]?.parent) if (id === outer) return true;
  return false;
}

/** `case '/a':` that falls through to the next one, and what follows a refusal that asks no more. */
const isEmpty = ({ values }: Facts, block: BlockId): boolean =>
  !values.some((value) => value.kind === 'call' && value.block === block) &&
  !values.some((value) => value.kind === 'member' && value.block === block);

/** Functions of the program that are given the request. */
function callsIn(fn: FunctionRef, isHere: (block: BlockId) => boolean, walk: Walk): readonly FunctionRef[] {
  return fn.module.facts.values.flatMap((value, index): readonly FunctionRef[] => {
    if (value.kind !== 'call' || !isHere(value.block)) return [];
    const call = fn.module.first + index;
    const isGiven = value.args.some(({ value: argument }) => {
      const given = walk.program.valueOf(walk.program.child(call, argument));
      return given.kind === 'param';
    });
    return isGiven ? walk.program.callees(call) : [];
  });
}

/** `routes[`${req.method} ${pathname}`]` of an object whose keys say what they are for. */
function tableRows(fn: FunctionRef, base: readonly RequestTest[], through: readonly Branch[], walk: Walk): Branch[] {
  const { facts, first } = fn.module;
  const id = facts.functions.indexOf(fn.fact);
  const tables = new Set<Node>();
  facts.values.forEach((value, index) => {
    if (value.kind !== 'member' || value.key === undefined || facts.blocks[value.block]?.function !== id) return;
    for (const origin of walk.program.origins(walk.program.child(first + index, value.object))) tables.add(origin);
  });
  return [...tables].flatMap((table) => {
    const value = walk.program.valueOf(table);
    if (value.kind !== 'object') return [];
    return value.properties.flatMap(({ name = '', value: handler }): readonly Branch[] => {
      const [, method, path] = /^(?:([A-Z]+) )?(\/\S*)$/.exec(name) ?? [];
      const at = walk.program.child(table, handler);
      const [own] = walk.program.origins(at).flatMap((origin) => walk.program.functionAt(origin) ?? []);
      if (path === undefined || !own) return [];
      const tests = both(base, [{ path, ...(method !== undefined && { method }) }]);
      return tests.length === 0
        ? []
        : [{ fn: own, tests, through: [...through, { fn, tests: base, through, dispatches: true }], at }];
    });
  });
}

function routeOf(
  branch: Branch,
  { method = 'ALL', path = '/*' }: RequestTest,
  app: App,
  walk: Walk,
  classifier: Classifier,
  all: readonly Branch[],
): Route {
  const { facts, first } = branch.fn.module;
  const place = branch.block === undefined ? undefined : facts.blocks[branch.block];
  const condition = place?.condition;
  const at =
    branch.at !== undefined
      ? walk.locationOf(branch.at)
      : condition === undefined
        ? walk.locationOf(branch.fn.node)
        : walk.locationOf(first + condition);
  const own = [...branch.through, branch];
  const among = (each: Branch): readonly Node[] => own.map(({ fn }) => fn.node).filter((node) => node !== each.fn.node);
  const effectsOf = (each: Branch, isLast: boolean): readonly Effect[] => {
    const left = classifier
      .part(each.fn, { isElsewhere: elsewhere(each, all), without: among(each) })
      .filter(({ kind }) => (kind !== 'answers' || isLast) && (kind !== 'unknown' || !each.dispatches));
    return left.length > 0 ? left : [{ kind: 'none', by: 'behaviour' }];
  };
  const chain = own.map((each, index): Link => ({
    at: index === branch.through.length ? at : walk.locationOf(each.fn.node),
    node: each.fn.node,
    name: walk.program.describe(each.fn.node),
    effects: effectsOf(each, index === branch.through.length),
    condition: 'always',
    scope: path,
    level: 'route',
    order: app.routes.length,
  }));
  return {
    app,
    method,
    path,
    at,
    pathAt: at,
    call: branch.fn.node,
    purpose: purposeOf(walk.program, method, path, chain.slice(-1)),
    chain,
    handlers: chain,
    condition: 'always',
    order: app.routes.length,
  };
}

/** Blocks of a function that other requests run, or that come after this one was answered. */
function elsewhere(branch: Branch, all: readonly Branch[]): (block: BlockId, offset: number) => boolean {
  const { block, fn } = branch;
  const { facts } = fn.module;
  const others = all
    .flatMap((each) => [each, ...each.through])
    .flatMap((each) => (each.fn.node === fn.node && each.block !== undefined ? [each.block] : []))
    .filter((other) => other !== block && (block === undefined || !isInside(facts, block, other)));
  const end = block === undefined ? Number.POSITIVE_INFINITY : (facts.blocks[block]?.at[1] ?? 0);
  return (at, offset) => offset > end || others.some((other) => at === other || isInside(facts, at, other));
}
