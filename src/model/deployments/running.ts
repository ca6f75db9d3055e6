import type { Span } from '../../document/document.ts';
import { baseOf } from '../images/base.ts';
import { imageReferenceOf } from '../images/image-reference.ts';
import { isDevelopmentName } from '../images/stage.ts';
import { devRunnerOf, followedCommands } from '../images/start.ts';
import type { Mount } from './compose.ts';
import { entryOf, isTrue, itemsOf, mapOf, nodeAt, scalarOf, textAt } from './data.ts';
import type { ProductionService } from './deployments.ts';
import type { Container, KubernetesObject, Workload } from './kubernetes.ts';
import { bytesOf, isJob, securityOf } from './kubernetes.ts';

interface Found {
  readonly path: string;
  readonly at: Span;
}

/** Something of a developer's machine in a file that production uses. */
export interface DevMode extends Found {
  readonly message: string;
  readonly confidence: 'certain' | 'likely';
}

export function devModesOf(services: readonly ProductionService[]): readonly DevMode[] {
  return services.flatMap(({ name, mounts, build, command, environment, ports, confidence }): readonly DevMode[] => {
    const all: DevMode[] = [];
    const add = ({ path, at }: Found, message: string): void => {
      all.push({ path, at, message, confidence });
    };
    for (const mount of build ? mounts.filter(isSourceMount) : []) {
      add(mount, `${name} mounts ${mount.source} of the host over its own code at ${mount.target}.`);
    }
    const runner = command?.commands
      .flatMap((each) => followedCommands(each, undefined))
      .map(devRunnerOf)
      .find((found) => found && !found.mild);
    const script = command?.words.find(({ text }) => /^(dev|start:dev|develop|start:debug|watch)$/.test(text));
    if (command && runner) add(command, `${name} starts ${runner.text}.`);
    else if (command && script) add(command, `${name} starts the script ${script.text}.`);
    const mode = environment.find((variable) => variable.name === 'NODE_ENV');
    if (mode?.value && /^(dev|development|test|local|debug)$/.test(mode.value.text)) {
      add(mode, `${name} runs with NODE_ENV=${mode.value.text}.`);
    }
    const inspector = ports.find(({ target, host }) => target === '9229' && !/^(127\.|localhost)/.test(host ?? ''));
    if (inspector) add(inspector, `${name} publishes 9229, the port of the inspector.`);
    return all;
  });
}

/** A folder of sources over a folder of the app; files, data and configuration are something else. */
function isSourceMount({ bind, source, target }: Mount): boolean {
  if (!bind || source === undefined || !/^\.\.?(\/|$)/.test(source)) return false;
  const name = source.replace(/\/+$/, '');
  const last = name.slice(name.lastIndexOf('/') + 1);
  if (/\.\w+$/.test(last) && !/^\.+$/.test(last)) return false;
  const isApp = /^\/(usr\/src|app|srv|opt|home|workspace|code|var\/www|project)/.test(target);
  return (
    isApp &&
    (/^\.{1,2}$/.test(name) || /^(src|app|lib|server|api|backend|frontend|client|web|packages|apps)$/.test(last))
  );
}

/** A container without a memory limit. */
export interface Unlimited extends Found {
  readonly name: string;
  readonly confidence: 'certain' | 'likely';
}

export function unlimitedOf(
  services: readonly ProductionService[],
  workloads: readonly Workload[],
  objects: readonly KubernetesObject[],
): readonly Unlimited[] {
  const composed = services
    .filter(({ name }) => !isDevelopmentName(name))
    .filter(
      ({ build, node }) =>
        build !== undefined && !entryOf(node, 'mem_limit') && !nodeAt(node, 'deploy', 'resources', 'limits', 'memory'),
    )
    .map(({ path, at, name, confidence }) => ({ path, at, name, confidence }));
  if (objects.some(({ kind }) => kind === 'LimitRange')) return composed;
  const orchestrated = containersOf(workloads)
    .filter(
      ({ workload, container }) =>
        isOurs(container.image?.text) && !isJob(workload) && !nodeAt(container.node, 'resources', 'limits', 'memory'),
    )
    .map(({ container }) => ({
      path: container.path,
      at: container.at,
      name: container.name,
      confidence: 'certain' as const,
    }));
  return [...composed, ...orchestrated];
}

/** Not a database, a proxy or another finished program. */
const isOurs = (image: string | undefined): boolean =>
  image !== undefined &&
  ['unknown', 'node'].includes(baseOf(imageReferenceOf(image), new Date(0)).family) &&
  !/(^|\/)(postgres|mysql|mariadb|mongo|redis|rabbitmq|nginx|traefik|kafka|zookeeper|elasticsearch|kibana|grafana|prometheus|mailhog|maildev|adminer|pgadmin4?|mongo-express|phpmyadmin|minio|jaeger|loki|vault|consul|etcd|keycloak|sentry|clickhouse|opentelemetry-[a-z-]+|portainer)\b/.test(
    imageReferenceOf(image).repository,
  );

