import type { Language } from './document.ts';

const BY_NAME: readonly (readonly [RegExp, Language])[] = [
  [/^live\/.*\.http$/, 'http'],
  [/(^|\/)package\.json$/, 'manifest'],
  [/(^|\/)(package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lock)$/, 'lockfile'],
  [/(^|\/|\.)(\.dockerignore|dockerignore|\.gitignore)$/, 'ignore-file'],
  [
    /(^|\/)(dockerfile|containerfile)([.-](?!([\w.-]+[.-])?(c|m)?([jt]sx?|json|md|ya?ml|txt|html?|sh|py|go|j2|tmpl|tpl|hbs|ejs|njk|mustache|liquid|eta)$)[\w.-]+)?$|\.dockerfile$/i,
    'dockerfile',
  ],
  [
    /(^|\/)(\.env([.-](?!([\w.-]+\.)?([mc]?[jt]s|json|ya?ml|md|sh|enc|gpg|hbs|ejs|njk|mustache|liquid|eta)$)[\w.-]+)?|env\.(example|sample|template|dist)|[\w.-]+\.env)$/,
    'dotenv',
  ],
  [/(^|\/)(\.nvmrc|\.node-version|\.tool-versions)$/, 'version-file'],
  [/(^|\/)docker-bake[^/]*\.hcl$/, 'hcl'],
  [/(^|\/)Procfile(\.\w+)?$/, 'procfile'],
  [
    /(^|\/)nginx[^/]*\.conf(\.template)?$|(^|\/)(nginx|sites-available|sites-enabled|conf\.d)\/.*\.conf(\.template)?$/,
    'nginx',
  ],
  [/\.ini$|(^|\/)\.npmrc$/, 'ini'],
  [/\.(sh|bash)$/, 'shell'],
  [/\.[mc]?[jt]sx?$/, 'javascript'],
  [/\.ya?ml$/, 'yaml'],
  [/\.jsonc?$/, 'json'],
  [/\.(ejs|pug|jade|hbs|handlebars|njk|nunjucks|mustache|eta|liquid|twig)$/, 'template'],
];

/** Most files of most projects; no name that means something else ends like this. */
const CODE = /\.(?:js|ts|tsx|jsx|mjs|cjs|mts|cts)$/;
const PLAIN_JSON = /(?:^|\/)(?!package\.json$|package-lock\.json$|npm-shrinkwrap\.json$)[^/]*\.json$/;

/** The language of a file by its name; a script without extension by its first line. */
export function languageOf(path: string, text = ''): Language {
  if (CODE.test(path) && !path.includes('.d.')) return isMarkup('javascript', text) ? 'text' : 'javascript';
  if (PLAIN_JSON.test(path)) return 'json';
  for (const [name, language] of BY_NAME) {
    if (name.test(path) && !/\.d\.[mc]?ts$/.test(path)) return isMarkup(language, text) ? 'text' : language;
  }
  if (/(^|\/)(views|templates)\/.*\.html?$/.test(path) && /<%|\{%|\|\s*safe\b/.test(text.slice(0, 50_000)))
    return 'template';
  const firstLine = text.slice(0, 200);
  if (/^#!.*\b(node|bun|tsx|ts-node)\b/.test(firstLine)) return 'javascript';
  return /^#!.*\b(ba|da|a)?sh\b/.test(firstLine) ? 'shell' : 'text';
}

/** Qt keeps its translations in files whose names end in `.ts`. */
const isMarkup = (language: Language, text: string): boolean => language === 'javascript' && text.startsWith('<?xml');
