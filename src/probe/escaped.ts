// control characters (C0, DEL, C1), format characters (bidirectional controls, zero width), separators, lone surrogates
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text of a server with everything that could move a cursor or reorder a line written out: `\x1b`, `\u{202e}`. */
export function escaped(text: string, kind: 'one line' | 'field value' | 'many lines' = 'one line'): string {
  return text.replaceAll(UNSAFE, (character) => {
    // a tab separates words in a field (RFC 9110 §5.6.3)
    if (character === '\t' && kind !== 'one line') return character;
    if (character === '\n' && kind === 'many lines') return character;
    const code = character.codePointAt(0) ?? 0;
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}
