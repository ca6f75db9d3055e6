import type { Location } from '../../document/document.ts';
import { extract } from '../../facts/template/extract.ts';
import type { RawOutput } from '../../facts/template/template-facts.ts';
import type { Node, Program } from '../program/program.ts';
import { accessOf } from './access.ts';
import type { Requests } from './requests.ts';
import type { Shape } from './shapes.ts';
import type { Site } from './site.ts';
import type { TemplateDocument } from './surroundings.ts';

const ROW = { sink: 'template-html', label: 'html' } as const;
const RENDERING: readonly Shape[] = ['express-response', 'koa-context', 'fastify-reply', 'hapi-toolkit'];
const METHODS = /^(render|view|viewAsync|renderFile)$/;
/** Functions that fill a template that is named by its file. */
const BY_FILE =
  /^((ejs|pug|jade|eta|hbs|consolidate|twig|swig|express-handlebars)\b.*\.(renderFile|__express|renderView|compileFile)|nunjucks\.(.*\.)?render|eta\b.*\.render)$/;
/** Functions that fill a template that is a text, and how it is written. */
const BY_TEXT: readonly (readonly [api: RegExp, like: string])[] = [
  [/^ejs\.(render|compile)$/, 'x.ejs'],
  [/^(pug|jade)\.(render|compile)$/, 'x.pug'],
  [/^(handlebars|hbs|mustache|hogan\.js)(\..*)?\.(compile|render|to_html)$/, 'x.hbs'],
  [/^nunjucks\.(.*\.)?(renderString|compile)$/, 'x.njk'],
  [/^(lodash|underscore|lodash\.template)(\.template)?$/, 'x.eta'],
];
const MAX_INCLUDED = 60;

/** What templates put into pages as it is, joined with what the call that renders them hands over. */
export function templateSites(
  program: Program,
  requests: Requests,
  documents: readonly TemplateDocument[],
): readonly Site[] {
  const files = new Files(documents);
  return program.calls.flatMap((call): readonly Site[] => {
    const value = program.valueOf(call);
    if (value.kind !== 'call' || value.args.length === 0) return [];
    const callee = program.child(call, value.callee);
    const member = program.valueOf(callee);
    const apis = program.apis(callee);
    const root = member.kind === 'member' ? program.child(callee, member.object) : undefined;
    const isMethod = member.kind === 'member' && METHODS.test(member.property ?? '');
    const shape =
      isMethod && root !== undefined ? requests.roleOfValue(accessOf(program, root).root)?.shape : undefined;
    if ((shape && RENDERING.includes(shape)) || apis.some((api) => BY_FILE.test(api)))
      return files
        .outputsOf(namesOf(program, program.argument(call, 0)), program.moduleOf(call).path)
        .flatMap(({ path, output }) =>
          sitesOf(program, call, dataOf(program, call, shape === 'express-response' ? root : undefined), output, path),
        );
    return inText(program, call, apis, files);
  });
}

/** `ejs.render('<%- name %>', data)`, `Handlebars.compile(text)(data)`. */
function inText(program: Program, call: Node, apis: readonly string[], files: Files): readonly Site[] {
  const like = BY_TEXT.find(([api]) => apis.some((each) => api.test(each)))?.[1];
  const text = program.argument(call, 0);
  if (like === undefined || text === undefined) return [];
  const data = [
    program.argument(call, 1),
    ...program.calls.filter((each) => isCalledOn(program, each, call)).map((each) => program.argument(each, 0)),
  ];
  const given = data.filter((node) => node !== undefined);
  const from = program.moduleOf(call).path;
  const named = program
    .origins(text)
    .flatMap((origin) => files.outputsOf(namesOf(program, readFrom(program, origin)), from));
  const written = (program.constants(text) ?? []).flatMap((constant) => outputsIn(String(constant), like));
  return given.flatMap((node) => [
    ...named.flatMap(({ path, output }) => sitesOf(program, call, [{ node, below: [] }], output, path)),
    ...written.flatMap((output) => sitesOf(program, call, [{ node, below: [] }], output, undefined)),
  ]);
}

function outputsIn(text: string, like: string): readonly RawOutput[] {
  // the templates of lodash escape with `<%-` and are raw with `<%=`
  const asEjs = like === 'x.eta' ? text.replaceAll('<%-', '<%#').replaceAll('<%=', '<%-') : text;
  return extract({ path: like, text: asEjs, language: 'template', tracked: 'unknown' }).facts.outputs;
}

const isCalledOn = (program: Program, call: Node, made: Node): boolean => {
  const value = program.valueOf(call);
  return value.kind === 'call' && program.origins(program.child(call, value.callee)).includes(made);
};

