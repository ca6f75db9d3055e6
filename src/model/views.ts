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
import type { Ignores } from './ignores.ts';
import type { Images } from './images/images.ts';
import type { Program } from './program/program.ts';
import type { Responses } from './responses.ts';
import type { Roles } from './roles.ts';
import type { Secrets } from './secrets.ts';
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
  readonly program: Program;
  readonly responses: Responses;
  readonly roles: Roles;
  readonly secrets: Secrets;
  readonly sensitiveFiles: readonly SensitiveFile[];
}

export type ViewName = keyof Views;
