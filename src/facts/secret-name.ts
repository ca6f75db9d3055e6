/** Words that make a name a secret's, as whole parts of it: `DB_PASSWORD`, `jwtSecret`. */
const SECRET_PARTS = new Set([
  'secret',
  'secrets',
  'token',
  'password',
  'passwd',
  'passwort',
  'pwd',
  'passphrase',
  'credential',
  'credentials',
  'apikey',
  'authkey',
  'privatekey',
  'secretkey',
  'accesskey',
  'pepper',
]);

/** What makes `…_KEY` a secret's name. */
const BEFORE_KEY = new Set([
  'api',
  'private',
  'access',
  'auth',
  'secret',
  'signing',
  'encryption',
  'master',
  'session',
  'cookie',
  'jwt',
  'hmac',
  'service',
]);

/** Last parts that say the value is about a secret, not one. */
const ABOUT_PARTS = new Set(
  (
    'file path dir directory id ids name names ttl url uri endpoint host port public length size min max expiry expires ' +
    'expiration expire lifetime age type header headers field policy algorithm alg prefix suffix rounds version count ' +
    'issuer audience timeout enabled disabled required regex pattern format label hint message error location provider ' +
    'mode store ref arn key_name secretname expiresin days minutes seconds hours'
  ).split(' '),
);

/** `fooBar_BAZ.qux` → foo, bar, baz, qux. */
export const namePartsOf = (name: string): readonly string[] =>
  name
    .slice(0, 200)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== '');

/** Whether a variable, key or argument of this name is meant to hold a secret. */
export function isSecretName(name: string): boolean {
  if (/^(keycloak|gpg|pgp)_?/i.test(name) && !/(password|secret)$/i.test(name)) return false;
  const parts = namePartsOf(name);
  const last = parts.at(-1);
  if (last === undefined || ABOUT_PARTS.has(last) || parts.includes('public') || parts.includes('publishable')) {
    return false;
  }
  if (parts.some((part) => SECRET_PARTS.has(part))) return true;
  if (last === 'pass' && parts.length > 1) return true;
  return last === 'key' && BEFORE_KEY.has(parts.at(-2) ?? '');
}

/** What the value of a secret's name is: the thing itself, a word standing in for it, a reference to it, or nothing. */
export type SecretValue = 'literal' | 'placeholder' | 'reference' | 'empty';

const REFERENCE =
  /^(\$|%\w+%$|\{\{|<%|@\w+@$|vault:|op:\/\/|ssm:|arn:|sm:\/\/|gcp-?sm:|file:|env:|ENC\[|encrypted:|secretRef|process\.env)|\$\{[^}]*\}|\{\{[^}]*\}\}|\$\(/;

const PLACEHOLDER =
  /^(change[-_ ]?(me|it|this)?\b|change.?me|your?[-_ ]|my[-_ ]|<.*>$|\[.*\]$|x{3,}$|\*+$|\.{3}|todo\b|replace|insert|put[-_ ]|set[-_ ]|enter[-_ ]|add[-_ ]|example|sample|dummy|fake|placeholder|redacted|none$|null$|undefined$|true$|false$|yes$|no$|required$|build[-_ ]?time|not[-_ ]?(a|needed|used|real|set)\b)|(example|placeholder|changeme|change_me|change-me|dummy|replace[-_]?me)$/i;

export function secretValueOf(value: string): SecretValue {
  const text = value.trim();
  if (text === '') return 'empty';
  if (REFERENCE.test(text.slice(0, 2000))) return 'reference';
  if (PLACEHOLDER.test(text.slice(0, 200)) || new Set(text).size <= 2) return 'placeholder';
  return 'literal';
}

const WELL_KNOWN = new Set(
  (
    'postgres postgresql root admin administrator password passw0rd p@ssw0rd pass passwd secret guest minio minioadmin ' +
    'mysql mongo mongodb redis rabbitmq test testing user default demo dev development example docker letmein qwerty ' +
    'abc123 admin123 password123 password1 123456 12345678 123456789 1234567890 1234 12345 rootpassword mysecretpassword ' +
    'changeme keycloak elastic sa supersecret topsecret mysecret app'
  ).split(' '),
);

/** A value everybody tries first. It is no secret, so facts may carry it. */
export const isWellKnownPassword = (value: string): boolean => WELL_KNOWN.has(value.trim().toLowerCase());
