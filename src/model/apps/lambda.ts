import { locationOf } from '../../document/document.ts';
import type { Location } from '../../document/document.ts';
import type { DataNode } from '../../facts/data/data-facts.ts';
import { entryOf, itemsOf, mapOf, scalarOf, textAt } from '../deployments/data.ts';
import type { DeployedEntry } from '../roles.ts';
import type { Source } from '../view.ts';
import type { App, Link, Route } from './app.ts';
import type { Classifier } from './classify.ts';
import type { Effect } from './effect.ts';
import type { Ref } from './frame.ts';
import { purposeOf } from './purpose.ts';
import type { Walk } from './walk.ts';

/** A request that a gateway hands to a function. */
interface GatewayEvent {
  readonly method: string;
  readonly path: string | undefined;
  readonly at: Location;
  /** The gateway itself asks who is calling. */
  readonly authorizer?: Location;
}

interface Handled {
  /** The file that says so, or the module where none does. */
  readonly file: string;
  readonly at: Location;
  readonly module: string;
  readonly name: string;
  readonly events: readonly GatewayEvent[];
}

const MAX_CHAIN = 30;
const NAMED = /^(handler|lambdaHandler|main)$/;
/** Makes a handler of an application of a framework, which is seen by itself. */
const ADAPTERS =
  /^(serverless-http|@vendia\/serverless-express|@codegenie\/serverless-express|aws-serverless-express|@fastify\/aws-lambda|aws-lambda-fastify|hono\/aws-lambda|next)\b/;

/** Functions that AWS Lambda calls for requests. Sources: https://www.serverless.com/framework, AWS SAM */
export function lambdaAppsOf(
  source: Source,
  entries: readonly DeployedEntry[],
  walk: Walk,
  classifier: Classifier,
): readonly App[] {
  const handled = [...configured(source, entries), ...unconfigured(entries, walk)];
  const files = new Set(handled.map(({ file }) => file));
  return [...files].flatMap((file) => {
    const group = handled.filter((each) => each.file === file);
    return appOf(group, walk, classifier) ?? [];
  });
}

function appOf(handled: readonly Handled[], walk: Walk, classifier: Classifier): App | undefined {
  const routes: Route[] = [];
  const [first] = handled;
  const refs = handled.map((each) => exportOf(each, walk));
  const known = refs.find((ref) => ref !== undefined);
  if (!first || !known) return undefined;
  const app: App = {
    framework: 'lambda',
    at: first.at,
    node: known.node,
    path: first.module,
    serving: 'yes',
    routes,
    links: [],
    settings: [],
    escapes: [{ at: first.at, to: 'the gateway in front of it', order: 0 }],
    defaults: [],
  };
  handled.forEach((each, index) => {
    const ref = refs[index];
    for (const event of ref ? each.events : []) {
      const chain = ref ? chainOf(ref, event, walk, classifier) : [];
      routes.push({
        app,
        method: event.method,
        path: event.path,
        at: event.at,
        pathAt: event.at,
        call: ref?.node ?? known.node,
        purpose: purposeOf(walk.program, event.method, event.path, chain.slice(-1)),
        chain,
        handlers: chain,
        condition: 'always',
        order: routes.length,
      });
    }
  });
  return routes.length > 0 ? app : undefined;
}

// ——— what is called ———

function exportOf({ module, name }: Handled, walk: Walk): Ref | undefined {
  const found = walk.program.modules.get(module);
  const [ref] = (found?.facts.exports ?? [])
    .filter((each) => each.name === name)
    .flatMap(({ value }) => (found ? walk.resolver.refs(found.first + value, undefined) : []));
  if (!ref || walk.program.apis(ref.node).some((api) => ADAPTERS.test(api))) return undefined;
  return ref;
}

/** `middy(handler).use(a).use(b)`: what is used stands around the handler, in order. */
function chainOf(ref: Ref, event: GatewayEvent, walk: Walk, classifier: Classifier): readonly Link[] {
  const { program } = walk;
  const uses: Ref[] = [];
  let handler: Ref = ref;
  let at: Ref | undefined = ref;
  for (let steps = 0; at && steps < MAX_CHAIN; steps += 1) {
    const value = program.valueOf(at.node);
    if (value.kind !== 'call') break;
    const callee = program.child(at.node, value.callee);
    const member = program.valueOf(callee);
    const first = program.argument(at.node, 0);
    const given: readonly Ref[] = first === undefined ? [] : walk.resolver.refs(first, at.frame);
    if (program.apis(callee).some((api) => /^@middy\/core(\.default)?$/.test(api))) {
      handler = given[0] ?? handler;
      break;
    }
    if (member.kind !== 'member') break;
    if (member.property === 'use') uses.unshift(...given.flatMap((each) => walk.resolver.items(each) ?? [each]));
    if (member.property === 'handler') handler = given[0] ?? handler;
    [at] = walk.resolver.refs(program.child(callee, member.object), at.frame);
  }
  const made = (each: Ref, effects: readonly Effect[], name: string, where: Location): Link => ({
    at: where,
    node: each.node,
    name,
    effects,
    condition: 'always',
    scope: event.path,
    level: 'route',
    order: 0,
    ...(effects.some(({ kind }) => kind === 'errors') && { forErrors: true }),
  });
  const auth: readonly Link[] = event.authorizer
    ? [made(ref, [{ kind: 'auth', by: 'package' }], 'authorizer', event.authorizer)]
    : [];
  return [
    ...auth,
    ...[...uses, handler].map((each) =>
      made(each, classifier.of(each), program.describe(each.node), walk.locationOf(each.node)),
    ),
  ];
}