/** The file a text was read from: `fs.readFileSync('mail.hbs', 'utf8')`. */
function readFrom(program: Program, node: Node): Node | undefined {
  const call = program.valueOf(node);
  if (call.kind !== 'call') return undefined;
  const callee = program.child(node, call.callee);
  const member = program.valueOf(callee);
  if (program.apis(callee).some((api) => /^fs(-extra)?\.(promises\.)?readFile(Sync)?$/.test(api)))
    return program.argument(node, 0);
  return member.kind === 'member' && member.property === 'toString'
    ? program.origins(program.child(callee, member.object)).map((origin) => readFrom(program, origin))[0]
    : undefined;
}

/** The names a view may have: constants, or the last part of a path that was joined. */
function namesOf(program: Program, node: Node | undefined): readonly string[] {
  if (node === undefined) return [];
  const constants = program.constants(node);
  if (constants) return constants.map(String);
  return program.origins(node).flatMap((origin) => {
    const value = program.valueOf(origin);
    const last =
      value.kind === 'call' && program.apis(program.child(origin, value.callee)).some((api) => api.startsWith('path.'))
        ? value.args.at(-1)?.value
        : value.kind === 'join'
          ? value.parts.at(-1)?.value
          : undefined;
    return last === undefined ? [] : (program.constants(program.child(origin, last)) ?? []).map(String);
  });
}

interface Data {
  readonly node: Node;
  /** Where in it the values of the template are. */
  readonly below: readonly string[];
}

/** What is handed over, and what was put into `res.locals`. */
function dataOf(program: Program, call: Node, response: Node | undefined): readonly Data[] {
  const given = program.argument(call, 1);
  return [
    ...(given === undefined || program.functionAt(given) ? [] : [{ node: given, below: [] }]),
    ...(response === undefined ? [] : [{ node: accessOf(program, response).root, below: ['locals'] }]),
  ];
}

function sitesOf(
  program: Program,
  call: Node,
  data: readonly Data[],
  output: RawOutput,
  path: string | undefined,
): readonly Site[] {
  const value = program.valueOf(call);
  if (value.kind !== 'call') return [];
  return data.map(({ node, below }): Site => {
    const at: Location = path === undefined ? program.locationOf(node) : { path, start: output.start, end: output.end };
    return {
      row: ROW,
      module: program.moduleOf(call),
      block: value.block,
      into: path ?? program.describe(program.child(call, value.callee)),
      value: node,
      path: [...below, ...output.path],
      at,
      guessed: false,
    };
  });
}

/** The templates of the project by the names they are called. */
class Files {
  readonly #byEnd = new Map<string, TemplateDocument[]>();

  constructor(documents: readonly TemplateDocument[]) {
    for (const document of documents) {
      const parts = bare(document.path).split('/');
      for (let from = 0; from < parts.length; from += 1) {
        const name = parts.slice(from).join('/');
        const group = this.#byEnd.get(name);
        if (group) group.push(document);
        else this.#byEnd.set(name, [document]);
      }
    }
  }

  /** The outputs of the templates that a file calls like this, and of those they include. */
  outputsOf(names: readonly string[], from: string): readonly { readonly path: string; readonly output: RawOutput }[] {
    const queue = names.flatMap((name) => this.#named(name, from));
    const seen = new Set<TemplateDocument>();
    for (let index = 0; index < queue.length && seen.size < MAX_INCLUDED; index += 1) {
      const document = queue[index];
      if (!document || seen.has(document)) continue;
      seen.add(document);
      queue.push(...document.facts.includes.flatMap((name) => this.#named(name, document.path)));
    }
    return [...seen].flatMap(({ path, facts }) => facts.outputs.map((output) => ({ path, output })));
  }

  /** Of several with one name those nearest to the file that names it, and of these the highest up. */
  #named(name: string, from: string): readonly TemplateDocument[] {
    const found = this.#byEnd.get(bare(name.replace(/^(\.{0,2}\/)+/, ''))) ?? [];
    const near = Math.max(...found.map(({ path }) => sharedDepth(path, from)));
    const nearest = found.filter(({ path }) => sharedDepth(path, from) === near);
    const depth = Math.min(...nearest.map(({ path }) => path.split('/').length));
    return nearest.filter(({ path }) => path.split('/').length === depth);
  }
}

/** How many folders two files have in common. */
function sharedDepth(left: string, right: string): number {
  const folders = right.split('/').slice(0, -1);
  const parts = left.split('/').slice(0, -1);
  const end = parts.findIndex((part, index) => part !== folders[index]);
  return end < 0 ? parts.length : end;
}

const bare = (path: string): string =>
  path.replace(/\.(ejs|pug|jade|hbs|handlebars|njk|nunjucks|mustache|eta|liquid|twig|html?)$/, '');
