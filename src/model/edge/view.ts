import { locationOf } from '../../document/document.ts';
import { SECURITY_HEADERS } from '../apps/packages.ts';
import type { Code } from '../code/code.ts';
import { entryOf, itemsOf, nodeAt, textAt } from '../deployments/data.ts';
import type { Deployments } from '../deployments/deployments.ts';
import type { KubernetesObject } from '../deployments/kubernetes.ts';
import type { Managed } from '../managers/managed.ts';
import { placeOf } from '../place.ts';
import type { Program } from '../program/program.ts';
import type { Proxies } from '../proxies/proxies.ts';
import type { Source } from '../view.ts';
import { defineView, present } from '../view.ts';
import type { Edge, Instances, Sign } from './edge.ts';
import { waitsOf } from './waits.ts';

export const edge = defineView({
  name: 'edge',
  reads: ['json', 'dockerfile'],
  needs: ['proxies', 'deployments', 'managed', 'program', 'code'],
  build: (source, { proxies, deployments, managed, program, code }) => {
    const deployed = deployments.state === 'present' ? deployments.answer : undefined;
    const nginx = proxies.state === 'present' ? proxies.answer : { servers: [], upstreams: [] };
    const ingresses = deployed?.kubernetes.filter(({ kind, development }) => kind === 'Ingress' && !development) ?? [];
    const answer: Edge = {
      proxies: [...handingOn(nginx), ...ingresses.map(named), ...platforms(deployed), ...composed(deployed)],
      instances: [
        ...(deployed ? replicas(deployed) : []),
        ...(managed.state === 'present' ? managedInstances(managed.answer) : []),
        ...(program.state === 'present' && code.state === 'present' ? forks(program.answer, code.answer) : []),
      ],
      waits: waitsOf(proxies.state === 'present' ? proxies.answer : undefined, deployed),
      limits: [
        ...directives(nginx, /^limit_req$/, () => true),
        ...annotated(ingresses, /\/(limit-(rps|rpm|rate|connections)|rate-limit-rpm)$/),
        ...middlewares(deployed, 'rateLimit'),
      ],
      headers: [
        ...directives(nginx, /^(add_header|more_set_headers)$/, (args) => setsHeader(args)),
        ...annotated(ingresses, /\/(configuration|server)-snippet$/, /add_header|more_set_headers/),
        ...middlewares(deployed, 'headers'),
        ...hostedHeaders(source),
      ],
      probes: [...(deployed ? probes(deployed) : []), ...healthChecks(source)],
    };
    return present(answer);
  },
});

const handingOn = ({ servers }: Proxies): readonly Sign[] =>
  servers.filter(({ proxies }) => proxies).map(({ at, path }) => ({ at, note: `the nginx of ${path}` }));

function directives({ servers }: Proxies, name: RegExp, accepts: (args: readonly string[]) => boolean): Sign[] {
  return servers
    .filter(({ proxies }) => proxies)
    .flatMap(({ own, around, locations }) => [...own, ...around, ...locations.flatMap((location) => location.own)])
    .filter((directive) => name.test(directive.name) && accepts(directive.args))
    .map((directive) => ({ at: directive.at, note: `${directive.name} in ${directive.at.path}` }));
}

const setsHeader = (args: readonly string[]): boolean =>
  SECURITY_HEADERS.some((header) => args.some((word) => word.toLowerCase().startsWith(header)));

const named = ({ path, at, kind, name }: KubernetesObject): Sign => ({
  at: locationOf(path, at),
  note: `${kind} ${name} of ${path}`,
});

function annotated(objects: readonly KubernetesObject[], key: RegExp, text?: RegExp): readonly Sign[] {
  return objects.flatMap(({ path, node }) => {
    const annotations = nodeAt(node, 'metadata', 'annotations');
    return (annotations?.kind === 'map' ? annotations.entries : [])
      .filter((entry) => key.test(entry.key) && (!text || text.test(textAt(annotations, entry.key) ?? '')))
      .map((entry) => ({ at: locationOf(path, entry.keyAt), note: `${entry.key} in ${path}` }));
  });
}

/** Middlewares of Traefik. Source: https://doc.traefik.io/traefik/reference/routing-configuration/ */
const middlewares = (deployed: Deployments | undefined, what: string): readonly Sign[] =>
  (deployed?.kubernetes ?? [])
    .filter(({ kind, node }) => kind === 'Middleware' && nodeAt(node, 'spec', what))
    .map(named);

const PROXY =
  /(^|\/)(traefik|caddy|haproxy|envoyproxy\/envoy|nginx-proxy|nginx-proxy-manager|caddy-docker-proxy|lucaslorentz\/caddy-docker-proxy)(:|@|$)/;

/** A proxy that the host publishes, in front of programs that it does not. */
const composed = (deployed: Deployments | undefined): readonly Sign[] =>
  (deployed?.production ?? [])
    .filter(({ image, ports }) => ports.length > 0 && PROXY.test(image?.text ?? ''))
    .filter(({ path }) =>
      deployed?.production.some((other) => other.path === path && other.build && other.ports.length === 0),
    )
    .map(({ path, at, name }) => ({ at: locationOf(path, at), note: `the proxy ${name} of ${path}` }));