const containersOf = (workloads: readonly Workload[]): readonly { workload: Workload; container: Container }[] =>
  workloads
    .filter(({ kind, development }) => kind !== 'DaemonSet' && !development)
    .flatMap((workload) => workload.containers.map((container) => ({ workload, container })));

/** A container that may run as root. */
export interface RootPod extends Found {
  readonly name: string;
  /** It is told to. */
  readonly asRoot: boolean;
  readonly development: boolean;
}

export const rootPodsOf = (workloads: readonly Workload[]): readonly RootPod[] =>
  containersOf(workloads).flatMap(({ workload, container }): readonly RootPod[] => {
    const user = scalarOf(securityOf(workload, container, 'runAsUser'))?.text;
    const nonRoot = isTrue(securityOf(workload, container, 'runAsNonRoot'));
    if (user === '0' && !nonRoot)
      return [
        {
          path: container.path,
          at: container.at,
          name: container.name,
          asRoot: true,
          development: workload.development,
        },
      ];
    if (user !== undefined || nonRoot || !isOurs(container.image?.text)) return [];
    return [
      {
        path: container.path,
        at: container.at,
        name: container.name,
        asRoot: false,
        development: workload.development,
      },
    ];
  });

/** A workload whose containers keep rights that they could give up. */
export interface Keeper extends Found {
  /** What is not said of its first such container. */
  readonly what: string;
}

export function keepersOf(workloads: readonly Workload[]): readonly Keeper[] {
  const found = new Map<Workload, Keeper>();
  for (const { workload, container } of containersOf(workloads)) {
    const { path, at, pod } = workload;
    const windows = /windows/i.test(
      `${textAt(entryOf(pod, 'os'), 'name')} ${textAt(entryOf(pod, 'nodeSelector'), 'kubernetes.io/os')}`,
    );
    const context = entryOf(container.node, 'securityContext');
    const drops = itemsOf(nodeAt(context, 'capabilities', 'drop'));
    const missing = [
      ...(entryOf(context, 'allowPrivilegeEscalation') ? [] : ['allowPrivilegeEscalation: false']),
      ...(drops.some((item) => scalarOf(item)?.text.toUpperCase() === 'ALL') ? [] : ['capabilities: { drop: [ALL] }']),
    ];
    // to a privileged one nothing of this applies
    const applies = isOurs(container.image?.text) && !windows && !isTrue(entryOf(context, 'privileged'));
    if (missing.length > 0 && applies && !found.has(workload))
      found.set(workload, {
        path,
        at,
        what: `${container.name} of ${workload.name} does not say ${missing.join(', ')}`,
      });
  }
  return [...found.values()];
}

/** A container with a port and no readiness probe. */
export interface Unprobed extends Found {
  readonly name: string;
  /** It has another probe. */
  readonly some: boolean;
}

export const unprobedOf = (workloads: readonly Workload[]): readonly Unprobed[] =>
  containersOf(workloads)
    .filter(
      ({ workload, container }) =>
        !isJob(workload) &&
        isOurs(container.image?.text) &&
        container.ports.length > 0 &&
        !entryOf(container.node, 'readinessProbe'),
    )
    .map(({ container }) => ({
      path: container.path,
      at: container.at,
      name: container.name,
      some:
        entryOf(container.node, 'livenessProbe') !== undefined || entryOf(container.node, 'startupProbe') !== undefined,
    }));

/** A workload that answers requests from one pod, though nothing binds it to one. */
export interface Single extends Found {
  readonly name: string;
}

export const singlesOf = (
  workloads: readonly Workload[],
  objects: readonly KubernetesObject[],
  isAssembled: boolean,
): readonly Single[] =>
  // an overlay or a chart may say another number
  isAssembled || objects.some(({ kind }) => /^(HorizontalPodAutoscaler|ScaledObject)$/.test(kind))
    ? []
    : workloads
        .filter(({ kind, node, pod, development, containers }) => {
          const isBound =
            textAt(nodeAt(node, 'spec', 'strategy'), 'type') === 'Recreate' ||
            itemsOf(entryOf(pod, 'volumes')).some((volume) => entryOf(volume, 'persistentVolumeClaim'));
          const serves = containers.some(({ image, ports }) => ports.length > 0 && isOurs(image?.text));
          const replicas = textAt(entryOf(node, 'spec'), 'replicas') ?? '1';
          return kind === 'Deployment' && replicas === '1' && serves && !development && !isBound;
        })
        .map(({ path, at, name }) => ({ path, at, name }));

