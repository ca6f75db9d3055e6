import { describe, expect, it } from 'vitest';
import { extract } from '../../facts/javascript/extract.ts';
import { programOf } from '../program/view.ts';
import type { SinkName } from './sink.ts';
import type { Declared } from './surroundings.ts';
import { flowsOf } from './view.ts';

const FILES = {
  'app.js': `const express = require('express');
const { run } = require('./src/db');
const { clean } = require('./src/text');
const bus = require('bus');
const app = express();
app.get('/raw', (req, res) => run('select ' + req.query.a));
app.get('/clean', (req, res) => run('select ' + clean(req.query.b)));
bus.subscribe('orders', (message) => run('select ' + message.id));
run('select ' + bus.last());
`,
  'src/db.js': `exports.run = function run(text) { return globalStore.ask(text); };`,
  'src/text.js': `exports.clean = function clean(text) { return globalStore.wash(text); };`,
};

/** The sources that reach a sink, given what the user says. */
function sourcesOf(declared: Declared, sink: SinkName): readonly string[] {
  const documents = Object.entries(FILES).map(([path, text]) => {
    const document = { path, text, language: 'javascript', tracked: 'tracked' } as const;
    return { path, language: document.language, tracked: document.tracked, ...extract(document) };
  });
  const program = programOf(documents, (path) => Object.hasOwn(FILES, path));
  return flowsOf(program, [], { declared })
    .into(sink)
    .map(({ source }) => source);
}

const sinks = [{ call: 'src/db.js#run', kind: 'sql' }] as const;

describe('what the user says of functions', () => {
  it('makes a sink of a function of the project, by its file and its name', () => {
    expect(sourcesOf({ sinks }, 'sql')).toEqual(['req.query.a', 'req.query.b']);
    expect(sourcesOf({ sinks: [{ call: 'other.js#run', kind: 'sql' }] }, 'sql')).toEqual([]);
    expect(sourcesOf({ sinks }, 'shell')).toEqual([]);
  });

  it('clears what a function of the project returns, of the kinds that are named', () => {
    const by = (clears: Exclude<Declared['sanitizers'], undefined>[number]['clears']): readonly string[] =>
      sourcesOf({ sinks, sanitizers: [{ call: 'clean', clears }] }, 'sql');
    expect(by(['sql'])).toEqual(['req.query.a']);
    expect(by('all')).toEqual(['req.query.a']);
    expect(by(['html'])).toEqual(['req.query.a', 'req.query.b']);
  });

  it('makes sources of a call and of the parameter of a callback', () => {
    expect(sourcesOf({ sinks, sources: [{ call: 'bus.last' }] }, 'sql')).toContain('bus.last()');
    expect(sourcesOf({ sinks, sources: [{ call: 'bus.subscribe', parameter: 0 }] }, 'sql')).toContain('message.id');
  });
});
