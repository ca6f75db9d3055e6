import { Command, InvalidArgumentError, Option } from 'commander';
import { ROLES } from '../model/role.ts';
import { SEVERITIES } from '../rule/rule.ts';
import { VERSION } from './build.ts';
import type { AuditFlags } from './flags.ts';
import { withProbeOptions } from './probe-flags.ts';
import { BASELINE_HELP, EXAMPLES } from './help.ts';

/** Called with the exit code of the command that ran. */
export type End = (code: number) => void;

/** Every command and flag. What a command needs is loaded when it runs, so that asking for help costs nothing. */
export function programOf(end: End): Command {
  const program = withAuditOptions(new Command('audit'))
    .description('Is this Node.js service fit to go to production?')
    .usage('[options] [folder | files…]')
    .argument('[targets...]', 'a folder, or the files to report on; default: this folder')
    .option('--format <name[=file]>', 'a report to print, or to write to a file; several at once', listed)
    .option('--timing', 'say on stderr where the time went')
    .option('-q, --quiet', 'print the summary alone')
    .option('-v, --verbose', 'print every finding with its code, every gap and the outcome of every rule')
    .option('--no-color', 'print without colours (also: NO_COLOR)')
    .version(VERSION, '--version')
    .addHelpText('after', EXAMPLES)
    .action(async (targets: string[], flags: AuditFlags) => {
      const { auditCommand } = await import('./audit-command.ts');
      end(await auditCommand(targets, flags));
    });
  program
    .option('--url <url>', 'look at a running deployment as well; several at once', listed)
    .option('--routes', 'fetch the GET routes of the project from each --url')
    .option('--same-app', 'the deployment runs this project, whatever its traces say');
  withProbeOptions(program);
  addProbe(program, end);
  addFix(program, end);
  addMap(program, end);
  addBaseline(program, end);
  addRules(program, end);
  addInit(program, end);
  return program;
}

/** The options of every command that audits a project. */
function withAuditOptions(command: Command): Command {
  return command
    .option('--only <names>', 'check only these rules or categories', listed)
    .option('--skip <names>', 'do not check these rules or categories', listed)
    .addOption(
      new Option('--gate <level>', 'the least severity of a new finding that breaks the gate; default: high').choices([
        ...SEVERITIES,
        'none',
      ]),
    )
    .option('--min-score <n>', 'a lower score breaks the gate', percent)
    .option('--min-coverage <n>', 'a lower coverage breaks the gate', percent)
    .addOption(
      new Option('--assume <role>', 'treat all code as deployed in this role instead of finding out').choices(ROLES),
    )
    .option('--changed [ref]', 'report only what concerns files changed since a commit; default: HEAD')
    .option('--config <file>', 'the configuration; default: audit.config.json, or "audit" in package.json')
    .option('--no-config', "do without the project's configuration")
    .option('--baseline <file>', 'the known findings; default: audit-baseline.json')
    .option('--no-baseline', 'do without the baseline')
    .option('--no-ignores', 'report what comments and configuration ignore as well')
    .option(
      '--advisories [source]',
      'ask for known holes in the packages of the lockfile: osv (default), registry (that of your own npm), a file of OSV records, or the address of a service; sends names and versions',
    )
    .option('--offline', 'send nothing to anybody; what would have needed it is not checked')
    .option('--history', 'search all of the git history for secrets, not only the newest hundred commits')
    .option('--no-history', 'do not look into the git history')
    .option('--no-cache', 'read everything anew');
}

function addProbe(program: Command, end: End): void {
  withProbeOptions(program.command('probe [urls...]'))
    .description('Look at a running deployment alone: what it sends, and what it should not.')
    .addHelpText(
      'after',
      `
A probe sends at most 14 plain requests and 4 TLS handshakes to each target; --dry-run prints them. Nothing leaves the
host that was named. --active sends some more, to hosts you name with --authorized and to this machine.

  audit probe https://shop.example                             what every visitor sees
  audit probe https://shop.example --path /cart --cookie env:SHOP_COOKIE     more pages, logged in
  audit probe https://shop.example --resolve shop.example:203.0.113.7        the origin, past its CDN
  audit probe https://shop.example --active --authorized shop.example        what an attacker tries first
  audit probe https://shop.example --record seen               keep the exchanges;
  audit probe --replay seen                                    judge them again, and ask nobody
`,
    )
    .action(async (urls: string[], _: unknown, command: Command) => {
      const { probeCommand } = await import('./probe-command.ts');
      end(await probeCommand(urls, command.optsWithGlobals()));
    });
}

function addFix(program: Command, end: End): void {
  withAuditOptions(program.command('fix [folder]'))
    .description('Show the changes that safely solve findings; write them only if asked to.')
    .option('--write', 'write the changes, then audit again')
    .addHelpText(
      'after',
      `
The diff goes to stdout, so that \`audit fix > fixes.patch\` can be reviewed and applied with git (secrets in it
are masked: near one, use --write). An edit is safe when it
solves the finding, is the same when applied twice, and changes nothing else the program does.
`,
    )
    .action(async (folder: string | undefined, _: unknown, command: Command) => {
      const { fixCommand } = await import('./fix-command.ts');
      end(await fixCommand(folder, command.optsWithGlobals()));
    });
}

function addMap(program: Command, end: End): void {
  program
    .command('map [folder]')
    .description('Show what was understood: what is started, what requests meet, and what protects each route.')
    .addOption(
      new Option('--assume <role>', 'treat all code as deployed in this role instead of finding out').choices(ROLES),
    )
    .addHelpText(
      'after',
      '\nFormats: human (default), json, markdown (with a picture), html; `--format html=map.html` writes a file.\n',
    )
    .action(async (folder: string | undefined, _: unknown, command: Command) => {
      const { mapCommand } = await import('./map-command.ts');
      end(await mapCommand(folder, command.optsWithGlobals()));
    });
}

function addBaseline(program: Command, end: End): void {
  withAuditOptions(program.command('baseline [folder]'))
    .description('Write down the findings of today, so that only new ones break the gate.')
    .option('--accept-new', 'take findings into an existing baseline that are not in it yet')
    .addHelpText('after', BASELINE_HELP)
    .action(async (folder: string | undefined, _: unknown, command: Command) => {
      const { baselineCommand } = await import('./baseline-command.ts');
      end(await baselineCommand(folder, command.optsWithGlobals()));
    });
}

function addRules(program: Command, end: End): void {
  program
    .command('rules [names...]')
    .description('List the rules: all, or those of some categories.')
    .action(async (names: string[], _: unknown, command: Command) => {
      const { rulesCommand } = await import('./rules-command.ts');
      end(rulesCommand(names, command.optsWithGlobals()));
    });
  program
    .command('explain <rule>')
    .description('Explain a rule: why it matters, how to fix it, and what it says of examples.')
    .action(async (name: string, _: unknown, command: Command) => {
      const { explainCommand } = await import('./explain-command.ts');
      end(await explainCommand(name, command.optsWithGlobals()));
    });
}

function addInit(program: Command, end: End): void {
  program
    .command('init [folder]')
    .description('Write an audit.config.json, and say how to run the audit in CI.')
    .action(async (folder: string | undefined) => {
      const { initCommand } = await import('./init-command.ts');
      end(initCommand(folder));
    });
}

/** `a,b` and repeated flags alike. */
const listed = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== ''),
];

function percent(value: string): number {
  if (/^\d{1,3}$/.test(value) && Number(value) <= 100) return Number(value);
  throw new InvalidArgumentError('It must be a whole number from 0 to 100.');
}
