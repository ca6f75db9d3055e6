import type { Language } from '../../document/document.ts';
import { characterClassesOf, entropyOf, isPlaceholder, isReference, wordsOf } from './placeholders.ts';
import type { SecretFact } from './secret-fact.ts';
import type { SecretName } from './secret-names.ts';
import type { BoundValue } from './value-after.ts';

export interface NamedValue {
  /** As written, with what it is a member of. */
  readonly name: string;
  readonly key: string;
  readonly promised: SecretName;
  readonly value: string;
  readonly bound: BoundValue;
  /** In the settings of a package manager, where every literal is a credential. */
  readonly registry: boolean;
  readonly language: Language;
}

export type NamedVerdict = Pick<SecretFact, 'detector' | 'kind' | 'name' | 'grade' | 'strength'> & {
  /** Characters of the value that are no secret: `Bearer `. */
  readonly skip?: number;
};

/** Formats without a marker of their own, recognised with the provider's name beside them. */
const BY_NAME: readonly (readonly [name: RegExp, value: RegExp, detector: string, noun: string])[] = [
  [
    /aws|amazon|s3|(?:secret_?access_?key)/i,
    /^[A-Za-z0-9+/]{40}$/,
    'aws-secret-access-key',
    'an AWS secret access key',
  ],
  [/cloudflare|^cf_/i, /^[\w-]{37,40}$/, 'cloudflare-token', 'a Cloudflare API token'],
  [/heroku/i, /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/, 'heroku-key', 'a Heroku API key'],
  [/postmark/i, /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/, 'postmark-token', 'a Postmark server token'],
  [/snyk/i, /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/, 'snyk-token', 'a Snyk token'],
  [/twilio/i, /^[0-9a-f]{32}$/, 'twilio-token', 'a Twilio auth token'],
  [/datadog|^dd_/i, /^[0-9a-f]{32}(?:[0-9a-f]{8})?$/, 'datadog-key', 'a Datadog key'],
  [/mailgun/i, /^[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}$/, 'mailgun-key', 'a Mailgun API key'],
  [/airtable|token|key|pat/i, /^pat[A-Za-z0-9]{14}\.[0-9a-f]{64}$/, 'airtable-token', 'an Airtable access token'],
  [/okta|token/i, /^00[\w-]{40}$/, 'okta-token', 'an Okta API token'],
  [/discord|bot|token/i, /^[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}$/, 'discord-token', 'a Discord bot token'],
  [/auth0/i, /^[\w-]{64}$/, 'auth0-secret', 'an Auth0 client secret'],
  [/algolia/i, /^[0-9a-f]{32}$/, 'algolia-key', 'an Algolia API key'],
  [
    /mistral|cohere|deepseek|together|openai/i,
    /^(?:sk-)?[A-Za-z0-9]{32,64}$/,
    'ai-key',
    'the API key of an AI service',
  ],
  [/private|mnemonic|wallet|deployer/i, /^(?:0x)?[0-9a-fA-F]{64}$/, 'ethereum-key', 'an Ethereum private key'],
];

