import { flattened, newInstance } from './express.ts';
import type { Ref } from './frame.ts';
import type { Instance } from './registry.ts';
import type { FrameworkReader, Site } from './site.ts';
import type { Walk } from './walk.ts';

const CREATES =
  /^@nestjs\/core\.NestFactory\.create\(\)$|^@nestjs\/common\.INestApplication\(\)$|^@nestjs\/platform-(express|fastify)\.Nest\w+Application\(\)$/;

/** A NestJS application: what is registered on it in `bootstrap`. Source: https://docs.nestjs.com */
export const nest: FrameworkReader = {
  created(ref, walk) {
    const value = walk.program.valueOf(ref.node);
    if (value.kind !== 'call' && value.kind !== 'param' && value.kind !== 'typed') return undefined;
    if (!walk.program.apis(ref.node).some((api) => CREATES.test(api))) return undefined;
    const options = value.kind === 'call' ? walk.program.argument(ref.node, 1) : undefined;
    return newInstance('nest', 'app', ref, options);
  },
  call(site, walk) {
    const instances = site.receivers
      .flatMap((ref) => walk.instancesOf(ref))
      .filter(({ framework }) => framework === 'nest');
    for (const instance of new Set(instances))
      for (const method of site.methods) readMethod(instance, method, site, walk);
    return instances.length > 0;
  },
};

const GLOBALS = /^useGlobal(Guards|Pipes|Filters|Interceptors)$/;

function readMethod(instance: Instance, method: string, site: Site, walk: Walk): void {
  const refs = (index: number): readonly Ref[] => {
    const argument = walk.program.argument(site.call, index);
    return argument === undefined ? [] : flattened(walk.resolver.refs(argument, site.frame), walk);
  };
  const value = walk.program.valueOf(site.call);
  if (method === 'listen' || method === 'listenAsync' || method === 'init') {
    if (method !== 'init') instance.serving = 'yes';
    instance.listensAt ??= walk.locationOf(site.call);
  } else if (method === 'setGlobalPrefix' || method === 'enableVersioning') {
    const [prefix] =
      method === 'setGlobalPrefix'
        ? refs(0).flatMap(({ node, frame }) => walk.resolver.constants(node, frame) ?? [])
        : [];
    if (method === 'setGlobalPrefix') instance.prefix = typeof prefix === 'string' ? prefix : '{prefix}';
    const [options] = refs(method === 'setGlobalPrefix' ? 1 : 0);
    instance.stack.push({
      kind: 'use',
      paths: ['/'],
      handlers: [],
      hook: method,
      ...walk.registered(site),
      ...(options && { options }),
    });
  } else if (method === 'use' || method === 'register' || method === 'enableCors' || GLOBALS.test(method)) {
    const count = value.kind === 'call' ? value.args.length : 0;
    const handlers = Array.from({ length: count }, (_, index) => refs(index))
      .flat()
      .filter((ref) => typeof walk.resolver.constants(ref.node, ref.frame)?.[0] !== 'string');
    const hook = method === 'use' || method === 'register' ? undefined : method;
    if (hook === 'enableCors')
      instance.stack.push({
        kind: 'use',
        paths: ['/'],
        handlers: [{ node: site.call }],
        hook,
        ...walk.registered(site),
      });
    else
      for (const ref of handlers)
        instance.stack.push({
          kind: 'use',
          paths: ['/'],
          handlers: [ref],
          ...(hook !== undefined && { hook }),
          ...walk.registered(site),
        });
  } else if (method === 'set' || method === 'disable' || method === 'enable') {
    for (const ref of refs(0)) {
      const [name] = walk.resolver.constants(ref.node, ref.frame) ?? [];
      const given = walk.program.argument(site.call, 1);
      if (typeof name !== 'string') continue;
      const how = method === 'set' ? given !== undefined && { value: given } : { enabled: method === 'enable' };
      instance.settings.push({ name, at: walk.locationOf(site.call), condition: site.condition, ...how });
    }
  }
}
