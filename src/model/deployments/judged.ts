import type { Location, Span } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import type { DataNode } from '../../facts/data/data-facts.ts';
import { isSecretName, isWellKnownPassword, secretValueOf } from '../../facts/secret-name.ts';
import { imageReferenceOf } from '../images/image-reference.ts';
import { isProductionFile } from './compose.ts';
import type { ComposeFile, ComposeService, SetVariable } from './compose.ts';
import { entryOf, isTrue, itemsOf, mapOf, nodeAt, scalarOf, textAt } from './data.ts';
import type { ProductionService } from './deployments.ts';
import type { KubernetesObject, Workload } from './kubernetes.ts';

/** A right over the host that a container is given. */
export interface HostAccess {
  readonly at: Location;
  readonly what: string;
  /** A program that exists to manage containers. */
  readonly tool: boolean;
  readonly development: boolean;
}

const SOCKET_TOOLS =
  /traefik|watchtower|autoheal|portainer|cadvisor|datadog|dozzle|nginx-proxy|docker-gen|acme-companion|diun|node-exporter|promtail|vector|fluent|filebeat|telegraf|netdata|docker-socket-proxy|runner|dind|wireguard|openvpn|tailscale|gluetun|pi-?hole|adguard|plex|jellyfin|home-?assistant|tcpdump/i;
const HARMLESS_CAPABILITIES =
  /^(CAP_)?(NET_BIND_SERVICE|CHOWN|SETUID|SETGID|FOWNER|DAC_OVERRIDE|KILL|SETPCAP|IPC_LOCK|SYS_NICE)$/i;

export function hostAccessOf(files: readonly ComposeFile[], workloads: readonly Workload[]): readonly HostAccess[] {
  const composed = files.flatMap(({ development, services }) =>
    services.flatMap((service) => composeAccess(service, development)),
  );
  return [...composed, ...workloads.filter((workload) => !isSystem(workload)).flatMap(workloadAccess)];
}

function composeAccess(
  { node, path, name, image, mounts }: ComposeService,
  development: boolean,
): readonly HostAccess[] {
  const tool = SOCKET_TOOLS.test(`${image?.text ?? ''} ${name}`);
  const found = (span: Span, what: string): HostAccess => ({ at: locationOf(path, span), what, tool, development });
  const all: HostAccess[] = [];
  const privileged = entryOf(node, 'privileged');
  if (privileged && isTrue(privileged))
    all.push(found(privileged, `${name} is privileged: root in it is root on the host.`));
  for (const key of ['network_mode', 'pid', 'ipc', 'userns_mode']) {
    const value = scalarOf(entryOf(node, key));
    if (value?.text === 'host') all.push(found(value, `${name} shares the ${key.replace('_mode', '')} of the host.`));
  }
  for (const item of itemsOf(entryOf(node, 'cap_add'))) {
    const text = scalarOf(item)?.text ?? '';
    if (!HARMLESS_CAPABILITIES.test(text)) all.push(found(item, `${name} gets the capability ${text}.`));
  }
  for (const item of itemsOf(entryOf(node, 'security_opt'))) {
    if (/(seccomp|apparmor)[:=]unconfined/.test(scalarOf(item)?.text ?? ''))
      all.push(found(item, `${name} runs unconfined.`));
  }
  for (const { source, at } of mounts) {
    if (source?.endsWith('docker.sock'))
      all.push(found(at, `${name} gets the Docker socket: it can start any container, as root on the host.`));
  }
  return all;
}

const isSystem = ({ kind, node }: KubernetesObject): boolean =>
  kind === 'DaemonSet' ||
  /^(kube-|istio-|cert-manager|ingress-nginx|monitoring|logging)/.test(
    textAt(entryOf(node, 'metadata'), 'namespace') ?? '',
  );

function workloadAccess(workload: Workload): readonly HostAccess[] {
  const { path, name, pod, containers, development } = workload;
  const found = (span: Span, what: string): HostAccess => ({
    at: locationOf(path, span),
    what,
    tool: false,
    development,
  });
  const all: HostAccess[] = [];
  for (const key of ['hostNetwork', 'hostPID', 'hostIPC']) {
    const value = entryOf(pod, key);
    if (value && isTrue(value)) all.push(found(value, `${name} shares the ${key.slice(4).toLowerCase()} of the host.`));
  }
  for (const volume of itemsOf(entryOf(pod, 'volumes'))) {
    const hostPath = nodeAt(volume, 'hostPath', 'path');
    if (/(docker|containerd|crio)\.sock$|^\/$/.test(scalarOf(hostPath)?.text ?? '') && hostPath)
      all.push(found(hostPath, `${name} mounts ${scalarOf(hostPath)?.text} of the host.`));
  }
  for (const container of containers) {
    const context = entryOf(container.node, 'securityContext');
    for (const key of ['privileged', 'allowPrivilegeEscalation']) {
      const value = entryOf(context, key);
      if (value && isTrue(value)) all.push(found(value, `${container.name} of ${name} has ${key}.`));
    }
    for (const item of itemsOf(nodeAt(context, 'capabilities', 'add'))) {
      const text = scalarOf(item)?.text ?? '';
      if (!HARMLESS_CAPABILITIES.test(text))
        all.push(found(item, `${container.name} of ${name} gets the capability ${text}.`));
    }
  }
  return all;
}

