import type { BuildCommand, BuiltStage } from './image.ts';
import { managerCommandOf, programOf, programWordsOf } from './installs.ts';
import type { ShellCommand } from '../../facts/shell/shell-facts.ts';
import type { Install } from './node-install.ts';
import type { ProjectManifest } from './project-manifest.ts';
import { followedCommands } from './start.ts';

/** A program of the project's dependencies that a RUN instruction starts, be it through package scripts. */
export interface ToolRun {
  readonly build: BuildCommand;
  /** Its name, and the first argument where that says what it does: `next build`. */
  readonly text: string;
  readonly program: string;
  /** The package it is likely to come from. */
  readonly package: string;
  /** Turns sources into something else. */
  readonly builds: boolean;
}

const PACKAGES: ReadonlyMap<string, string> = new Map([
  ['tsc', 'typescript'],
  ['nest', '@nestjs/cli'],
  ['ng', '@angular/cli'],
  ['sequelize', 'sequelize-cli'],
  ['vue-cli-service', '@vue/cli-service'],
  ['babel', '@babel/cli'],
  ['svelte-kit', '@sveltejs/kit'],
  ['remix', '@remix-run/dev'],
  ['nuxi', 'nuxt'],
  ['swc', '@swc/cli'],
  ['grunt', 'grunt-cli'],
  ['webpack', 'webpack'],
  ['playwright', '@playwright/test'],
  ['biome', '@biomejs/biome'],
  ['tailwindcss', '@tailwindcss/cli'],
  ['typeorm', 'typeorm'],
  ['typeorm-ts-node-commonjs', 'typeorm'],
]);

const ALWAYS_BUILDS =
  /^(tsc|vue-tsc|tsup|esbuild|rollup|webpack|parcel|babel|swc|gulp|grunt|ncc|unbuild|tsdown|rspack|rsbuild)$/;
const BUILDS_WITH_VERB =
  /^(vite|next|nuxt|nuxi|nest|ng|react-scripts|vue-cli-service|svelte-kit|remix|astro|gatsby|turbo|nx|lerna|medusa|strapi|craco|expo|docusaurus|vitepress)$/;

export const packageOfTool = (program: string): string => PACKAGES.get(program) ?? program;

export function toolsRunBy({ commands }: BuiltStage, manifest: ProjectManifest | undefined): readonly ToolRun[] {
  return commands.flatMap((build) =>
    followedCommands(build.command, manifest).flatMap((command) => toolIn(build, command)),
  );
}

function toolIn(build: BuildCommand, command: ShellCommand): readonly ToolRun[] {
  const manager = managerCommandOf(command);
  const scriptName = manager?.verb === 'run' ? (manager.names[0]?.text ?? '') : '';
  // a script nobody can read, but whose name says what it does
  if (manager?.verb === 'run' && /^build(:|$)/.test(scriptName)) {
    return [{ build, text: `${manager.manager} run ${scriptName}`, program: scriptName, package: '', builds: true }];
  }
  if (manager && manager.verb !== 'exec') return [];
  const words = manager ? manager.names : programWordsOf(command);
  const program = manager ? (words[0]?.text ?? '').replace(/(.)@.*$/, '$1') : programOf(command);
  if (program === '' || program === 'node') return [];
  const verb = words[1]?.text ?? '';
  const builds =
    ALWAYS_BUILDS.test(program) || (BUILDS_WITH_VERB.test(program) && /^(build|run|export|generate)/.test(verb));
  return [
    {
      build,
      text: builds && verb !== '' && !verb.startsWith('-') ? `${program} ${verb}` : program,
      program,
      package: packageOfTool(program),
      builds,
    },
  ];
}

/** A tool that is called where it is not installed. */
export interface MissingTool {
  readonly tool: ToolRun;
  readonly install: Install;
  /** No package.json is here to say so; `likely`: such tools are devDependencies everywhere. */
  readonly assumed?: 'likely' | 'unsure';
  /** The script of package.json that calls it while the install itself runs. */
  readonly hook?: string;
}

/** Tools of devDependencies that a stage calls after its last install left them out. */
export function missingToolsOf(
  stage: BuiltStage,
  installs: readonly Install[],
  manifest: ProjectManifest | undefined,
  manifests: readonly ProjectManifest[],
): readonly MissingTool[] {
  const order = (build: BuildCommand): number => stage.commands.indexOf(build);
  const own = installs.filter(({ build }) => order(build) >= 0);
  return toolsRunBy(stage, manifest).flatMap((tool) => {
    const install = own.findLast(({ build }) => order(build) < order(tool.build));
    if (!manifest) {
      const assumed = ALWAYS_BUILDS.test(tool.program) ? ('likely' as const) : ('unsure' as const);
      // a second install is one of everything, or of another folder
      return install?.omitsDev === 'yes' && tool.builds && own.length === 1 ? [{ tool, install, assumed }] : [];
    }
    // another package of the workspace may bring it
    const isDev =
      manifest.devDependencies.has(tool.package) &&
      !manifests.some(({ dependencies }) => dependencies.has(tool.package));
    return install?.omitsDev === 'yes' && isDev ? [{ tool, install }] : [];
  });
}

/** What every install runs. Source: https://docs.npmjs.com/cli/v11/using-npm/scripts#life-cycle-operation-order */
const HOOKS = /^(preinstall|install|postinstall)$/;
/** npm runs these as well; Yarn 1 leaves them out with devDependencies. */
const NPM_HOOKS = /^(preprepare|prepare|postprepare)$/;

/** Tools of devDependencies that an install calls by its own scripts although it leaves them out. */
export function missingInHooks({ commands, env }: BuiltStage, installs: readonly Install[]): readonly MissingTool[] {
  const isChanged = commands.some(({ command: { words } }) =>
    words.some(({ text }) => /^pkg$|prepare|husky/.test(text)),
  );
  if (isChanged || [...env.keys()].some((name) => /^npm_config_ignore_scripts$/i.test(name))) return [];
  return installs.flatMap((install) => {
    const { manager, manifest, build, omitsDev } = install;
    const isQuiet = manager.options.some(({ text }) => text.startsWith('--ignore-scripts'));
    if (omitsDev !== 'yes' || !manifest || isQuiet || !/^(install|ci)$/.test(manager.verb)) return [];
    if (!commands.includes(build) || !/^(npm|yarn)$/.test(manager.manager)) return [];
    return manifest.scripts.flatMap(({ name, commands: own }): readonly MissingTool[] => {
      if (!HOOKS.test(name) && !(manager.manager === 'npm' && NPM_HOOKS.test(name))) return [];
      const all = own.flatMap((command) => followedCommands(command, manifest));
      // `husky || true`, `is-ci || husky`
      if (all.some(({ joined, inside, background }) => joined === 'or' || inside !== 'list' || background)) return [];
      const tool = all
        .filter((command) => !managerCommandOf(command))
        .flatMap((command) => toolIn(build, command))
        .find((each) => manifest.devDependencies.has(each.package) && !manifest.dependencies.has(each.package));
      return tool ? [{ tool, install, hook: name }] : [];
    });
  });
}
