import type { BodyFact, Field, Range, SecurityTxtFact } from './http-facts.ts';
import { htmlFactsOf } from './html.ts';
import { privateKeysIn } from '../secrets/private-keys.ts';
import type { SecretFact } from '../secrets/secret-fact.ts';
import { tokensIn } from '../secrets/tokens.ts';
import { urlCredentialsIn } from '../secrets/url-credentials.ts';
import { leaksIn, marksIn, nodeVersionIn } from './marks.ts';

const MAX_MEMBERS = 200;
const MAX_MEMBER_DEPTH = 3;

/** What a recorded body holds. `at` is where it stands in `text`. */
export function bodyFactOf(text: string, [from, to]: Range, notes: readonly Field[]): BodyFact {
  const body = text.slice(from, to).trimEnd();
  const at: Range = [from, from + body.length];
  const noted = notes.find(({ name }) => name === 'body');
  const bytes = noted ? Number(/^(\d{1,15}) bytes/.exec(noted.value)?.[1] ?? body.length) : body.length;
  if (body === '') return { at, looksLike: 'nothing', bytes, leaks: [], secrets: [], marks: [] };
  const parsed = parsedJson(body);
  const nodeVersion = nodeVersionIn(body, from);
  const version = parsed === undefined ? undefined : versionOf(parsed);
  const securityTxt = securityTxtOf(body);
  const isHtml = /^(?:\s|<!--[^>]{0,500}-->){0,20}<(?:!doctype html|html|head|body|title|meta|script)\b/i.test(body);
  return {
    at,
    looksLike: parsed === undefined ? (isHtml ? 'html' : 'text') : 'json',
    bytes,
    // what is served as HTML may start with anything
    ...(parsed === undefined && body.includes('<') && { html: htmlFactsOf(body, from) }),
    ...(parsed !== undefined && { members: membersOf(parsed) }),
    ...(version !== undefined && { version }),
    leaks: leaksIn(body, from),
    secrets: [...notedSecrets(notes), ...secretsIn(body, from)],
    marks: marksIn(body, from),
    ...(nodeVersion && { nodeVersion }),
    ...(securityTxt && { securityTxt }),
  };
}

/** A recording names the secrets whose values it does not keep: `# secret: a GitHub personal access token`. */
const notedSecrets = (notes: readonly Field[]): readonly SecretFact[] =>
  notes
    .filter(({ name }) => name === 'secret')
    .map(({ value, valueAt: [start, end] }) => ({
      start,
      end,
      detector: 'recorded',
      masked: value,
      kind: 'token',
      name: value.slice(0, 100),
      grade: 'critical',
      strength: 'shaped',
    }));

/** What is a secret by its own form alone: in a page, names prove nothing. */
function secretsIn(body: string, offset: number): readonly SecretFact[] {
  return [...privateKeysIn(body), ...tokensIn(body), ...urlCredentialsIn(body)]
    .filter(
      ({ strength, mode }) =>
        strength !== 'refuted' && strength !== 'guessed' && strength !== 'word' && mode !== 'public',
    )
    .slice(0, 20)
    .map((secret) => ({ ...secret, start: secret.start + offset, end: secret.end + offset }));
}

/** Undefined for a text that has none of its fields. */
function securityTxtOf(body: string): SecurityTxtFact | undefined {
  if (body.length > 32_768 || body.includes('<')) return undefined;
  const lines = body.split(/\r?\n/);
  const valuesOf = (name: string): readonly string[] =>
    lines.filter((line) => line.toLowerCase().startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).trim());
  const contacts = valuesOf('contact').filter((value) => value !== '').length;
  const [expires] = valuesOf('expires');
  if (contacts === 0 && expires === undefined) return undefined;
  return { contacts, ...(expires !== undefined && { expires }) };
}

/** An object or array; a bare number or string is a text that happens to be JSON. */
function parsedJson(body: string): object | undefined {
  if (!/^\s{0,100}[{[]/.test(body)) return undefined;
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function versionOf(value: object): string | undefined {
  const version: unknown = Object.hasOwn(value, 'version') && 'version' in value ? value.version : undefined;
  return typeof version === 'string' && /^[\w.+-]{1,60}$/.test(version) ? version : undefined;
}

/** Paths of members, outermost first: `data`, `data.__schema`; an element of an array is `[]`. */
function membersOf(value: object): readonly string[] {
  const members: string[] = [];
  let level: readonly (readonly [string, unknown])[] = [['', value]];
  for (let depth = 0; depth < MAX_MEMBER_DEPTH && level.length > 0; depth += 1) {
    const below: (readonly [string, unknown])[] = [];
    for (const [path, holder] of level) {
      if (typeof holder !== 'object' || holder === null) continue;
      const entries: readonly (readonly [string, unknown])[] = Array.isArray(holder)
        ? holder.slice(0, 1).map((item): readonly [string, unknown] => ['[]', item])
        : Object.entries(holder);
      for (const [name, member] of entries) {
        if (members.length >= MAX_MEMBERS) return members;
        const full = path === '' ? name : `${path}.${name}`;
        members.push(full);
        below.push([full, member]);
      }
    }
    level = below;
  }
  return members;
}
