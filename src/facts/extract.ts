import type { Document, Language } from '../document/document.ts';
import type { DocumentFacts, Extractor, FactsOf } from './facts.ts';

type Extractors = { readonly [L in keyof FactsOf]: () => Promise<Extractor<L>> };

/** Loaded when the first document of the language is met, so that an audit of Dockerfiles never starts Babel. */
const EXTRACTORS: Extractors = {
  javascript: async () => (await import('./javascript/extract.ts')).extract,
  http: async () => (await import('./http/extract.ts')).extract,
  dockerfile: async () => (await import('./dockerfile/extract.ts')).extract,
  dotenv: async () => (await import('./dotenv/extract.ts')).extract,
  'ignore-file': async () => (await import('./ignore-file/extract.ts')).extract,
  yaml: async () => (await import('./data/yaml.ts')).extract,
  json: async () => (await import('./data/json.ts')).extract,
  manifest: async () => (await import('./data/json.ts')).extract,
  lockfile: async () => (await import('./lockfile/extract.ts')).extract,
  hcl: async () => (await import('./data/hcl.ts')).extract,
  'version-file': async () => (await import('./version-file/extract.ts')).extract,
  ini: async () => (await import('./ini/extract.ts')).extract,
  nginx: async () => (await import('./nginx/extract.ts')).extract,
  procfile: async () => (await import('./procfile/extract.ts')).extract,
  shell: async () => (await import('./shell/extract.ts')).extract,
  template: async () => (await import('./template/extract.ts')).extract,
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
