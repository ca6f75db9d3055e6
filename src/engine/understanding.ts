import type { Document, Language } from '../document/document.ts';
import { mentionsIn } from '../facts/javascript/mentions.ts';
import type { DocumentFacts } from '../facts/facts.ts';
import type { Project } from '../load/project.ts';
import { modelOf } from '../model/model.ts';
import type { Model } from '../model/model.ts';
import { isDeployed } from '../model/entries/entry.ts';
import { reachableFrom } from '../model/reach.ts';
import type { Source } from '../model/view.ts';
import { extractAll } from './extract-all.ts';
import type { ExtractOptions } from './extract-all.ts';

export interface Understanding {
  readonly source: Source;
  readonly model: Model;
  readonly facts: readonly DocumentFacts[];
}

export interface Wanted {
  readonly languages: ReadonlySet<Language>;
  /** Whether what is asked is asked of deployed code only, so that modules nothing deployed loads need no parsing. */
  readonly onlyDeployed: boolean;
  readonly sourceOf: (facts: readonly DocumentFacts[]) => Source;
}

/**
 * The facts of a project and the model over them. The cheap languages say what is started; a scan of what modules
 * mention follows it outward; only what is reached is parsed. The rest is front-end, tests and tooling. Where it turns
 * out that nothing of what was reached is deployed, everything is parsed after all.
 */
export async function understandingOf(
  project: Project,
  { languages, onlyDeployed, sourceOf }: Wanted,
  options: ExtractOptions,
): Promise<Understanding> {
  const wanted = project.documents.filter(({ language }) => languages.has(language));
  const modules = wanted.filter(({ language }) => language === 'javascript');
  const facts: DocumentFacts[] = [];
  const extract = async (documents: readonly Document[]): Promise<void> => {
    const known = new Set(facts.map(({ path }) => path));
    const fresh = await extractAll(
      documents.filter(({ path }) => !known.has(path)),
      options,
    );
    facts.push(...fresh);
  };
  await extract(wanted.filter((document) => document.language !== 'javascript' || startsOthers(document)));
  const reached = onlyDeployed && modules.length > 0 ? reachedIn(modules, sourceOf(facts)) : undefined;
  if (reached) {
    await extract(modules.filter(({ path }) => reached.has(path)));
    const understanding = over(facts);
    if (isSomethingDeployed(understanding.model)) return understanding;
  }
  await extract(modules);
  return over(facts);

  function over(known: readonly DocumentFacts[]): Understanding {
    const inOrder = known.toSorted((a, b) => (a.path < b.path ? -1 : 1));
    const source = sourceOf(inOrder);
    const model = modelOf(source, (view, milliseconds) => options.stopwatch?.add(`view ${view}`, milliseconds));
    return { source, model, facts: inOrder };
  }
}

/** A process manager's file says what is started, in JavaScript. */
const startsOthers = ({ path, text }: Document): boolean =>
  /(^|\/)(ecosystem|pm2|processes)[\w.-]*\.[cm]?[jt]s$/.test(path) ||
  (/\.config\.[cm]?[jt]s$/.test(path) && text.length < 50_000 && /\bapps\b/.test(text));

function reachedIn(modules: readonly Document[], source: Source): ReadonlySet<string> | undefined {
  const texts = new Map(modules.map(({ path, text }) => [path, text]));
  const entries = modelOf(source).view('entries');
  if (entries.state !== 'present') return undefined;
  return reachableFrom(entries.answer, source, (path) => {
    const text = texts.get(path);
    return text === undefined ? undefined : mentionsIn(text);
  });
}

function isSomethingDeployed(model: Model): boolean {
  const roles = model.view('roles');
  return roles.state === 'present' && roles.answer.entries.some(isDeployed);
}
