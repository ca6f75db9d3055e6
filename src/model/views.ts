import type { CheckedSite } from './active.ts';
import type { SetCookie } from './cookies.ts';
import type { Page } from './pages.ts';
import type { Secured } from './secured.ts';
import type { StrainedSite } from './strained.ts';
import type { PublicSite } from './transport.ts';
import type { Code } from './code/code.ts';
import type { Deployments } from './deployments/deployments.ts';
import type { Handlers } from './handlers/handlers.ts';
import type { Entries } from './entries/entry.ts';
import type { Lockfiles } from './dependencies/lockfiles.ts';
import type { Manifests } from './dependencies/manifests.ts';
import type { NodeVersions } from './dependencies/node-versions.ts';
import type { Workflows } from './workflows/workflow.ts';
import type { RegistrySetting } from './dependencies/registry-settings.ts';
import type { Ignores } from './ignores.ts';
import type { Images } from './images/images.ts';
import type { Loading } from './loading/loading.ts';
import type { Pools } from './pools/pools.ts';
import type { Program } from './program/program.ts';
import type { Responses } from './responses.ts';
import type { Roles } from './roles.ts';
import type { Secrets } from './secrets.ts';
import type { Servers } from './servers/servers.ts';
import type { SensitiveFile } from './sensitive-files.ts';

/** Every question a rule may ask. A view is declared here, defined in the file of its name, and listed in `model.ts`. */
export interface Views {
  readonly transport: readonly PublicSite[];
  readonly strained: readonly StrainedSite[];
  readonly secured: readonly Secured[];
  readonly pages: readonly Page[];
  readonly cookies: readonly SetCookie[];
  readonly active: readonly CheckedSite[];
  readonly code: Code;
  readonly deployments: Deployments;
  readonly handlers: Handlers;
  readonly entries: Entries;
  readonly ignores: Ignores;
  readonly images: Images;
  readonly loading: Loading;
  readonly lockfiles: Lockfiles;
  readonly manifests: Manifests;
  readonly nodeVersions: NodeVersions;
  readonly workflows: Workflows;
  readonly registrySettings: readonly RegistrySetting[];
  readonly pools: Pools;
  readonly program: Program;
  readonly responses: Responses;
  readonly roles: Roles;
  readonly secrets: Secrets;
  readonly servers: Servers;
  readonly sensitiveFiles: readonly SensitiveFile[];
}

export type ViewName = keyof Views;
