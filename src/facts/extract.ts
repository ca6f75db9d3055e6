import type { Document, Language } from '../document/document.ts';
import type { DocumentFacts, Extractor, FactsOf } from './facts.ts';

type Extractors = { readonly [L in keyof FactsOf]: () => Promise<Extractor<L>> };

/** Loaded when the first document of the language is met, so that an audit of Dockerfiles never starts Babel. */
const EXTRACTORS: Extractors = {
  javascript: async () => (await import('./javascript/extract.ts')).extract,
};

const hasExtractor = (language: Language): language is keyof FactsOf => Object.hasOwn(EXTRACTORS, language);

/** The extractor of a language, loaded. A language without one yields documents without facts. */
export async function extractorOf(language: Language): Promise<(document: Document) => DocumentFacts> {
  const extract = hasExtractor(language)
    ? ((await EXTRACTORS[language]()) as (document: Document) => never)
    : undefined;
  return (document) => {
    const { path, tracked } = document;
    if (!extract) return { path, language, tracked, facts: undefined, gaps: [] } as DocumentFacts;
    const { facts, gaps } = extract(document);
    return { path, language, tracked, facts, gaps };
  };
}
