import ignore from 'ignore';
import { locationOf } from '../../document/document.ts';
import type { Manifests } from '../dependencies/manifests.ts';
import { placeOf } from '../place.ts';
import { defineView, present } from '../view.ts';
import type { Source } from '../view.ts';
import { assignmentsOf } from './assignments.ts';
import type { DotenvFile, Environment } from './environment.ts';
import { unreadOf } from './unread.ts';

export const environment = defineView({
  name: 'environment',
  reads: ['dotenv', 'yaml', 'json', 'manifest', 'dockerfile', 'shell', 'ignore-file'],
  needs: ['manifests'],
  build: (source, { manifests }) => {
    const files = source.facts('dotenv').map((document): DotenvFile => {
      const { path, tracked, facts } = document;
      return { path, tracked, place: placeOf(path), ...facts, at: (span) => locationOf(path, span) };
    });
    const assignments = assignmentsOf(source, files);
    const known = manifests.state === 'present' ? manifests.answer : undefined;
    const answer: Environment = {
      files,
      assignments,
      documented: new Set([
        ...files.filter(({ place }) => place === 'template').flatMap(({ entries }) => entries.map(({ name }) => name)),
        ...assignments.filter(({ by }) => by !== 'dotenv').map(({ name }) => name),
      ]),
      unread: unreadOf(source, files, known),
      loaders: loadersOf(known),
      expands: hasDependency(known, EXPANDERS),
      ...ignoring(source, known),
    };
    return present(
      answer,
      source.facts('dotenv').flatMap(({ gaps }) => gaps),
    );
  },
});

const FRAMEWORKS = /^(next|nuxt|vite|astro|react-scripts|@vue\/cli-service|@remix-run\/dev|@sveltejs\/kit)$/;
const LOADERS = /^dotenv(-\w+)?$|^@nestjs\/config$/;
const ENV_FILE = /--env-file(-if-exists)?[= ]/;
const EXPANDERS =
  /^(dotenv-expand|@dotenvx\/dotenvx|dotenv-cli|dotenv-flow|dotenv-safe|@nestjs\/config|next|nuxt|vite|astro|react-scripts|@vue\/cli-service|prisma|@prisma\/client|env-cmd)$/;

/** By its dependencies or its scripts. */
const readsDotenv = ({ dependencies, scripts }: Manifests['all'][number]): boolean =>
  dependencies.some(({ name }) => LOADERS.test(name)) || scripts.some(({ text }) => ENV_FILE.test(text));

const hasDependency = (manifests: Manifests | undefined, names: RegExp): boolean =>
  manifests?.all.some(({ dependencies }) => dependencies.some(({ name }) => names.test(name))) ?? false;

function loadersOf(manifests: Manifests | undefined): Environment['loaders'] {
  const loaders = new Set<'dotenv' | 'node' | 'framework'>();
  if (hasDependency(manifests, LOADERS)) loaders.add('dotenv');
  if (hasDependency(manifests, FRAMEWORKS)) loaders.add('framework');
  const usesFlag = manifests?.all.some(({ scripts }) => scripts.some(({ text }) => ENV_FILE.test(text)));
  if (usesFlag) loaders.add('node');
  return loaders;
}

function ignoring(source: Source, manifests: Manifests | undefined): Pick<Environment, 'ignoresDotenv' | 'gitignore'> {
  const all = source.facts('ignore-file').filter(({ path }) => /(^|\/)\.gitignore$/.test(path));
  const file = all.find(({ path }) => path === '.gitignore');
  if (!file) return { ignoresDotenv: undefined };
  const rules = all.map(({ path, facts }) => ({
    folder: path.slice(0, -'.gitignore'.length),
    ignored: ignore().add(facts.patterns.map(({ text, negated }) => (negated ? `!${text}` : text))),
  }));
  // where each package that reads one would have it: it is enough that the ignore file of its own folder says so
  const readers = (manifests?.all ?? []).filter(readsDotenv).map(({ folder }) => (folder === '' ? '' : `${folder}/`));
  const isIgnored = (folder: string): boolean =>
    rules.some(
      ({ folder: own, ignored }) => folder.startsWith(own) && ignored.ignores(`${folder.slice(own.length)}.env`),
    );
  const last = file.facts.patterns.at(-1);
  return {
    ignoresDotenv: (readers.length > 0 ? readers : ['']).every(isIgnored),
    gitignore: locationOf(file.path, last ?? { start: 0, end: 0 }),
  };
}
