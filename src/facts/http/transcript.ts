import { SILENCES } from './http-facts.ts';
import type { Field, Range, RequestFact, SilenceFact } from './http-facts.ts';

/** A transcript cut into its parts; `undefined` where it is none. */
export interface Transcript {
  readonly notes: readonly Field[];
  readonly request: RequestFact;
  readonly reply: {
    readonly line: string;
    readonly at: Range;
    readonly fields: readonly Field[];
    readonly body: Range;
  };
}

const MAX_FIELDS = 1000;
const REQUEST_LINE = /^([!#$%&'*+.^_`|~\w-]+) (\S+)(?: (\S+))?$/;
const REPLY_LINE = /^(?:HTTP\/\d|TLS |NO ANSWER )/;

export function transcriptOf(text: string): Transcript | undefined {
  const lines = new Lines(text);
  const notes: Field[] = [];
  let line = lines.next();
  while (line && (line.text === '' || line.text.startsWith('#'))) {
    const note = fieldOf(line.text.slice(1).trimStart(), line.end - line.text.slice(1).trimStart().length, line);
    if (note) notes.push(note);
    line = lines.next();
  }
  const head = line && REQUEST_LINE.exec(line.text);
  if (!line || !head) return undefined;
  const request: RequestFact = {
    method: head[1] ?? '',
    url: head[2] ?? '',
    offer: head[3] ?? '',
    at: [line.start, line.end],
    fields: lines.fields(),
  };
  line = lines.next();
  // What stands between an empty line and the status line is the body of the request.
  while (line && !REPLY_LINE.test(line.text)) line = lines.next();
  if (!line) return undefined;
  const at: Range = [line.start, line.end];
  const fields = lines.fields();
  return { notes, request, reply: { line: line.text, at, fields, body: [lines.offset, text.length] } };
}

interface Line {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

class Lines {
  readonly #text: string;
  offset = 0;

  constructor(text: string) {
    this.#text = text;
  }

  next(): Line | undefined {
    if (this.offset >= this.#text.length) return undefined;
    const start = this.offset;
    const feed = this.#text.indexOf('\n', start);
    const stop = feed === -1 ? this.#text.length : feed;
    this.offset = feed === -1 ? stop : feed + 1;
    const end = this.#text[stop - 1] === '\r' && stop > start ? stop - 1 : stop;
    return { text: this.#text.slice(start, end), start, end };
  }

  /** Field lines up to and with the empty line. */
  fields(): Field[] {
    const fields: Field[] = [];
    for (let line = this.next(); line && line.text !== ''; line = this.next()) {
      const field = fieldOf(line.text, line.start, line);
      if (field && fields.length < MAX_FIELDS) fields.push(field);
    }
    return fields;
  }
}

function fieldOf(text: string, offset: number, line: Line): Field | undefined {
  const colon = text.indexOf(':');
  if (colon < 1) return undefined;
  const value = text.slice(colon + 1);
  const lead = value.length - value.trimStart().length;
  const start = offset + colon + 1 + lead;
  const trimmed = value.trim();
  return {
    name: text.slice(0, colon).trim(),
    value: trimmed,
    at: [line.start, line.end],
    valueAt: [start, start + trimmed.length],
  };
}

export function silenceOf(line: string, at: Range): SilenceFact {
  const [cause = '', ...detail] = line.slice('NO ANSWER '.length).split(' ');
  return {
    kind: 'silence',
    cause: SILENCES.find((known) => known === cause) ?? 'unreachable',
    detail: detail.join(' '),
    at,
  };
}
