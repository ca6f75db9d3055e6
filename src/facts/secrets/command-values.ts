import { maskOf } from '../../document/mask.ts';
import { isIdentifier } from './named-verdict.ts';
import { isPlaceholder, isReference } from './placeholders.ts';
import type { SecretFact } from './secret-fact.ts';

/** Options of programs that take a password, up to its first character. Linear: the stretches are bounded. */
const OPTIONS: readonly RegExp[] = [
  /\b(?:mysql|mysqldump|mysqladmin|mariadb|mariadb-dump)\b[^\n|;&]{0,200}?[ \t]-p["']?(?=[^\s"'-])/g,
  /\bcurl\b[^\n|;]{0,300}?[ \t](?:-u|--user)[ =]?["']?[\w.@+-]{1,80}:/g,
  /\bsshpass[ \t]{1,5}-p[ \t]{0,5}["']?/g,
  /\bdocker[ \t]{1,5}login\b[^\n|;&]{0,200}?[ \t](?:-p|--password)[ =]["']?/g,
];

/** Passwords on command lines: `mysql -pX`, `curl -u name:X`, `sshpass -p X`, `docker login -p X`. */
export const commandValuesIn = (text: string): readonly SecretFact[] =>
  OPTIONS.flatMap((option) =>
    [...text.matchAll(option)].flatMap(({ index, 0: matched }) => {
      const start = index + matched.length;
      const value = /^[^\s"'`;|&<>\\]{0,200}/.exec(text.slice(start, start + 200))?.[0] ?? '';
      if (value.length < 4 || isReference(value) || isPlaceholder(value) || /[$%{}()]/.test(value)) return [];
      return [
        {
          start,
          end: start + value.length,
          key: '-p',
          detector: 'command-password',
          kind: 'named' as const,
          name: `a password on a command line`,
          grade: 'high' as const,
          strength: isIdentifier(value) || value.length < 6 ? ('word' as const) : ('guessed' as const),
          masked: maskOf(value),
        },
      ];
    }),
  );
