import type { Span } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import type { DataNode } from '../../facts/data/data-facts.ts';
import { entryOf, mapOf, scalarOf, textAt } from '../deployments/data.ts';
import { folderOf } from '../images/path.ts';
import type { ProjectManifest } from '../images/project-manifest.ts';
import { placeOf } from '../place.ts';
import type { Role } from '../role.ts';
import type { Discovery, Start } from './discovery.ts';

/** Handlers and pages that a platform or a framework calls by itself. */
export function addPlatformEntries(discovery: Discovery): void {
  addServerless(discovery);
  addFolders(discovery);
  addMetaFrameworks(discovery);
}

const startAt = (path: string, at: Span, says: string): Start => ({
  kind: 'platform',
  at: locationOf(path, at),
  says,
  confidence: 'certain',
  folders: [folderOf(path)],
});

/** `functions.x.handler` of serverless.yml, `Handler` of a SAM or CloudFormation template, Google's `main`. */
function addServerless(discovery: Discovery): void {
  const files = [...discovery.source.facts('yaml'), ...discovery.source.facts('json')];
  for (const { path, facts } of files) {
    if (placeOf(path) !== 'product') continue;
    for (const node of facts.documents) {
      if (/(^|\/)serverless[\w.-]*\.(ya?ml|json)$/.test(path)) {
        for (const { key, value } of mapOf(entryOf(node, 'functions')))
          addHandler(discovery, path, key, value, 'handler');
      }
      for (const { key, value } of mapOf(entryOf(node, 'Resources'))) {
        if (!/^AWS::(Serverless::Function|Lambda::Function)$/.test(textAt(value, 'Type') ?? '')) continue;
        const properties = entryOf(value, 'Properties');
        addHandler(discovery, path, key, properties, 'Handler', textAt(properties, 'CodeUri') ?? '');
      }
    }
  }
}

/** `src/users.create`: the export `create` of `src/users`. */
function addHandler(
  discovery: Discovery,
  path: string,
  name: string,
  node: DataNode | undefined,
  field: string,
  folder = '',
): void {
  const handler = scalarOf(entryOf(node, field));
  if (!handler) return;
  const file = `${folder === '' ? '' : `${folder}/`}${handler.text.replace(/\.[^./]+$/, '')}`;
  const start = startAt(path, handler, `The function ${name} of ${path}`);
  const module = discovery.files.moduleAt(folderOf(path), file);
  if (module === undefined) discovery.lose(start, handler.text);
  else discovery.add(module, start, handler.text, 'function');
}

/** Folders a platform serves file by file, where something of the project says that it is used. */
const FOLDERS: readonly {
  readonly marker: RegExp;
  readonly folder: RegExp;
  readonly role: Role;
  readonly name: string;
}[] = [
  {
    marker: /(^|\/)vercel\.json$/,
    folder: /^api\/(?!.*\/?_)[\w./[\]-]+\.[mc]?[jt]s$/,
    role: 'function',
    name: 'Vercel',
  },
  {
    marker: /(^|\/)netlify\.toml$/,
    folder: /^netlify\/functions\/[\w./-]+\.[mc]?[jt]s$/,
    role: 'function',
    name: 'Netlify',
  },
  { marker: /(^|\/)firebase\.json$/, folder: /^functions\/(src\/)?index\.[jt]s$/, role: 'function', name: 'Firebase' },
  {
    marker: /(^|\/)host\.json$/,
    folder: /^(src\/)?functions\/[\w-]+\.[jt]s$/,
    role: 'function',
    name: 'Azure Functions',
  },
  {
    marker: /(^|\/)wrangler\.(toml|jsonc?)$/,
    folder: /^(src\/)?(index|worker)\.[jt]s$/,
    role: 'function',
    name: 'Workers',
  },
];

function addFolders(discovery: Discovery): void {
  const paths = discovery.source.files.map(({ path }) => path);
  for (const { marker, folder, role, name } of FOLDERS) {
    for (const mark of paths.filter((path) => marker.test(path) && placeOf(path) === 'product')) {
      const root = folderOf(mark);
      for (const path of paths) {
        if (root !== '' && !path.startsWith(`${root}/`)) continue;
        const inner = root === '' ? path : path.slice(root.length + 1);
        if (!folder.test(inner)) continue;
        discovery.add(path, startAt(mark, { start: 0, end: 0 }, `${name} (${mark})`), inner, role);
      }
    }
  }
}

/** What Next.js, Nuxt and their kind load by the names of files. */
const PAGES: Readonly<Record<string, readonly { readonly file: RegExp; readonly role: Role }[]>> = {
  next: [
    { file: /^(src\/)?pages\/api\/.+\.[jt]sx?$/, role: 'service' },
    { file: /^(src\/)?app\/(.+\/)?route\.[jt]sx?$/, role: 'service' },
    { file: /^(src\/)?(middleware|proxy|instrumentation)\.[jt]s$/, role: 'service' },
    { file: /^next\.config\.[mc]?[jt]s$/, role: 'service' },
    { file: /^(src\/)?app\/(.+\/)?(page|layout|template|error|loading|not-found|default)\.[jt]sx?$/, role: 'frontend' },
    { file: /^(src\/)?pages\/(?!api\/).+\.[jt]sx?$/, role: 'frontend' },
    // where server actions are kept, whatever page calls them
    { file: /^(src\/)?(app|lib|server)\/([^/]+\/)*([\w-]*actions?|actions\/[\w.-]+)\.[jt]s$/, role: 'frontend' },
  ],
  nuxt: [{ file: /^server\/(api|routes|middleware|plugins)\/.+\.[jt]s$/, role: 'service' }],
  '@remix-run/node': [{ file: /^app\/(routes\/.+|root|entry\.server)\.[jt]sx?$/, role: 'service' }],
  '@react-router/node': [{ file: /^app\/(routes\/.+|root|entry\.server)\.[jt]sx?$/, role: 'service' }],
  astro: [{ file: /^src\/(pages\/.+|middleware)\.[jt]s$/, role: 'service' }],
  '@sveltejs/kit': [
    { file: /^src\/(routes\/.+\+(server|page\.server|layout\.server)|hooks\.server)\.[jt]s$/, role: 'service' },
  ],
};

function addMetaFrameworks(discovery: Discovery): void {
  for (const manifest of discovery.manifests) {
    if (placeOf(manifest.path) !== 'product') continue;
    for (const [dependency, pages] of Object.entries(PAGES)) {
      if (manifest.dependencies.has(dependency)) addPages(discovery, manifest, dependency, pages);
    }
  }
}

function addPages(
  discovery: Discovery,
  { folder, path: manifest }: ProjectManifest,
  framework: string,
  pages: readonly { readonly file: RegExp; readonly role: Role }[],
): void {
  for (const { path } of discovery.source.files) {
    if (folder !== '' && !path.startsWith(`${folder}/`)) continue;
    const inner = folder === '' ? path : path.slice(folder.length + 1);
    const page = pages.find(({ file }) => file.test(inner));
    if (!page || /\.(test|spec|stories|d)\.\w+$/.test(inner)) continue;
    const start = startAt(manifest, { start: 0, end: 0 }, `${framework} (${manifest})`);
    discovery.add(path, start, inner, page.role);
  }
}
