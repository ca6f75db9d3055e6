import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';

/** What the command line says about looking at a deployment, as commander hands it over. */
export interface ProbeFlags {
  readonly active?: true | 'limits';
  readonly authorized?: readonly string[];
  readonly dryRun?: boolean;
  readonly record?: string;
  readonly replay?: string;
  readonly cookie?: string;
  readonly header?: readonly string[];
  readonly bearer?: string;
  readonly cafile?: string;
  readonly resolve?: readonly string[];
  readonly proxy?: string;
  readonly followOffsite?: boolean;
  readonly kind?: 'page' | 'api';
  readonly path?: readonly string[];
  /** Fetch the GET routes of the project as well. */
  readonly routes?: boolean;
  /** The deployment runs the project, whatever its traces say. */
  readonly sameApp?: boolean;
  readonly burst?: number;
  readonly postPath?: string;
}

/** The options of every command that looks at a deployment. */
export function withProbeOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--active [limits]',
        'also try what an attacker tries first, within bounds; limits: bodies, bursts, slowness',
      ).choices(['limits']),
    )
    .option('--authorized <host>', 'a host whose owner allows active checks; this machine needs none', repeated)
    .option('--dry-run', 'print every request that would be sent, and send none')
    .option('--record <folder>', 'write every exchange to a file')
    .option('--replay <folder>', 'judge recorded exchanges instead of asking')
    .option('--cookie <from>', 'log in with a cookie: env:NAME or file:PATH')
    .option('--header <name=from>', 'log in with a header: Authorization=env:NAME or X-Key=file:PATH', repeated)
    .option('--bearer <from>', 'log in with a bearer token: env:NAME or file:PATH')
    .option('--cafile <file>', 'certificates to trust besides the usual ones (PEM)')
    .option('--resolve <host:address>', 'the address to use for a host', repeated)
    .option(
      '--proxy <from>',
      'ask through a proxy: http://host:port, or env for the variables HTTPS_PROXY and NO_PROXY',
    )
    .option('--follow-offsite', 'follow redirects to other hosts, without credentials')
    .addOption(
      new Option('--kind <kind>', 'what the target is, where its answers do not tell').choices(['page', 'api']),
    )
    .option('--path <path>', 'another path to fetch from each target', repeated)
    .option('--burst <n>', 'requests of the rate-limit check; default: 120', burstSize)
    .option('--post-path <path>', 'a path that takes JSON, for the body-limit check');
}

const repeated = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

function burstSize(value: string): number {
  if (/^\d{1,3}$/.test(value) && Number(value) >= 10 && Number(value) <= 300) return Number(value);
  throw new InvalidArgumentError('It must be a whole number from 10 to 300.');
}
