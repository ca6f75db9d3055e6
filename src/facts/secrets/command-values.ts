import { maskOf } from '../../document/mask.ts';
import { isIdentifier } from './named-verdict.ts';
import { isPlaceholder, isReference } from './placeholders.ts';
import type { SecretFact } from './secret-fact.ts';

/** Options of programs that take a password, up to its first character. Linear: the stretches are bounded. */
const OPTIONS: readonly RegExp[] = [
  /\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump)\b[^\n|;&]{0,200}?[ \t]["']?-p["']?(?=[^\s"'-])/g,
  /\bcurl\b[^\n|;]{0,300}?[ \t](?:-u|--user)[ =]?["']?[\w.@+-]{1,80}:/g,
  /\bsshpass[ \t]{1,5}-p[ \t]{0,5}["']?/g,
  /\bdocker[ \t]{1,5}login\b[^\n|;&]{0,200}?[ \t](?:-p|--password)[ =]["']?/g,
  /--(?:requirepass|masterauth)(?:[ =]|["'],[ \t]{0,4})["']?/g,
  /^[ \t]{0,20}(?:requirepass|masterauth)[ \t]{1,5}["']?/gm,
  /\bredis-cli\b[^\n|;&]{0,200}?[ \t](?:-a|--pass)[ =]["']?/g,
];
/** Statements of SQL that give a user a password, up to its first character. */
const STATEMENTS: readonly RegExp[] = [
  /\b(?:IDENTIFIED|identified)[ \t]{1,5}(?:(?:WITH|with)[ \t]{1,5}["']?\w{1,40}["']?[ \t]{1,5})?(?:BY|by)[ \t]{1,5}'/g,
  /\b(?:USER|ROLE|user|role)[ \t][^\n;']{1,120}[ \t](?:PASSWORD|password)[ \t]{1,5}'(?!md5|SCRAM)/g,
];

/** Passwords on command lines (`mysql -pX`, `curl -u name:X`, `redis-server --requirepass X`) and in SQL. */
export const commandValuesIn = (text: string): readonly SecretFact[] => [
  ...valuesBehind(OPTIONS, text, '-p', 'a password on a command line'),
  ...valuesBehind(STATEMENTS, text, 'PASSWORD', 'the password of a database user'),
];

const valuesBehind = (starts: readonly RegExp[], text: string, key: string, name: string): readonly SecretFact[] =>
  starts.flatMap((option) =>
    [...text.matchAll(option)].flatMap(({ index, 0: matched }) => {
      const start = index + matched.length;
      const value = /^[^\s"'`;|&<>\\]{0,200}/.exec(text.slice(start, start + 200))?.[0] ?? '';
      if (value.length < 4 || isReference(value) || isPlaceholder(value) || /[$%{}()]/.test(value)) return [];
      return [
        {
          start,
          end: start + value.length,
          key,
          detector: 'command-password',
          kind: 'named' as const,
          name,
          grade: 'high' as const,
          strength: isIdentifier(value) || value.length < 6 ? ('word' as const) : ('guessed' as const),
          masked: maskOf(value),
        },
      ];
    }),
  );
