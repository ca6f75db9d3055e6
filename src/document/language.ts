import type { Language } from './document.ts';

const BY_NAME: readonly (readonly [RegExp, Language])[] = [
  [/^live\/.*\.http$/, 'http'],
  [/(^|\/)package\.json$/, 'manifest'],
  [/(^|\/)(package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lock)$/, 'lockfile'],
  [/(^|\/)(Dockerfile|Containerfile)(\.[\w.-]+)?$|\.(dockerfile|Dockerfile)$/, 'dockerfile'],
  [/(^|\/|\.)(\.dockerignore|dockerignore|\.gitignore)$/, 'ignore-file'],
  [/(^|\/)(\.env(\.[\w.-]+)?|[\w-]+\.env)$/, 'dotenv'],
  [/(^|\/)(\.nvmrc|\.node-version|\.tool-versions)$/, 'version-file'],
  [/(^|\/)Procfile(\.\w+)?$/, 'procfile'],
  [
    /(^|\/)nginx[^/]*\.conf(\.template)?$|(^|\/)(nginx|sites-available|sites-enabled|conf\.d)\/.*\.conf(\.template)?$/,
    'nginx',
  ],
  [/\.ini$|(^|\/)\.npmrc$/, 'ini'],
  [/\.[mc]?[jt]sx?$/, 'javascript'],
  [/\.ya?ml$/, 'yaml'],
  [/\.jsonc?$/, 'json'],
  [/\.(ejs|pug|jade|hbs|handlebars|njk|nunjucks|mustache|eta|liquid|twig)$/, 'template'],
];

/** The language of a file by its name; a script without extension by its first line. */
export function languageOf(path: string, text = ''): Language {
  for (const [name, language] of BY_NAME) {
    if (name.test(path) && !/\.d\.[mc]?ts$/.test(path)) return language;
  }
  return /^#!.*\b(node|bun|tsx|ts-node)\b/.test(text.slice(0, 200)) ? 'javascript' : 'text';
}
