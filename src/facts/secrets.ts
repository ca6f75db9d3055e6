import type { Document } from '../document/document.ts';
import { commandValuesIn } from './secrets/command-values.ts';
import { jsonWebTokensIn } from './secrets/json-web-tokens.ts';
import { namedValuesIn } from './secrets/named-values.ts';
import { placedTokensIn, placedValuesIn } from './secrets/placed-values.ts';
import { privateKeysIn } from './secrets/private-keys.ts';
import type { SecretFact } from './secrets/secret-fact.ts';
import { tokensIn } from './secrets/tokens.ts';
import { urlCredentialsIn } from './secrets/url-credentials.ts';

/** Longer texts are data: only formats that need no context are looked for. */
const MAX_CONTEXT_LENGTH = 2_000_000;
/** A line this long was written by a program. */
const MINIFIED_LINE = 500;
const MACHINE_WRITTEN =
  /(^|\/)(i18n|l10n|locales?|translations?|lang|languages?|__snapshots__|node_modules|vendor|third_party|bower_components)\/|\.(snap|map|svg|po)$|\.min\.\w+$/i;
const ALLOWED = /gitleaks:allow|secretlint-disable|pragma: allowlist secret|trufflehog:ignore/;

/** Every secret in a text, whatever its language, in order and without overlaps. */
export function secretsIn(document: Document): readonly SecretFact[] {
  const { text } = document;
  const found = [
    ...formedSecretsIn(text),
    ...(hasContext(document)
      ? [...placedTokensIn(document), ...commandValuesIn(text), ...namedValuesIn(document), ...placedValuesIn(document)]
      : []),
  ];
  if (found.length === 0) return found;
  const apart = withoutOverlaps(found);
  return ALLOWED.test(text)
    ? apart.map((secret) => (isAllowed(text, secret) ? { ...secret, allowed: true } : secret))
    : apart;
}

/** Those that show what they are by their form, whatever stands around them. */
export const formedSecretsIn = (text: string): readonly SecretFact[] => [
  ...privateKeysIn(text),
  ...tokensIn(text),
  ...urlCredentialsIn(text),
  ...jsonWebTokensIn(text),
];

/** Whether names around a value say anything: not in lockfiles, translations, snapshots, minified and sealed text. */
function hasContext({ text, language, path }: Document): boolean {
  if (language === 'lockfile' || text.length > MAX_CONTEXT_LENGTH || MACHINE_WRITTEN.test(path)) return false;
  if (language === 'yaml' && /^kind: *(?:SealedSecret|EncryptedSecret)\b/m.test(text)) return false;
  if (text.length < 20_000) return true;
  const lines = text.slice(0, 20_000).split('\n').length;
  return 20_000 / lines < MINIFIED_LINE;
}

/** The first detector to claim a place keeps it: they run from the most to the least certain. */
function withoutOverlaps(found: readonly SecretFact[]): readonly SecretFact[] {
  const kept: SecretFact[] = [];
  for (const secret of found) {
    if (!kept.some(({ start, end }) => start < secret.end && secret.start < end)) kept.push(secret);
  }
  return kept.toSorted((a, b) => a.start - b.start);
}

function isAllowed(text: string, { start, end }: SecretFact): boolean {
  const from = text.lastIndexOf('\n', start) + 1;
  const to = text.indexOf('\n', end);
  return ALLOWED.test(text.slice(from, to === -1 ? undefined : to));
}