interface Store {
  readonly name: string;
  readonly image: RegExp;
  readonly port: string;
  /** Variables one of which must hold the password. */
  readonly passwords: readonly string[];
  /** Without any of them it is open to everyone. */
  readonly openWithout: boolean;
}

const STORES: readonly Store[] = [
  {
    name: 'PostgreSQL',
    image: /(^|\/)(postgres|postgresql|postgis|pgvector|timescaledb)$/,
    port: '5432',
    passwords: ['POSTGRES_PASSWORD', 'POSTGRESQL_PASSWORD'],
    openWithout: false,
  },
  {
    name: 'MySQL',
    image: /(^|\/)mysql(-server)?$/,
    port: '3306',
    passwords: ['MYSQL_ROOT_PASSWORD', 'MYSQL_PASSWORD'],
    openWithout: false,
  },
  {
    name: 'MariaDB',
    image: /(^|\/)mariadb$/,
    port: '3306',
    passwords: ['MARIADB_ROOT_PASSWORD', 'MYSQL_ROOT_PASSWORD', 'MARIADB_PASSWORD', 'MYSQL_PASSWORD'],
    openWithout: false,
  },
  {
    name: 'MongoDB',
    image: /(^|\/)mongo(db)?(-community-server)?$/,
    port: '27017',
    passwords: ['MONGO_INITDB_ROOT_PASSWORD', 'MONGODB_ROOT_PASSWORD'],
    openWithout: true,
  },
  {
    name: 'Redis',
    image: /(^|\/)(redis|valkey|redis-stack|keydb)(-server)?$/,
    port: '6379',
    passwords: ['REDIS_PASSWORD'],
    openWithout: false,
  },
  {
    name: 'RabbitMQ',
    image: /(^|\/)rabbitmq$/,
    port: '5672',
    passwords: ['RABBITMQ_DEFAULT_PASS', 'RABBITMQ_PASSWORD'],
    openWithout: false,
  },
  {
    name: 'MinIO',
    image: /(^|\/)minio$/,
    port: '9000',
    passwords: ['MINIO_ROOT_PASSWORD', 'MINIO_SECRET_KEY'],
    openWithout: false,
  },
  {
    name: 'Elasticsearch',
    image: /(^|\/)(elasticsearch|opensearch)$/,
    port: '9200',
    passwords: ['ELASTIC_PASSWORD', 'OPENSEARCH_INITIAL_ADMIN_PASSWORD'],
    openWithout: false,
  },
  { name: 'Memcached', image: /(^|\/)memcached$/, port: '11211', passwords: [], openWithout: false },
  { name: 'Kafka', image: /(^|\/)(kafka|cp-kafka)$/, port: '9092', passwords: [], openWithout: false },
];

const storeOf = ({ image }: ComposeService): Store | undefined =>
  image && STORES.find((store) => store.image.test(imageReferenceOf(image.text).repository));

/** A database's port, open on every address. */
export interface PublishedStore {
  readonly path: string;
  readonly at: Span;
  readonly service: string;
  readonly store: string;
  readonly port: string;
  readonly confidence: 'certain' | 'likely';
  readonly beside: boolean;
}

export const publishedStoresOf = (services: readonly ProductionService[]): readonly PublishedStore[] =>
  services.flatMap((service) => {
    const store = storeOf(service);
    if (!store) return [];
    return service.ports
      .filter(({ target, host }) => target.startsWith(store.port) && !isLocal(host))
      .map(({ path, at, published, target }) => ({
        path,
        at,
        service: service.name,
        store: store.name,
        port: published ?? target,
        confidence: service.confidence,
        beside: service.beside,
      }));
  });

const isLocal = (host: string | undefined): boolean => host !== undefined && host !== '0.0.0.0' && host !== '[::]';

/** A database whose password is known to everyone, or that asks for none. */
export interface WeakStore {
  readonly path: string;
  readonly at: Span;
  readonly message: string;
  readonly published: boolean;
  readonly confidence: 'certain' | 'likely';
  readonly beside: boolean;
}