const BEHIND_ROUTERS = /(^|\/)(fly\.toml|render\.ya?ml|app\.json|heroku\.yml|railway\.(json|toml))$/;

/** Platforms whose router every request passes. */
function platforms(deployed: Deployments | undefined): readonly Sign[] {
  const whole = { start: 0, end: 0 };
  const files = (deployed?.platformFiles ?? []).filter((path) => BEHIND_ROUTERS.test(path));
  const procfiles = (deployed?.processes ?? []).filter(({ name }) => name === 'web').map(({ path }) => path);
  return [...new Set([...files, ...procfiles])].map((path) => ({
    at: locationOf(path, whole),
    note: `the platform of ${path}`,
  }));
}

const STORES =
  /(^|\/)(postgres|mysql|mariadb|mongo|redis|valkey|rabbitmq|nginx|traefik|kafka|zookeeper|elasticsearch|grafana|prometheus|memcached|minio|haproxy|caddy|envoy)\b/;

function replicas({ workloads, kubernetes, production }: Deployments): readonly Sign[] {
  const pods = workloads
    .filter(({ kind, development }) => /^(Deployment|StatefulSet|ReplicaSet|Rollout)$/.test(kind) && !development)
    .filter(({ containers }) => containers.some(({ image }) => image && !STORES.test(image.text)))
    .filter(({ node }) => Number(textAt(nodeAt(node, 'spec'), 'replicas') ?? '1') > 1)
    .map(({ path, at, name }) => ({ at: locationOf(path, at), note: `the replicas of ${name} in ${path}` }));
  const scaled = kubernetes.filter(({ kind, development }) => kind === 'HorizontalPodAutoscaler' && !development);
  const services = production
    .filter(({ build, image }) => build !== undefined || (image && !STORES.test(image.text)))
    .filter(({ node }) => Number(textAt(nodeAt(node, 'deploy'), 'replicas') ?? '1') > 1)
    .map(({ path, at, name }) => ({ at: locationOf(path, at), note: `the replicas of ${name} in ${path}` }));
  return [...pods, ...scaled.map(named), ...services];
}

const managedInstances = ({ apps }: Managed): readonly Instances[] =>
  apps.flatMap(({ name, path, setting }) => {
    const instances = setting('instances');
    const several = instances && !instances.dynamic && (instances.text === 'max' || Number(instances.text) !== 1);
    const worker = /worker|job|queue|cron|consumer/i.test(`${name} ${setting('script')?.text ?? ''}`);
    const count = Number(instances?.text);
    return several && !worker
      ? [{ at: instances.at, note: `the instances of ${name} in ${path}`, ...(count > 1 && { count }) }]
      : [];
  });

const forks = (program: Program, code: Code): readonly Instances[] =>
  program
    .callsTo('cluster.fork')
    .filter((call) => placeOf(program.moduleOf(call).path) !== 'test' && !code.isEnvironmentGuarded(call))
    .slice(0, 1)
    .map((call) => ({
      at: program.locationOf(call),
      note: `the workers that ${program.moduleOf(call).path} starts`,
      byCode: true,
    }));

/** `vercel.json` and `staticwebapp.config.json` list headers. */
const hostedHeaders = (source: Source): readonly Sign[] =>
  source
    .facts('json')
    .filter(({ path }) => /(^|\/)(vercel|staticwebapp\.config|firebase)\.json$/.test(path))
    .flatMap(({ path, facts: { documents } }) => {
      const [node] = documents;
      const headers =
        node && (entryOf(node, 'headers') ?? entryOf(node, 'globalHeaders') ?? nodeAt(node, 'hosting', 'headers'));
      const has = headers && (headers.kind === 'map' || itemsOf(headers).length > 0);
      return has ? [{ at: locationOf(path, headers), note: `the headers of ${path}` }] : [];
    });

function probes({ workloads, production }: Deployments): readonly Sign[] {
  const pods = workloads.flatMap(({ containers }) =>
    containers
      .filter(({ node }) => ['livenessProbe', 'readinessProbe', 'startupProbe'].some((key) => entryOf(node, key)))
      .map(({ path, at, name }) => ({ at: locationOf(path, at), note: `the probes of ${name} in ${path}` })),
  );
  const services = production
    .filter(({ node, build }) => build !== undefined && entryOf(node, 'healthcheck'))
    .map(({ path, at, name }) => ({ at: locationOf(path, at), note: `the health check of ${name} in ${path}` }));
  return [...pods, ...services];
}

const healthChecks = (source: Source): readonly Sign[] =>
  source
    .facts('dockerfile')
    .flatMap(({ path, facts: { instructions } }) =>
      instructions
        .filter(({ keyword, words }) => keyword === 'HEALTHCHECK' && words[0]?.text.toUpperCase() !== 'NONE')
        .map((instruction) => ({ at: locationOf(path, instruction), note: `HEALTHCHECK in ${path}` })),
    );
