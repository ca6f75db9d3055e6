import type { Document } from '../../document/document.ts';
import type { Extraction } from '../facts.ts';
import { bodyFactOf } from './body.ts';
import { cookieOf } from './cookie.ts';
import { domainsOf } from './domains.ts';
import type { Field, HttpFacts } from './http-facts.ts';
import { policiesOf } from './policy.ts';
import { structuredIn } from './structured.ts';
import { silenceOf, transcriptOf } from './transcript.ts';
import type { Transcript } from './transcript.ts';

const STATUS_LINE = /^HTTP\/\d(?:\.\d)? (\d{3})(?: (.*))?$/;
const HANDSHAKE_LINE = /^TLS (established|refused|unknown)(?: (.*))?$/;

/** The facts of one recorded exchange. A document that is no transcript is silence of an unknown cause, and a gap. */
export function extract(document: Document): Extraction<HttpFacts> {
  const transcript = transcriptOf(document.text);
  const step = stepOf(document.path);
  if (!transcript) return unreadable(document, step);
  const reply = replyOf(transcript, document.text);
  if (!reply) return unreadable(document, step);
  return { facts: { step, notes: transcript.notes, request: transcript.request, reply }, gaps: [] };
}

const stepOf = (path: string): string =>
  path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/^\d+-/, '')
    .replace(/\.http$/, '');

function replyOf({ reply, request, notes }: Transcript, text: string): HttpFacts['reply'] | undefined {
  const { line, at, fields } = reply;
  if (line.startsWith('NO ANSWER ')) return silenceOf(line, at);
  const handshake = HANDSHAKE_LINE.exec(line);
  if (handshake) {
    const state = handshake[1] as 'established' | 'refused' | 'unknown';
    return { kind: 'handshake', state, detail: handshake[2] ?? '', at, fields };
  }
  const status = STATUS_LINE.exec(line);
  if (!status) return undefined;
  const cookies = fields.filter(isSetCookie).flatMap((field) => cookieOf(field) ?? []);
  const body = bodyFactOf(text, reply.body, notes);
  const elements = body.html?.elements ?? [];
  return {
    kind: 'response',
    status: Number(status[1]),
    reason: status[2] ?? '',
    at,
    fields,
    cookies,
    body,
    policies: policiesOf(fields, elements),
    structured: structuredIn(fields),
    domains: domainsOf(request.url, cookies, elements),
  };
}

const isSetCookie = ({ name }: Field): boolean => name.toLowerCase() === 'set-cookie';

function unreadable({ path, text }: Document, step: string): Extraction<HttpFacts> {
  const end = Math.max(0, text.indexOf('\n'));
  return {
    facts: {
      step,
      notes: [],
      request: { method: '', url: '', offer: '', at: [0, end], fields: [] },
      reply: { kind: 'silence', cause: 'malformed', detail: 'not a transcript', at: [0, end] },
    },
    gaps: [
      {
        kind: 'unreadable',
        message: `${path} is not the transcript of an exchange: a request line, its headers, an empty line, then the reply.`,
        at: { path, start: 0, end },
      },
    ],
  };
}
