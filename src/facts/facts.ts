import type { Document, Language, Tracked } from '../document/document.ts';
import type { Gap } from '../document/gap.ts';
import type { DataFacts } from './data/data-facts.ts';
import type { DockerfileFacts } from './dockerfile/dockerfile-facts.ts';
import type { DotenvFacts } from './dotenv/dotenv-facts.ts';
import type { HttpFacts } from './http/http-facts.ts';
import type { IgnoreFacts } from './ignore-file/ignore-facts.ts';
import type { IniFacts } from './ini/ini-facts.ts';
import type { ModuleFacts } from './javascript/module-facts.ts';
import type { LockfileFacts } from './lockfile/lockfile-facts.ts';
import type { NginxFacts } from './nginx/nginx-facts.ts';
import type { ProcfileFacts } from './procfile/procfile-facts.ts';
import type { ShellFacts } from './shell/shell-facts.ts';
import type { TemplateFacts } from './template/template-facts.ts';
import type { VersionFacts } from './version-file/version-facts.ts';

/** What the extractor of each language says of one document. A language without an entry is read for secrets only. */
export interface FactsOf {
  javascript: ModuleFacts;
  http: HttpFacts;
  dockerfile: DockerfileFacts;
  dotenv: DotenvFacts;
  'ignore-file': IgnoreFacts;
  yaml: DataFacts;
  json: DataFacts;
  manifest: DataFacts;
  lockfile: LockfileFacts;
  hcl: DataFacts;
  'version-file': VersionFacts;
  ini: IniFacts;
  nginx: NginxFacts;
  procfile: ProcfileFacts;
  shell: ShellFacts;
  template: TemplateFacts;
}

/** Facts of one document: plain JSON, a pure function of its text, path and language. */
export interface DocumentFacts<L extends Language = Language> {
  readonly path: string;
  readonly language: L;
  readonly tracked: Tracked;
  readonly facts: L extends keyof FactsOf ? FactsOf[L] : undefined;
  readonly gaps: readonly Gap[];
}

export interface Extraction<F> {
  readonly facts: F;
  readonly gaps: readonly Gap[];
}

/** Pure: document → facts. Never throws: what cannot be read becomes a gap. */
export type Extractor<L extends keyof FactsOf> = (document: Document) => Extraction<FactsOf[L]>;

export type { SecretFact } from './secrets/secret-fact.ts';
