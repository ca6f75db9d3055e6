import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { AuditError } from '../document/audit-error.ts';
import type { ProbeOptions } from '../probe/options.ts';
import type { ProbeFlags } from './probe-flags.ts';
import { proxyChoiceOf } from './proxy-choice.ts';

/** What the flags ask for. Secrets come from the environment or from files: a command line is read by others. */
export function probeOptionsOf(flags: ProbeFlags): ProbeOptions {
  return {
    credentials: { headers: credentialsOf(flags) },
    active: flags.active === 'limits' ? 'limits' : flags.active === true ? 'checks' : 'none',
    authorized: new Set((flags.authorized ?? []).map((host) => host.toLowerCase())),
    resolve: new Map((flags.resolve ?? []).map(resolutionOf)),
    routes: (flags.path ?? []).map(pathOf),
    ...(flags.cafile !== undefined && { ca: textOf(flags.cafile, '--cafile') }),
    ...(flags.proxy !== undefined && { proxyOf: proxyChoiceOf(flags.proxy) }),
    ...(flags.sameApp && { sameApp: true }),
    ...(flags.followOffsite && { followOffsite: true }),
    ...(flags.kind && { kind: flags.kind }),
    ...(flags.burst !== undefined && { burst: flags.burst }),
    ...(flags.postPath !== undefined && { postPath: pathOf(flags.postPath) }),
  };
}

/** The URLs as they are asked; a host without scheme means https. */
export function urlsOf(targets: readonly string[]): readonly URL[] {
  return targets.map((target) => {
    const text = /^[a-z][a-z\d+.-]*:\/\//i.test(target) ? target : `https://${target}`;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '') return url;
    throw new AuditError(
      2,
      'One of the targets is no URL of http or https.',
      'Write it in full, for example https://app.example/ or http://localhost:3000/.',
    );
  });
}

function credentialsOf({ cookie, bearer, header = [] }: ProbeFlags): readonly (readonly [string, string])[] {
  const named = header.map((text): readonly [string, string] => {
    const name = /^([!#$%&'*+.^_`|~\w-]{1,100})\s*[=:]\s*((?:env|file):.+)$/.exec(text);
    if (!name) throw badSecret('--header', 'Authorization=env:API_TOKEN');
    return [name[1] ?? '', secretOf(name[2] ?? '', '--header')];
  });
  const token = bearer === undefined ? [] : [['Authorization', `Bearer ${secretOf(bearer, '--bearer')}`] as const];
  const headers = [...named, ...token];
  return cookie === undefined ? headers : [...headers, ['Cookie', secretOf(cookie, '--cookie')]];
}

function secretOf(from: string, flag: string): string {
  const value = from.startsWith('env:')
    ? process.env[from.slice('env:'.length)]
    : from.startsWith('file:')
      ? textOf(from.slice('file:'.length), flag)
      : undefined;
  if (!from.startsWith('env:') && !from.startsWith('file:')) throw badSecret(flag, 'env:SESSION_COOKIE');
  if (value === undefined) {
    throw new AuditError(
      2,
      `${flag} names a variable that is not in the environment.`,
      'Export it, or name a file whose only line is the value.',
    );
  }
  const line = value.trim();
  if (line === '' || !/^[\t\x20-\x7e\x80-\xff]+$/.test(line)) {
    throw new AuditError(
      2,
      `What ${flag} points to is empty or no header value.`,
      'Set the environment variable, or name a file whose only line is the value.',
    );
  }
  return line;
}

const badSecret = (flag: string, example: string): AuditError =>
  new AuditError(
    2,
    `${flag} takes a secret from the environment or from a file, never from the command line.`,
    `Write ${flag} ${example}, or file:PATH.`,
  );

function textOf(file: string, flag: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new AuditError(2, `The file that ${flag} names cannot be read.`, 'Check its path and its permissions.');
  }
}

function resolutionOf(text: string): readonly [string, string] {
  const colon = text.indexOf(':');
  const host = text.slice(0, colon).toLowerCase();
  const address = text.slice(colon + 1).replace(/^\[|\]$/g, '');
  if (colon > 0 && isIP(address) !== 0) return [host, address];
  throw new AuditError(2, '--resolve needs a host and an address.', 'Write --resolve app.example:203.0.113.7.');
}

function pathOf(text: string): string {
  if (text.startsWith('/') && !text.startsWith('//') && URL.canParse(text, 'https://app.example')) return text;
  throw new AuditError(2, 'A path to fetch must start with one slash.', 'Write --path /login.');
}
