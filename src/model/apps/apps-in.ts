import type { Document } from '../../document/document.ts';
import { languageOf } from '../../document/language.ts';
import type { Language } from '../../document/document.ts';
import { extractorOf } from '../../facts/extract.ts';
import type { Declared } from '../flows/surroundings.ts';
import { modelOf } from '../model.ts';
import type { Role } from '../role.ts';
import type { Apps, Route } from './app.ts';
import type { EffectKind } from './effect.ts';

/** For tests: the applications of a project given as path → text. */
export async function appsIn(
  files: Readonly<Record<string, string>>,
  assume?: Role,
  declared?: Declared,
): Promise<Apps> {
  const documents = Object.entries(files)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, text]): Document => ({ path, text, language: languageOf(path, text), tracked: 'tracked' }));
  const facts = await Promise.all(documents.map(async (document) => (await extractorOf(document.language))(document)));
  const view = modelOf({
    facts: (language: Language) => facts.filter((each) => each.language === language) as never,
    files: documents.map(({ path, text }) => ({ path, tracked: 'tracked', bytes: text.length })),
    today: new Date('2026-11-22'),
    ...(assume && { assume }),
    ...(declared && { declared }),
  }).view('apps');
  if (view.state !== 'present') throw new Error(view.reason);
  return view.answer;
}

/** `GET /users: auth headers?`: each route with what protects it; `?` where it may, `~` where it does for some. */
export function protectionsOf({ routes, protectionOf }: Apps, kinds: readonly EffectKind[]): readonly string[] {
  const signs = { present: '', conditional: '~', unknown: '?', absent: undefined };
  return routes.map((route: Route) => {
    const found = kinds.flatMap((kind) => {
      const sign = signs[protectionOf(route, kind).state];
      return sign === undefined ? [] : [`${kind}${sign}`];
    });
    return `${route.method} ${route.path ?? '?'}: ${found.join(' ')}`.trimEnd();
  });
}
