import type { Deployments } from './deployments/deployments.ts';
import type { Ignores } from './ignores.ts';
import type { Images } from './images/images.ts';
import type { Program } from './program/program.ts';
import type { Responses } from './responses.ts';
import type { Roles } from './roles.ts';
import type { Secrets } from './secrets.ts';
import type { SensitiveFile } from './sensitive-files.ts';

/** Every question a rule may ask. A view is declared here, defined in the file of its name, and listed in `model.ts`. */
export interface Views {
  readonly deployments: Deployments;
  readonly ignores: Ignores;
  readonly images: Images;
  readonly program: Program;
  readonly responses: Responses;
  readonly roles: Roles;
  readonly secrets: Secrets;
  readonly sensitiveFiles: readonly SensitiveFile[];
}

export type ViewName = keyof Views;
