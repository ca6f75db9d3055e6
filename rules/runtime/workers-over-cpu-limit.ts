import { bad, defineRule, good } from '../../src/rule/rule.ts';

const image = (instances: string): string =>
  `FROM node:24-slim\nCOPY . .\nUSER node\nCMD ["pm2-runtime", "server.js", "-i", "${instances}", "--max-memory-restart", "300M"]\n`;
const pods = (name: string, spec: string, container = ''): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\nspec:\n${spec}  template:\n    spec:\n      containers:\n        - name: ${name}\n          image: acme/api:1\n${container}`;

export default defineRule({
  id: 'runtime/workers-over-cpu-limit',
  ensures: 'A container runs as many processes as it has processors for.',
  severity: 'low',
  roles: ['any'],
  cwe: 770,
  why: 'PM2 counts the cores of the host. Sixteen processes in a container of one core wait for each other, and multiply memory and database connections by sixteen.',
  fix: 'Run one process in a container and let replicas grow; or set `instances` to the cores the container has.',
  references: [
    'https://pm2.keymetrics.io/docs/usage/cluster-mode/',
    'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
  ],
  needs: ['managed', 'images', 'deployments'],
  *check({ managed, images, deployments }) {
    for (const { starts, deployed } of images.production) {
      const words = starts.flatMap(({ commands }) => commands.flatMap((command) => command.words));
      if (!words.some(({ text }) => text.startsWith('pm2'))) continue;
      const apps = managed.apps.filter(
        ({ at, path }) =>
          starts.some((start) => at.path === start.at.path || at.path === start.packageScript?.at.path) ||
          words.some(({ text }) => nameOf(text) === nameOf(path)),
      );
      for (const { name, setting } of apps) {
        const instances = setting('instances');
        const isAll = instances !== undefined && /^(max|0|-\d+)$/.test(instances.text);
        const count = Number(instances?.text);
        if (!instances || instances.dynamic || (!isAll && !(count > 1))) continue;
        for (const place of deployed) {
          const cores = coresOf(place.node);
          const copies = place.by === 'kubernetes' ? replicasAt(place.at) : 1;
          if (place.development || (!place.certain && cores === undefined)) continue;
          const isOver = cores === undefined ? copies > 1 : isAll || count > 2 * cores;
          if (!isOver) continue;
          const processes = isAll ? 'as many processes as the host has cores' : `${count} processes`;
          yield {
            at: instances.at,
            ...(!isAll && cores === undefined && { severity: 'info' as const }),
            message: `${name} starts ${processes} in ${cores === undefined ? `each of ${copies} replicas` : `a container that may use ${cores}`}.`,
            trail: [{ at: place.at, note: 'It runs here.' }],
          };
          break;
        }
      }
    }

    function replicasAt({ path, start }: { readonly path: string; readonly start: number }): number {
      const workload = deployments.workloads.find(({ containers }) =>
        containers.some((container) => container.path === path && container.at.start === start),
      );
      return Number(workload ? (textAt(workload.node, 'spec', 'replicas') ?? 1) : 1);
    }
  },
  examples: [
    bad('All cores of the host, and one and a half of them', {
      Dockerfile: image('max').replace(/CMD.*/, '«$&»'),
      'compose.prod.yaml': 'services:\n  api:\n    build: .\n    deploy: { resources: { limits: { cpus: "1.5" } } }\n',
    }),
    bad('In a file, and a pod', {
      'ecosystem.config.js':
        "module.exports = { apps: [{ name: 'api', script: 'server.js', exec_mode: 'cluster', instances: «8» }] };\n",
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nCMD ["pm2-runtime", "ecosystem.config.js"]\n',
      'k8s/api.yaml': pods('api', '', '          resources: { limits: { cpu: 500m } }\n'),
    }),
    bad('In each of three replicas', {
      Dockerfile: image('max').replace(/CMD.*/, '«$&»'),
      'k8s/api.yaml': pods('api', '  replicas: 3\n'),
    }),
    good('As many as there are cores, or one', {
      'a/Dockerfile': image('2'),
      'a/compose.prod.yaml': 'services:\n  api:\n    build: .\n    cpus: 2\n',
      'b/Dockerfile': image('1'),
      'b/compose.prod.yaml': 'services:\n  api:\n    build: .\n    cpus: 0.5\n',
    }),
    good('No limit, or decided elsewhere', {
      'a/Dockerfile': image('max'),
      'a/compose.prod.yaml': 'services:\n  api:\n    build: .\n',
      'b/Dockerfile': image('$WORKERS'),
      'b/compose.prod.yaml': 'services:\n  api:\n    build: .\n    cpus: 1\n',
    }),
    good('A host without containers', {
      'ecosystem.config.js':
        "module.exports = { apps: [{ name: 'api', script: 'server.js', exec_mode: 'cluster', instances: 'max', max_memory_restart: '1G' }] };\n",
      Dockerfile: 'FROM node:24-slim\nCOPY . .\nCMD ["node", "server.js"]\n',
      'compose.prod.yaml': 'services:\n  api:\n    build: .\n    cpus: 1\n',
    }),
  ],
});

interface Data {
  readonly kind: string;
  readonly text?: string;
  readonly entries?: readonly { readonly key: string; readonly value: Data }[];
}

const textAt = (node: Data, ...keys: readonly string[]): string | undefined =>
  keys.reduce<Data | undefined>((inner, key) => inner?.entries?.find((each) => each.key === key)?.value, node)?.text;

/** `cpus: 0.5`, `limits: { cpus: "2" }`, `limits: { cpu: 500m }` */
function coresOf(node: Data): number | undefined {
  const text =
    textAt(node, 'cpus') ??
    textAt(node, 'deploy', 'resources', 'limits', 'cpus') ??
    textAt(node, 'resources', 'limits', 'cpu');
  const cores = text?.endsWith('m') ? Number(text.slice(0, -1)) / 1000 : Number(text);
  return cores > 0 ? cores : undefined;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
