import { CspParser } from 'csp_evaluator/dist/parser.js';
import { checkScriptAllowlistBypass } from 'csp_evaluator/dist/checks/security_checks.js';
import { Severity } from 'csp_evaluator/dist/finding.js';
import type { DirectiveFact, ElementFact, Field, PolicyFact, Range } from './http-facts.ts';

const MAX_POLICY = 65_536;
const MAX_DIRECTIVES = 200;
const MAX_SOURCES = 300;

/** The content security policies of a response, in the order a browser meets them (CSP3 §2.2). */
export function policiesOf(fields: readonly Field[], elements: readonly ElementFact[]): readonly PolicyFact[] {
  return [...fields.flatMap(headerPoliciesOf), ...metaPoliciesOf(elements)];
}

function headerPoliciesOf({ name, value, valueAt }: Field): readonly PolicyFact[] {
  const lower = name.toLowerCase();
  if (lower !== 'content-security-policy' && lower !== 'content-security-policy-report-only') return [];
  const disposition = lower === 'content-security-policy' ? 'enforce' : 'report';
  // one field line may hold several policies, joined by commas: each is applied
  return piecesOf(value.slice(0, MAX_POLICY), ',', valueAt[0]).map(({ text, start }) => ({
    disposition,
    from: 'header',
    at: [start, start + text.length],
    ...contentOf(text, (from, to) => [start + from, start + to]),
  }));
}

/** HTML 4.2.5.3: only inside head; a policy applies to what follows it. */
function metaPoliciesOf(elements: readonly ElementFact[]): readonly PolicyFact[] {
  const script = elements.findIndex(({ tag }) => tag === 'script');
  return elements.flatMap((element, index): PolicyFact[] => {
    if (element.tag !== 'meta') return [];
    const attribute = (name: string): string => element.attributes.find((one) => one.name === name)?.value ?? '';
    const equivalent = attribute('http-equiv').toLowerCase();
    if (equivalent !== 'content-security-policy' && equivalent !== 'content-security-policy-report-only') return [];
    const ignored =
      equivalent === 'content-security-policy-report-only'
        ? 'report-only in a meta element'
        : !element.inHead
          ? 'outside the head'
          : script !== -1 && script < index
            ? 'after a script'
            : undefined;
    return [
      {
        disposition: equivalent === 'content-security-policy' ? 'enforce' : 'report',
        from: 'meta',
        ...(ignored && { ignored }),
        at: element.at,
        // entities in the attribute make offsets in it meaningless
        ...contentOf(attribute('content').slice(0, MAX_POLICY), () => element.at),
      },
    ];
  });
}

function contentOf(
  text: string,
  place: (from: number, to: number) => Range,
): Pick<PolicyFact, 'directives' | 'repeated' | 'unreadable' | 'gadgets' | 'text'> {
  const directives = new Map<string, DirectiveFact>();
  const repeated: DirectiveFact[] = [];
  const unreadable: DirectiveFact[] = [];
  for (const piece of piecesOf(text, ';', 0).slice(0, MAX_DIRECTIVES)) {
    const words = [...piece.text.matchAll(/[^\t\n\f\r ]+/g)].slice(0, MAX_SOURCES).map((word) => {
      const from = piece.start + word.index;
      return { text: normalised(word[0]), at: place(from, from + word[0].length), end: from + word[0].length };
    });
    const [first, ...values] = words;
    if (!first) continue;
    const name = first.text.toLowerCase();
    const at = place(piece.start, words.at(-1)?.end ?? first.end);
    const directive = { name, values: values.map((word) => ({ text: word.text, at: word.at })), at };
    if (!isAscii(piece.text)) unreadable.push(directive);
    else if (directives.has(name)) repeated.push(directive);
    else directives.set(name, directive);
  }
  return { text, directives: [...directives.values()], repeated, unreadable, gadgets: gadgetsOf(text) };
}

const isAscii = (text: string): boolean => [...text].every((character) => character <= '\u007f');

const normalised = (word: string): string =>
  /^'(?!nonce-|sha\d{3}-)|^[a-z][a-z\d+.-]*:$/i.test(word) ? word.toLowerCase() : word;

/** Allowed script hosts that are known to serve something which runs an attacker's script: data of csp_evaluator. */
function gadgetsOf(text: string): readonly string[] {
  const { csp } = new CspParser(text);
  return checkScriptAllowlistBypass(csp)
    .filter(({ severity }) => severity === Severity.HIGH)
    .flatMap(({ value }) => (value === undefined ? [] : [value]));
}

function piecesOf(text: string, separator: string, offset: number): { text: string; start: number }[] {
  const pieces: { text: string; start: number }[] = [];
  let start = 0;
  for (const part of text.split(separator)) {
    const lead = part.length - part.trimStart().length;
    pieces.push({ text: part.trim(), start: offset + start + lead });
    start += part.length + 1;
  }
  return pieces;
}
