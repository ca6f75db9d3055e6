import type { Language } from '../document/document.ts';
import type { Answer, Answers, Source, ViewDefinition } from './view.ts';
import type { ViewName, Views } from './views.ts';
import { responses } from './responses.ts';
import { roles } from './roles.ts';

type Definitions = { readonly [Name in ViewName]: ViewDefinition<Name> };

const DEFINITIONS: Definitions = {
  responses,
  roles,
};

/** The languages that must be read to answer the given views. */
export function languagesOf(names: Iterable<ViewName>): ReadonlySet<Language> {
  const seen = new Set<ViewName>();
  const languages = new Set<Language>();
  const visit = (name: ViewName): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const language of DEFINITIONS[name].reads) languages.add(language);
    DEFINITIONS[name].needs.forEach(visit);
  };
  for (const name of names) visit(name);
  return languages;
}

/** Answers views on demand, each at most once. */
export interface Model {
  readonly view: <Name extends ViewName>(name: Name) => Answer<Views[Name]>;
}

export function modelOf(source: Source): Model {
  const answers = new Map<ViewName, Answer<unknown>>();
  const view = <Name extends ViewName>(name: Name): Answer<Views[Name]> => {
    const known = answers.get(name);
    if (known) return known as Answer<Views[Name]>;
    const definition: ViewDefinition = DEFINITIONS[name];
    const needs = Object.fromEntries(definition.needs.map((need) => [need, view(need)])) as Answers<ViewName>;
    const answer = definition.build(source, needs);
    answers.set(name, answer);
    return answer as Answer<Views[Name]>;
  };
  return { view };
}