/** A pod that is given a key to the cluster it does not ask for. */
export const keyHoldersOf = (workloads: readonly Workload[], objects: readonly KubernetesObject[]): readonly Single[] =>
  objects.some(({ kind, node }) => kind === 'ServiceAccount' && entryOf(node, 'automountServiceAccountToken'))
    ? []
    : workloads
        .filter(
          ({ pod, development, containers }) =>
            !development &&
            !entryOf(pod, 'automountServiceAccountToken') &&
            !entryOf(pod, 'serviceAccountName') &&
            containers.some(({ image }) => isOurs(image?.text)),
        )
        .map(({ path, at, name }) => ({ path, at, name }));

/** A heap that may outgrow the memory limit of its container. */
export interface TightHeap extends Found {
  readonly name: string;
  readonly heapMiB: number;
  readonly limitMiB: number;
}

const MIB = 1024 * 1024;
/** What V8 may use of the limit; the rest is for buffers, code, stacks. */
const HEAP_SHARE = 0.85;

export function tightHeapsOf(
  services: readonly ProductionService[],
  workloads: readonly Workload[],
): readonly TightHeap[] {
  const composed = services.flatMap(({ name, node, environment, command }) => {
    const limit = textAt(node, 'mem_limit') ?? scalarOf(nodeAt(node, 'deploy', 'resources', 'limits', 'memory'))?.text;
    return tight({ name, environment, commands: [command] }, composeBytesOf(limit));
  });
  const orchestrated = containersOf(workloads).flatMap(({ container }) => {
    const limit = scalarOf(nodeAt(container.node, 'resources', 'limits', 'memory'))?.text;
    const { name, environment, command, entrypoint } = container;
    return tight(
      { name, environment, commands: [entrypoint, command] },
      limit === undefined ? undefined : bytesOf(limit),
    );
  });
  return [...composed, ...orchestrated];
}

/** Compose counts in powers of two. */
export const composeBytesOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : bytesOf(text.replace(/^(\d+(?:\.\d+)?)([kmgKMG])[bB]?$/, '$1$2i'));

interface Running {
  readonly name: string;
  readonly environment: Container['environment'];
  readonly commands: readonly (Container['command'] | undefined)[];
}

export function tight({ name, environment, commands }: Running, limit: number | undefined): readonly TightHeap[] {
  if (limit === undefined) return [];
  const options = environment.find((variable) => variable.name === 'NODE_OPTIONS');
  const command = commands.find((each) => each?.words.some(({ text }) => HEAP.test(text)));
  const written = command?.words.map(({ text }) => text).join(' ') ?? options?.value?.text ?? '';
  const heapMiB = Number(HEAP.exec(written)?.[1] ?? 0);
  const place = command ?? options;
  if (!place || heapMiB === 0 || heapMiB * MIB <= limit * HEAP_SHARE) return [];
  return [{ path: place.path, at: place.at, name, heapMiB, limitMiB: Math.round(limit / MIB) }];
}

const HEAP = /--max[-_]old[-_]space[-_]size[= ](\d+)/;

/** A host of an Ingress that has no certificate. */
export interface PlainIngress extends Found {
  readonly host: string;
}

export const plainIngressesOf = (objects: readonly KubernetesObject[]): readonly PlainIngress[] =>
  objects
    .filter(({ kind, node, development }) => kind === 'Ingress' && !development && !hasCloudCertificate(node))
    .flatMap(({ path, node }) => {
      const covered = itemsOf(nodeAt(node, 'spec', 'tls')).flatMap((item) =>
        itemsOf(entryOf(item, 'hosts')).map((host) => scalarOf(host)?.text ?? ''),
      );
      const everything = itemsOf(nodeAt(node, 'spec', 'tls')).some(
        (item) => itemsOf(entryOf(item, 'hosts')).length === 0,
      );
      return itemsOf(nodeAt(node, 'spec', 'rules')).flatMap((rule) => {
        const host = scalarOf(entryOf(rule, 'host'));
        if (
          !host ||
          everything ||
          isLocalName(host.text) ||
          covered.includes(host.text) ||
          covered.includes(host.text.replace(/^[^.]+/, '*'))
        )
          return [];
        return [{ path, at: { start: host.start, end: host.end }, host: host.text }];
      });
    });

/** Not reached from outside, or a name that stands for another. */
const isLocalName = (host: string): boolean =>
  /(^|\.)example\.(com|net|org)$|(^|\.)(localhost|local|test|internal|lan|example|svc|nip\.io|localdev\.me)$|[{$]/.test(
    host,
  );

const hasCloudCertificate = (node: KubernetesObject['node']): boolean =>
  mapOf(nodeAt(node, 'metadata', 'annotations')).some(({ key }) =>
    /certificate-arn|managed-certificates|ssl-cert|pre-shared-cert|appgw-ssl|listen-ports|cloudflare/.test(key),
  );
