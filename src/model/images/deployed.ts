import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import type { SetVariable, StartCommand } from '../deployments/compose.ts';
import type { DataNode } from '../../facts/data/data-facts.ts';
import { entryOf, isTrue, scalarOf, textAt } from '../deployments/data.ts';
import type { Container, Workload } from '../deployments/kubernetes.ts';
import { securityOf } from '../deployments/kubernetes.ts';
import type { Deployments } from '../deployments/deployments.ts';
import { isProductionFile } from '../deployments/compose.ts';
import { baseOf } from './base.ts';
import type { Build } from './builds.ts';
import { imageReferenceOf } from './image-reference.ts';
import type { Dockerfile, Stage } from './stage.ts';

/** Where an image runs, and what is said of it there. */
export interface Deployed {
  readonly by: 'compose' | 'kubernetes';
  /** `service`, or the kind of the workload. */
  readonly kind: string;
  readonly name: string;
  readonly at: Location;
  readonly environment: readonly SetVariable[];
  readonly envFiles: readonly string[];
  readonly entrypoint?: StartCommand;
  readonly command?: StartCommand;
  readonly node: DataNode;
  readonly development: boolean;
  /** Known to be for production: Kubernetes, or a compose file that says so. */
  readonly certain: boolean;
  /** `init: true`: something made for it is process 1. */
  readonly init: boolean;
  /** Whether the deployment overrides the image's user. */
  readonly runsAsRoot: 'yes' | 'no' | 'as the image says';
}

interface Asked {
  readonly dockerfile: Dockerfile;
  readonly stage: Stage;
  readonly builds: readonly Build[];
  readonly deployments: Deployments;
  /** It is the only image of the project, so that an image of unknown name in a manifest is it. */
  readonly only: boolean;
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

export function deployedAs({ dockerfile, stage, builds, deployments, only }: Asked): readonly Deployed[] {
  const repositories = new Set(builds.flatMap(({ tags }) => tags.map((tag) => imageReferenceOf(tag).repository)));
  const isThis = (image: string | undefined): boolean => {
    if (image === undefined) return false;
    const reference = imageReferenceOf(image);
    const folder = dockerfile.folder.slice(dockerfile.folder.lastIndexOf('/') + 1);
    const named = folder !== '' && reference.repository.slice(reference.repository.lastIndexOf('/') + 1) === folder;
    return (
      named || repositories.has(reference.repository) || (only && baseOf(reference, new Date(0)).family === 'unknown')
    );
  };
  const isLast = dockerfile.stages.at(-1) === stage;
  const services = deployments.compose.flatMap((file) => file.services.map((service) => ({ file, service })));
  const runsIt = ({ service: { build, image } }: (typeof services)[number]): boolean => {
    if (!build) return repositories.has(image ? imageReferenceOf(image.text).repository : '');
    if (build.dockerfile !== dockerfile.path) return false;
    return build.target === undefined ? isLast : build.target.toLowerCase() === stage.name?.toLowerCase();
  };
  // `-f compose.yml -f compose.prod.yml`: the second file says only what differs
  const running = services.filter(runsIt);
  const overrides = services.filter(
    ({ file, service }) =>
      !service.build &&
      !service.image &&
      running.some((other) => other.service.name === service.name && folderOf(other.file.path) === folderOf(file.path)),
  );
  const composed = [...running, ...overrides].map(({ file, service }) => ({
    by: 'compose' as const,
    kind: 'service',
    name: service.name,
    at: locationOf(file.path, service.at),
    environment: service.environment,
    envFiles: service.envFiles.map(({ text }) => text),
    ...(service.entrypoint && { entrypoint: service.entrypoint }),
    ...(service.command && { command: service.command }),
    node: service.node,
    development: file.development,
    certain: !file.development && isProductionFile(file.path),
    init: isTrue(entryOf(service.node, 'init')),
    runsAsRoot: userSaid(textAt(service.node, 'user')),
  }));
  const orchestrated = deployments.workloads.flatMap((workload) =>
    workload.containers
      .filter(({ image }) => isThis(image?.text))
      .map((container) => ({
        by: 'kubernetes' as const,
        kind: workload.kind,
        name: workload.name,
        at: locationOf(container.path, container.at),
        environment: container.environment,
        envFiles: [],
        ...(container.entrypoint && { entrypoint: container.entrypoint }),
        ...(container.command && { command: container.command }),
        node: container.node,
        development: workload.development,
        certain: !workload.development,
        init: isTrue(entryOf(workload.pod, 'shareProcessNamespace')),
        runsAsRoot: securityUser(workload, container),
      })),
  );
  return [...composed, ...orchestrated];
}

const userSaid = (user: string | undefined): Deployed['runsAsRoot'] =>
  user === undefined || user.includes('$') ? 'as the image says' : /^(root|0)(:|$)/.test(user) ? 'yes' : 'no';

function securityUser(workload: Workload, container: Container): Deployed['runsAsRoot'] {
  const user = scalarOf(securityOf(workload, container, 'runAsUser'))?.text;
  if (user !== undefined) return user === '0' ? 'yes' : 'no';
  return isTrue(securityOf(workload, container, 'runAsNonRoot')) ? 'no' : 'as the image says';
}
