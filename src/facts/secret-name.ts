import { isPlaceholder, isReference } from './secrets/placeholders.ts';
import { secretNameOf } from './secrets/secret-names.ts';

/** Whether a variable, key or argument of this name is meant to hold a secret. */
export const isSecretName = (name: string): boolean => secretNameOf(name) !== undefined;

/** What the value of a secret's name is: the thing itself, a word standing in for it, a reference to it, or nothing. */
export type SecretValue = 'literal' | 'placeholder' | 'reference' | 'empty';

export function secretValueOf(value: string): SecretValue {
  const text = value.trim();
  if (text === '') return 'empty';
  if (/^\$\w|\$\{\w/.test(text) || isReference(text)) return 'reference';
  // a switch or the version of a package, not a secret
  if (/^(true|false|yes|no|on|off|none|null|\d{1,3}|[~^]?v?\d{1,6}\.\d{1,6}\.\d{1,6})$/i.test(text))
    return 'placeholder';
  return isPlaceholder(text) ? 'placeholder' : 'literal';
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
