import type { Location } from '../../document/document.ts';
import type { ShellCommand } from '../../facts/shell/shell-facts.ts';
import type { Word } from '../../facts/word.ts';
import { entryOf, itemsOf, textAt } from '../deployments/data.ts';
import { manifestsOf } from '../images/project-manifest.ts';
import type { ProjectManifest } from '../images/project-manifest.ts';
import { folderOf } from '../images/path.ts';
import { joined } from '../program/module-resolution.ts';
import type { Role } from '../role.ts';
import type { Source } from '../view.ts';
import type { Entries, Entry, EntryKind, LostEntry } from './entry.ts';
import { SourceFiles } from './source-files.ts';
import { startTargetsOf } from './start-targets.ts';
import type { StartTarget } from './start-targets.ts';

/** What says that something is started, and where the words of its command are relative to. */
export interface Start {
  readonly kind: EntryKind;
  readonly at: Location;
  /** `CMD`, `the start script`: completes "… runs server.js". */
  readonly says: string;
  readonly confidence: Entry['confidence'];
  /** Tried in turn. */
  readonly folders: readonly string[];
  /** Of an image. */
  readonly workdir?: string;
  /** The file is loaded before what the command runs. */
  readonly preload?: true;
  /** Of a framework's command. */
  readonly by?: Entry['by'];
}

const MAX_DEPTH = 8;

/** Collects entries: follows commands through scripts, shell files and process managers to modules of the project. */
export class Discovery {
  readonly source: Source;
  readonly manifests: readonly ProjectManifest[];
  readonly files: SourceFiles;
  readonly #entries = new Map<string, Entry>();
  readonly #lost: LostEntry[] = [];

  constructor(source: Source) {
    this.source = source;
    this.manifests = manifestsOf(source);
    this.files = new SourceFiles(source, this.manifests);
  }

