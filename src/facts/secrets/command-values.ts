import { maskOf } from '../../document/mask.ts';
import { isIdentifier } from './named-verdict.ts';
import { isPlaceholder, isReference } from './placeholders.ts';
import type { SecretFact } from './secret-fact.ts';

/** Texts without which a pattern cannot match, and the pattern: up to the first character of a password. */
type Start = readonly [anchors: readonly string[], pattern: RegExp];

/** Options of programs that take a password. Linear: the stretches are bounded. */
const OPTIONS: readonly Start[] = [
  [
    ['mysql', 'mariadb'],
    /\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump)\b[^\n|;&]{0,200}?[ \t]["']?-p["']?(?=[^\s"'-])/g,
  ],
  [['curl'], /\bcurl\b[^\n|;]{0,300}?[ \t](?:-u|--user)[ =]?["']?[\w.@+-]{1,80}:/g],
  [['sshpass'], /\bsshpass[ \t]{1,5}-p[ \t]{0,5}["']?/g],
  [['docker'], /\bdocker[ \t]{1,5}login\b[^\n|;&]{0,200}?[ \t](?:-p|--password)[ =]["']?/g],
  [['--requirepass', '--masterauth'], /--(?:requirepass|masterauth)(?:[ =]|["'],[ \t]{0,4})["']?/g],
  [['requirepass', 'masterauth'], /^[ \t]{0,20}(?:requirepass|masterauth)[ \t]{1,5}["']?/gm],
  [['redis-cli'], /\bredis-cli\b[^\n|;&]{0,200}?[ \t](?:-a|--pass)[ =]["']?/g],
];
/** Statements of SQL that give a user a password. */
const STATEMENTS: readonly Start[] = [
  [
    ["BY '", "by '"],
    /\b(?:IDENTIFIED|identified)[ \t]{1,5}(?:(?:WITH|with)[ \t]{1,5}["']?\w{1,40}["']?[ \t]{1,5})?(?:BY|by) '/g,
  ],
  [
    ["PASSWORD '", "password '"],
    /\b(?:USER|ROLE|user|role)[ \t][^\n;']{1,120}[ \t](?:PASSWORD|password) '(?!md5|SCRAM)/g,
  ],
];

/** Passwords on command lines (`mysql -pX`, `curl -u name:X`, `redis-server --requirepass X`) and in SQL. */
export const commandValuesIn = (text: string): readonly SecretFact[] => [
  ...valuesBehind(OPTIONS, text, '-p', 'a password on a command line'),
  ...valuesBehind(STATEMENTS, text, 'PASSWORD', 'the password of a database user'),
];

const valuesBehind = (starts: readonly Start[], text: string, key: string, name: string): readonly SecretFact[] =>
  starts.flatMap(([anchors, pattern]) =>
    (anchors.some((anchor) => text.includes(anchor)) ? [...text.matchAll(pattern)] : []).flatMap(
      ({ index, 0: matched }) => {
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
      },
    ),
  );
