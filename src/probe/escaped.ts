// control characters (C0, DEL, C1), format characters (bidirectional controls, zero width), separators, lone surrogates
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text of a server with everything that could move a cursor or reorder a line written out: `\x1b`, `\u{202e}`. */
export function escaped(text: string, lines: 'one line' | 'many lines' = 'one line'): string {
  return text.replaceAll(UNSAFE, (character) => {
    if (lines === 'many lines' && (character === '\n' || character === '\t')) return character;
    const code = character.codePointAt(0) ?? 0;
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}