  get found(): Entries {
    return { entries: [...this.#entries.values()], lost: this.#lost };
  }

  add(path: string, { kind, at, says, confidence, preload, by }: Start, file: string, given?: Role): void {
    const role = given ?? (by && 'service');
    const key = `${path}\n${kind}\n${role ?? ''}`;
    if (this.#entries.has(key)) return;
    const evidence = `${says} ${preload ? 'preloads' : 'runs'} ${file}`;
    this.#entries.set(key, {
      path,
      kind,
      at,
      evidence,
      confidence,
      ...(role && { role }),
      ...(preload && { preload }),
      ...(by && { by }),
    });
  }

  lose({ at, says }: Start, what: string, framework?: string): void {
    this.#lost.push({ at, evidence: `${says} runs ${what}`, ...(framework !== undefined && { framework }) });
  }

  /** Words of an exec form, `CMD ["node", "server.js"]`, or the commands of a shell form. */
  commands(commands: readonly ShellCommand[], start: Start, depth = 0): void {
    for (const target of startTargetsOf(commands)) this.target(target, start, depth);
  }

  words(words: readonly Word[], start: Start): void {
    const [first] = words;
    if (!first) return;
    const whole = { start: first.start, end: words.at(-1)?.end ?? first.end };
    const command = { env: [], words, redirects: [], joined: 'first', inside: 'list', background: false } as const;
    this.commands([{ ...whole, ...command }], start);
  }

  target(target: StartTarget, start: Start, depth: number): void {
    if (depth > MAX_DEPTH) return;
    switch (target.kind) {
      case 'file':
        return this.file(
          target.file,
          { ...start, ...(target.preload && { preload: true }), ...(target.by && { by: target.by }) },
          depth,
        );
      case 'run':
        return this.run(target.script, target.workspace, start, depth);
      case 'ecosystem':
        return this.ecosystem(target.file, start);
      case 'framework':
        return this.lose(start, target.name, target.name);
    }
  }

  file(file: string, start: Start, depth: number): void {
    if (/\.sh$|entrypoint[\w-]*$/.test(file) && this.shell(file, start, depth)) return;
    const path =
      start.workdir === undefined
        ? start.folders.map((folder) => this.files.moduleAt(folder, file)).find((found) => found !== undefined)
        : this.files.moduleInImage(start.folders, start.workdir, file);
    if (path !== undefined) return this.add(path, start, file);
    // `node .` and `node dist` start the package's main
    const main = start.folders.map((folder) => this.mainOf(joined(folder, file))).find((found) => found !== undefined);
    if (main !== undefined) return this.add(main, start, file);
    if (!file.includes('$') && !file.includes('*')) this.lose(start, file);
  }

  mainOf(folder: string): string | undefined {
    const manifest = this.manifests.find((each) => each.folder === folder);
    return manifest && this.files.moduleAt(folder, manifest.main ?? 'index.js');
  }

  /** The commands of a script of the project; the last is what stays. */
  shell(file: string, start: Start, depth: number): boolean {
    const name = file.replace(/^.*\//, '');
    const script = this.source
      .facts('shell')
      .filter(({ path }) => path === name || path.endsWith(`/${name}`))
      .toSorted((a, b) => Number(!within(start.folders, a.path)) - Number(!within(start.folders, b.path)))
      .at(0);
    if (!script) return false;
    this.commands(script.facts.commands, start, depth + 1);
    return true;
  }

  run(script: string, workspace: string | undefined, start: Start, depth: number): void {
    const named = workspace?.replace(/^[@./]+/, '').replace(/\.{3}$/, '');
    const manifest =
      named === undefined
        ? start.folders.map((folder) => this.manifestAt(folder)).find((found) => has(found, script))
        : this.manifests.find(
            (each) => each.folder === named || each.folder.endsWith(`/${named}`) || each.name === workspace,
          );
    const found = manifest?.scripts.find(({ name }) => name === script);
    if (!manifest || !found) {
      if (script !== 'start') return;
      // npm runs `node server.js` where there is no start script
      const path = start.folders.map((folder) => this.files.fileAt(folder, 'server.js')).find(Boolean);
      if (path !== undefined) this.add(path, start, 'server.js');
      return;
    }
    const { workdir: _image, ...rest } = start;
    this.commands(found.commands, { ...rest, folders: [manifest.folder] }, depth + 1);
  }

  manifestAt(folder: string): ProjectManifest | undefined {
    for (let at = folder; ; at = folderOf(at)) {
      const found = this.manifests.find((manifest) => manifest.folder === at);
      if (found || at === '') return found;
    }
  }

  /** The scripts of a PM2 file. Source: https://pm2.keymetrics.io/docs/usage/application-declaration/ */
  ecosystem(file: string, start: Start): void {
    for (const folder of start.folders) {
      const path = this.files.fileAt(folder, file);
      if (path === undefined) continue;
      for (const script of this.scriptsOfEcosystem(path)) {
        const { workdir: _image, ...rest } = start;
        this.target(script, { ...rest, kind: 'pm2', says: `PM2 (${path})`, folders: [folderOf(path)] }, 1);
      }
      return;
    }
  }

  scriptsOfEcosystem(path: string): readonly StartTarget[] {
    const data = [...this.source.facts('json'), ...this.source.facts('yaml')].find((each) => each.path === path);
    if (data) {
      const apps = entryOf(data.facts.documents[0], 'apps');
      const list = apps ? itemsOf(apps) : [data.facts.documents[0]];
      return list.flatMap((app) => targetOf(textAt(app, 'script') ?? '', textAt(app, 'args')));
    }
    const module = this.source.facts('javascript').find((each) => each.path === path);
    // `script` and `args` of every object of the file: such files hold nothing else
    return (module?.facts.values ?? []).flatMap((value) => {
      if (value.kind !== 'object') return [];
      const text = (name: string): string | undefined => {
        const property = value.properties.find((each) => each.name === name);
        const literal = property && module?.facts.values[property.value];
        return literal?.kind === 'literal' && typeof literal.value === 'string' ? literal.value : undefined;
      };
      const script = text('script');
      return script === undefined ? [] : targetOf(script, text('args'));
    });
  }
}

/** `script: "npm", args: "start"` or `script: "./server.js"`. */
function targetOf(script: string, args = ''): readonly StartTarget[] {
  if (script === '') return [];
  if (/^(npm|yarn|pnpm)$/.test(script)) {
    const name = args.replace(/^run\s+/, '').split(/\s+/)[0] ?? '';
    return name === '' ? [] : [{ kind: 'run', script: name }];
  }
  const words = script.split(/\s+/);
  const file = words.find((word) => /\.[mc]?[jt]s$/.test(word)) ?? words[0] ?? '';
  return [{ kind: 'file', file }];
}

const has = (manifest: ProjectManifest | undefined, script: string): boolean =>
  manifest?.scripts.some(({ name }) => name === script) === true;

const within = (folders: readonly string[], path: string): boolean =>
  folders.some((folder) => folder === '' || path.startsWith(`${folder}/`));
