import type { DataNode } from '../../facts/data/data-facts.ts';
import { absent, defineView, present } from '../view.ts';
import type { Source } from '../view.ts';
import type { Code } from '../code/code.ts';
import type { Node, Program } from '../program/program.ts';
import { placeOf } from '../place.ts';
import type { Telemetry, TracingStart } from './telemetry.ts';

const STARTS: readonly { readonly vendor: string; readonly api: RegExp }[] = [
  { vendor: 'OpenTelemetry', api: /^@opentelemetry\/sdk-node\.(NodeSDK|default\.NodeSDK)\(\)\.start$/ },
  { vendor: 'OpenTelemetry', api: /^@opentelemetry\/instrumentation\.registerInstrumentations$/ },
  { vendor: 'Sentry', api: /^@sentry\/(node|nestjs|bun|google-cloud-serverless|aws-serverless)\.init$/ },
  { vendor: 'Datadog', api: /^dd-trace(\.tracer|\.default)?\.init$/ },
  { vendor: 'Elastic APM', api: /^elastic-apm-node\.start$/ },
];

export const telemetry = defineView({
  name: 'telemetry',
  reads: ['manifest', 'dockerfile', 'yaml', 'json', 'procfile'],
  needs: ['program', 'code'],
  build: (source, { program, code }) => {
    if (program.state !== 'present' || code.state !== 'present') return absent('There is no code to look at.');
    return present(telemetryOf(source, program.answer, code.answer), program.gaps);
  },
});

function telemetryOf(source: Source, program: Program, code: Code): Telemetry {
  const preloads = preloadsOf(source);
  const starts = program.callsTo(...STARTS.map(({ api }) => api)).flatMap((call): readonly TracingStart[] => {
    const row = STARTS.find(({ api }) => code.apiOf(call).some((each) => each.length < 200 && api.test(each)));
    if (!row || placeOf(program.moduleOf(call).path) === 'test') return [];
    const site = siteOf(program, code, call);
    if (site === undefined) return [];
    const isPreloaded = [call, site].some((node) => namesModule(preloads, program.moduleOf(node).path));
    return [{ vendor: row.vendor, call, site, isPreloaded }];
  });
  return { starts, preloads };
}

/** The call in module code that leads to this one. */
function siteOf(program: Program, code: Code, call: Node, depth = 0): Node | undefined {
  const owner = code.ownerOf(call);
  if (!owner) return call;
  if (depth > 4) return undefined;
  for (const caller of program.callers(owner.node)) {
    const site = siteOf(program, code, caller, depth + 1);
    if (site !== undefined) return site;
  }
  return undefined;
}

/** A preload is the built file of a module, or the module itself: their names agree. */
function namesModule(preloads: readonly string[], path: string): boolean {
  const nameOf = (file: string): string => (file.split('/').at(-1) ?? '').replace(/\.[mc]?[jt]sx?$/, '');
  return preloads.some((preload) => nameOf(preload) === nameOf(path));
}

const PRELOAD = /(?:^|\s)(?:-r|--require|--import|--loader|--experimental-loader)[ =]+["']?([^\s"']+)/g;

/** From every script, command and NODE_OPTIONS of the project. */
function preloadsOf(source: Source): readonly string[] {
  const texts: string[] = [];
  for (const language of ['manifest', 'yaml', 'json'] as const) {
    for (const { facts } of source.facts(language)) for (const node of facts.documents) texts.push(...textsIn(node));
  }
  for (const { facts } of source.facts('dockerfile')) {
    for (const { words, pairs } of facts.instructions) {
      texts.push(words.map(({ text }) => text).join(' '));
      for (const { value } of pairs) if (value) texts.push(value.text);
    }
  }
  for (const { facts } of source.facts('procfile')) {
    for (const { commands } of facts.processes)
      for (const { words } of commands) texts.push(words.map(({ text }) => text).join(' '));
  }
  return texts.flatMap((text) => [...text.slice(0, 4000).matchAll(PRELOAD)].flatMap(([, file]) => file ?? []));
}

/** All texts of a document; those of a list joined, as commands are written. */
function textsIn(node: DataNode, depth = 0): readonly string[] {
  if (depth > 30) return [];
  if (node.kind === 'scalar') return [node.text];
  if (node.kind === 'map') return node.entries.flatMap(({ value }) => textsIn(value, depth + 1));
  const items = node.items.flatMap((item) => textsIn(item, depth + 1));
  return [...items, items.join(' ')];
}