export function weakStoresOf(services: readonly ProductionService[]): readonly WeakStore[] {
  return services.flatMap((service): readonly WeakStore[] => {
    const store = storeOf(service);
    if (!store) return [];
    const { path, name, environment, envFiles, confidence, beside, ports, command } = service;
    const published = ports.some(({ target, host }) => target.startsWith(store.port) && !isLocal(host));
    const passwords = environment.filter(({ name: variable }) => store.passwords.includes(variable));
    const weak = passwords.find(({ value }) => value !== undefined && isWeak(value));
    if (weak)
      return [
        {
          path: weak.path,
          at: weak.at,
          message: `${weak.name} of ${name} is a value everybody tries.`,
          published,
          confidence,
          beside,
        },
      ];
    const allowsEmpty = environment.some(
      ({ name: variable, value }) =>
        /ALLOW_EMPTY_(ROOT_)?PASSWORD$|^POSTGRES_HOST_AUTH_METHOD$/.test(variable) &&
        /^(yes|true|1|trust)$/i.test(value?.text ?? ''),
    );
    const fromFile = environment.some(({ name: variable }) => variable.endsWith('_FILE')) || envFiles.length > 0;
    const authCommand = command?.words.some(({ text }) => /--auth|--requirepass|keyFile/.test(text)) ?? false;
    const open = allowsEmpty || (store.openWithout && passwords.length === 0 && !fromFile && !authCommand);
    return open
      ? [
          {
            path,
            at: service.at,
            message: `${name} (${store.name}) asks for no password.`,
            published,
            confidence,
            beside,
          },
        ]
      : [];
  });
}

const isWeak = ({ text, secret }: NonNullable<SetVariable['value']>): boolean => !secret && isWellKnownPassword(text);

/** A secret written into a deployment file. */
export interface SecretLiteral {
  readonly path: string;
  readonly at: Span;
  readonly name: string;
  /** The service, container or ConfigMap. */
  readonly where: string;
  readonly development: boolean;
}

export function secretLiteralsOf(
  files: readonly ComposeFile[],
  workloads: readonly Workload[],
  objects: readonly KubernetesObject[],
): readonly SecretLiteral[] {
  const composed = files.flatMap(({ path, development, beside, services }) =>
    services
      .filter((service) => !storeOf(service))
      .flatMap(({ name, environment, build }) =>
        [...environment, ...(build?.argEntries ?? [])].filter(isSecretLiteral).map((variable) => ({
          ...variable,
          where: name,
          development: development || (beside && !isProductionFile(path)),
        })),
      ),
  );
  const orchestrated = workloads.flatMap(({ name, development, containers, initContainers }) =>
    [...containers, ...initContainers].flatMap(({ environment }) =>
      environment.filter(isSecretLiteral).map((variable) => ({ ...variable, where: name, development })),
    ),
  );
  const configured = objects
    .filter(({ kind }) => kind === 'ConfigMap')
    .flatMap(({ path, name, node, development }) =>
      mapOf(entryOf(node, 'data')).flatMap(({ key, keyAt, value }) => {
        const scalar = scalarOf(value);
        const variable: SetVariable = {
          path,
          name: key,
          at: { start: keyAt.start, end: value.end },
          ...(scalar && { value: scalar }),
        };
        // a file in a ConfigMap is read for secrets by itself
        return scalar && !scalar.text.includes('\n') && isSecretLiteral(variable)
          ? [{ ...variable, where: `ConfigMap ${name}`, development }]
          : [];
      }),
    );
  return [
    ...new Map(
      [...composed, ...orchestrated, ...configured].map((found) => [`${found.path}:${found.at.start}`, found]),
    ).values(),
  ];
}

function isSecretLiteral({ name, value }: SetVariable): boolean {
  if (!value) return false;
  if (value.secret) return (value.secret.mode !== 'local' && value.secret.mode !== 'public') || isSecretName(name);
  return isSecretName(name) && secretValueOf(value.text) === 'literal' && !/^[A-Z][A-Z0-9_]+$/.test(value.text);
}

/** A Secret whose values are in the file. */
export interface SecretObject {
  readonly path: string;
  readonly at: Span;
  readonly name: string;
  readonly keys: readonly string[];
  readonly development: boolean;
}

export const secretObjectsOf = (objects: readonly KubernetesObject[]): readonly SecretObject[] =>
  objects
    .filter(({ kind, node }) => kind === 'Secret' && entryOf(node, 'sops') === undefined)
    .map(({ path, at, name, node, development }) => ({ path, at, name, keys: clearKeys(node), development }))
    .filter(({ keys }) => keys.length > 0);

const clearKeys = (node: DataNode): readonly string[] =>
  ['data', 'stringData'].flatMap((key) =>
    mapOf(entryOf(node, key)).flatMap((entry) => (scalarOf(entry.value)?.secret ? [entry.key] : [])),
  );