// ——— what calls it ———

function configured(source: Source, entries: readonly DeployedEntry[]): readonly Handled[] {
  const files = [...source.facts('yaml'), ...source.facts('json')];
  return files.flatMap(({ path, facts }) =>
    facts.documents.flatMap((node) => {
      const isServerless = /(^|\/)serverless[\w.-]*\.(ya?ml|json)$/.test(path);
      const own = isServerless ? mapOf(entryOf(node, 'functions')) : [];
      const resources = mapOf(entryOf(node, 'Resources')).filter(({ value }) =>
        /^AWS::Serverless::Function$/.test(textAt(value, 'Type') ?? ''),
      );
      return [
        ...own.flatMap(({ value }) => handledBy(value, 'handler', path, entries, serverlessEvents(value, path))),
        ...resources.flatMap(({ value }) => {
          const properties = entryOf(value, 'Properties');
          return handledBy(properties, 'Handler', path, entries, samEvents(properties, path));
        }),
      ];
    }),
  );
}

function handledBy(
  node: DataNode | undefined,
  field: string,
  file: string,
  entries: readonly DeployedEntry[],
  events: readonly GatewayEvent[],
): readonly Handled[] {
  const handler = scalarOf(entryOf(node, field));
  if (!handler) return [];
  const at = locationOf(file, handler);
  // functions of one module share an entry
  const named = handler.text.replace(/\.[^./]+$/, '').replace(/^\.?\//, '');
  const entry = entries.find(
    (each) =>
      each.at.path === file &&
      (each.at.start === at.start ||
        withoutEnding(each.path) === named ||
        withoutEnding(each.path).endsWith(`/${named}`)),
  );
  const name = handler.text.replace(/^.*\./, '');
  return entry ? [{ file, at, module: entry.path, name, events }] : [];
}

const withoutEnding = (path: string): string => path.replace(/\.[mc]?[jt]sx?$/, '');

/** `- httpApi: 'GET /users'`, `- http: { path: users, method: post, authorizer: … }` */
function serverlessEvents(node: DataNode | undefined, file: string): readonly GatewayEvent[] {
  return itemsOf(entryOf(node, 'events')).flatMap((item) =>
    ['httpApi', 'http'].flatMap((kind): readonly GatewayEvent[] => {
      const event = entryOf(item, kind);
      if (!event) return [];
      const scalar = scalarOf(event);
      const [method, path] = scalar
        ? (scalar.text === '*' ? '* *' : scalar.text).split(/\s+/)
        : [textAt(event, 'method'), textAt(event, 'path')];
      const authorizer = entryOf(event, 'authorizer');
      return [
        {
          ...routeIn(method, path),
          at: locationOf(file, event),
          ...(authorizer && { authorizer: locationOf(file, authorizer) }),
        },
      ];
    }),
  );
}

/** `Events: { List: { Type: HttpApi, Properties: { Path, Method, Auth } } }` */
function samEvents(node: DataNode | undefined, file: string): readonly GatewayEvent[] {
  return mapOf(entryOf(node, 'Events')).flatMap(({ value }): readonly GatewayEvent[] => {
    if (!/^(Api|HttpApi)$/.test(textAt(value, 'Type') ?? '')) return [];
    const properties = entryOf(value, 'Properties');
    const authorizer = entryOf(entryOf(properties, 'Auth'), 'Authorizer');
    return [
      {
        ...routeIn(textAt(properties, 'Method'), textAt(properties, 'Path')),
        at: locationOf(file, entryOf(properties, 'Path') ?? value ?? { start: 0, end: 0 }),
        ...(authorizer && { authorizer: locationOf(file, authorizer) }),
      },
    ];
  });
}

function routeIn(method = 'any', path = '*'): Pick<GatewayEvent, 'method' | 'path'> {
  const isAny = /^(any|\*)$/i.test(method);
  const whole = path === '*' || path === '$default' ? '/*' : path.startsWith('/') ? path : `/${path}`;
  return { method: isAny ? 'ALL' : method.toUpperCase(), path: whole };
}

/** A module that is known for a function without a file that says what calls it. */
function unconfigured(entries: readonly DeployedEntry[], { program }: Walk): readonly Handled[] {
  return entries.flatMap(({ path, role, kind }): readonly Handled[] => {
    const module = role === 'function' && kind !== 'platform' ? program.modules.get(path) : undefined;
    return (module?.facts.exports ?? []).flatMap(({ name, value, at: range }) => {
      const node = (module?.first ?? 0) + value;
      const [fn] = program.origins(node).flatMap((origin) => program.functionAt(origin) ?? []);
      const isMiddy = program.apis(node).some((api) => api.startsWith('@middy/core'));
      if (!module || !NAMED.test(name) || (fn?.fact.params[0]?.name !== 'event' && !isMiddy)) return [];
      const at = program.locationIn(module, range);
      return [{ file: path, at, module: path, name, events: [{ method: 'ALL', path: undefined, at }] }];
    });
  });
}