/** Looks like a value, but is none that opens anything. */
const HARMLESS: readonly RegExp[] = [
  /^(?:true|false|yes|no|on|off|null|undefined|none|\d{1,5})$/i,
  /^(?:\.{0,2}\/|~\/|[A-Za-z]:\\|file:)/,
  /^[a-z][a-z0-9+.-]*:\/\/[^@\s]*$/i,
  /^(?:sha(?:1|256|384|512)-|[a-z]+\/[a-z0-9.+-]+$)/,
  /^\d{4}-\d{2}-\d{2}/,
  /^v?\d+\.\d+(?:\.\d+)?(?:-[\w.]+)?$/,
  /^#[0-9a-f]{3,8}$/i,
  /^[\w.+-]+@[\w-]+\.[\w.]+$/,
  /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
  /^(?:pk_|pk\.|phc_|sb_publishable_|GTM-|G-|UA-|AC[0-9a-f]{32}$)/,
  /^(?:-----BEGIN (?:CERTIFICATE|PUBLIC)|ssh-(?:rsa|ed25519) |ecdsa-sha2)/,
  /^[*•●?]+$/,
  /[<>]|=>|\(\)|\{\s|^\(|^\[/,
  /^[@.#:][\w-]/,
  /^0x[0-9a-f]{40}$/i,
  /^(?=[A-Z0-9_]*(?:SECRET|TOKEN|KEY|PASSWORD|PASS|PWD)(?:_|$))[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/,
  /^(?:sha-?\d{1,3}|md5|(?:aes|chacha20)[\w-]{2,20}|[HRPE]S(?:256|384|512))$/i,
];
const HASH = /^\$(?:2[abxy]|argon2\w*|scrypt|5|6|y|pbkdf2)\$/;
const SCHEME = /^(?:Bearer|Basic|Token|token|Digest|ApiKey)\s+/;

/** Whether a literal bound to the name of a secret is one, and how sure that is; undefined where it is not. */
export function verdictOn(named: NamedValue): NamedVerdict | undefined {
  const scheme = SCHEME.exec(named.value)?.[0].length ?? 0;
  if (/^authorization$/i.test(named.key) && scheme === 0) return undefined;
  const value = named.value.slice(scheme).trim();
  if (value.length < 4 || isReference(value) || isPlaceholder(value)) return undefined;
  const verdict = named.registry
    ? registryVerdict(named)
    : (providerVerdict(named, value) ?? generalVerdict(named, value));
  return verdict && (scheme > 0 ? { ...verdict, skip: scheme } : verdict);
}

const registryVerdict = ({ key }: NamedValue): NamedVerdict => ({
  detector: 'registry-auth',
  kind: 'registry-auth',
  name: `the ${key} of a package registry`,
  grade: 'critical',
  strength: 'shaped',
});

function providerVerdict({ name }: NamedValue, value: string): NamedVerdict | undefined {
  for (const [provider, format, detector, noun] of BY_NAME) {
    if (!format.test(value) || !provider.test(name)) continue;
    if (detector === 'algolia-key' && /search/i.test(name)) return undefined;
    if (entropyOf(value) < 2.8 || isIdentifier(value)) return undefined;
    return { detector, kind: 'token', name: noun, grade: 'critical', strength: 'guessed' };
  }
  return undefined;
}

function generalVerdict({ key, promised, language, bound }: NamedValue, value: string): NamedVerdict | undefined {
  if (HASH.test(value)) {
    return { detector: 'password-hash', kind: 'named', name: `the hash in ${key}`, grade: 'info', strength: 'guessed' };
  }
  if (HARMLESS.some((shape) => shape.test(value)) || isProse(value)) return undefined;
  const fact = { detector: 'named-secret', kind: 'named', name: `the value of ${key}`, grade: 'high' } as const;
  if (isStrong(value, promised)) return { ...fact, strength: 'guessed' };
  const isSetting = language !== 'javascript' && language !== 'template' && language !== 'text';
  if (bound.by !== 'assignment' || (!isSetting && isOwnName(value, key))) return undefined;
  return { ...fact, strength: 'word' };
}

function isStrong(value: string, promised: SecretName): boolean {
  if (isIdentifier(value) || (entropyOf(value) < 2.5 && characterClassesOf(value) < 3)) return false;
  if (/\s/.test(value)) return promised === 'password' && characterClassesOf(value) >= 4 && value.length < 40;
  return promised === 'password' ? value.length >= 6 : value.length >= 16 && /\d/.test(value);
}

/** Words of letters joined by case or separators, as programs and translations are full of. */
export function isIdentifier(value: string): boolean {
  if (!/^[_$\d]{0,2}\p{L}+(?:[-_.:/ ]{1,2}\p{L}+)*[-_.:!?#*]*$/u.test(value)) {
    // test-token-123, secret_v2: words and a short number
    return /^_?(?:[A-Za-z]{2,}[-_.:/ ])+(?:[A-Za-z]{2,}|[vV]?\d{1,4})$/.test(value);
  }
  const words = wordsOf(value);
  const letters = words.reduce((sum, word) => sum + word.length, 0);
  return letters / words.length >= 3 || value.length < 12;
}

function isProse(value: string): boolean {
  if ((value.match(/\s/g)?.length ?? 0) >= 2) return true;
  const letters = value.match(/\p{L}/gu) ?? [];
  const foreign = letters.filter((letter) => letter > '\u007f').length;
  return foreign > 2 && foreign * 2 > letters.length;
}

/** `token: 'token'`, `passwordField = 'password'`: the value repeats the name. */
function isOwnName(value: string, key: string): boolean {
  const words = new Set(wordsOf(key));
  return wordsOf(value).every((word) => words.has(word));
}
