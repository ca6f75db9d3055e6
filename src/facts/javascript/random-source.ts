/** For property tests: picks one of several, and the same seed picks the same (xorshift32). */
export type Choose = <T>(choices: readonly [T, ...T[]]) => T;

export function chooserOf(seed: number): Choose {
  let state = Math.imul(seed + 1, 2_654_435_761) | 1;
  return (choices) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return choices[(state >>> 0) % choices.length] ?? choices[0];
  };
}

const TOKENS = [
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  ';',
  ',',
  '=>',
  '=',
  '...',
  '`',
  '${',
  "'",
  '"',
  '/',
  '*',
  '/*',
  '//',
  '?',
  '?.',
  '??',
  ':',
  '.',
  '#',
  '@',
  '<',
  '>',
  '</',
  '/>',
  'async ',
  'await ',
  'function ',
  'class ',
  'extends ',
  'static ',
  'get ',
  'return ',
  'yield ',
  'import ',
  'export ',
  'default ',
  'from ',
  'const ',
  'var ',
  'let ',
  'if (',
  'else ',
  'for (',
  'of ',
  'in ',
  'switch (',
  'case ',
  'try {',
  'catch ',
  'finally {',
  'throw ',
  'new ',
  'delete ',
  'typeof ',
  'this',
  'super(',
  'enum ',
  'namespace ',
  'declare ',
  'as const',
  'satisfies ',
  'type ',
  'interface ',
  '0x',
  '1e9',
  '\u2028',
  '\0',
  '\ud800',
  'constructor',
  '__proto__',
  'require(',
  'module.exports = ',
] as const;

/** A text changed in a few places: pieces cut out, doubled, moved, tokens put in. */
export function mutated(text: string, choose: Choose): string {
  let result = text;
  const places = Array.from({ length: 64 }, (_, index) => index / 64) as [number, ...number[]];
  for (let count = choose([1, 1, 2, 3, 5, 8]); count > 0; count -= 1) {
    const at = Math.floor(choose(places) * result.length) + choose([0, 1, 2, 3, 5, 7]);
    const length = choose([1, 2, 5, 20, 80]);
    const piece = result.slice(at, at + length);
    switch (choose(['cut', 'double', 'token', 'token', 'move', 'end'])) {
      case 'cut':
        result = result.slice(0, at) + result.slice(at + length);
        break;
      case 'double':
        result = result.slice(0, at) + piece.repeat(choose([2, 3, 50])) + result.slice(at + length);
        break;
      case 'token':
        result = result.slice(0, at) + choose(TOKENS) + result.slice(at);
        break;
      case 'move': {
        const rest = result.slice(0, at) + result.slice(at + length);
        const to = Math.floor(choose(places) * rest.length);
        result = rest.slice(0, to) + piece + rest.slice(to);
        break;
      }
      default:
        result = result.slice(0, Math.max(1, at));
    }
  }
  return result.slice(0, 40_000);
}

/**
 * A program of nested functions, blocks and loops that declares the same few names over and over, each with a literal
 * of its own, and asks `probe('n', name)` what a name holds.
 */
export function scopedProgram(choose: Choose): string {
  let literals = 0;
  let probes = 0;
  const NAMES = ['a', 'b', 'c'] as const;
  const block = (depth: number, visible: readonly string[]): string => {
    const declared = NAMES.filter(() => choose([true, false, false]));
    const here = [...new Set([...visible, ...declared])];
    const lines = declared.map((name) => `${choose(['const', 'let'])} ${name} = 'v${(literals += 1)}';`);
    for (let count = choose([1, 2, 3]); count > 0; count -= 1) lines.push(statement(depth, here));
    return lines.join('\n');
  };
  const statement = (depth: number, visible: readonly string[]): string => {
    const [first, ...others] = visible;
    const ask = first === undefined ? ';' : `probe('p${(probes += 1)}', ${choose([first, ...others])});`;
    if (depth > 3) return ask;
    const inner = (more: readonly string[] = []): string => block(depth + 1, [...new Set([...visible, ...more])]);
    switch (
      choose(['ask', 'ask', 'block', 'function', 'arrow', 'loop', 'each', 'if', 'try', 'class', 'pattern', 'label'])
    ) {
      case 'block':
        return `{\n${inner()}\n}`;
      case 'function':
        return `function f${(literals += 1)}() {\n${inner()}\n}`;
      case 'arrow':
        return `const g${(literals += 1)} = async () => {\n${inner()}\n};`;
      case 'loop':
        return `for (let i = 0; i < 3; i += 1) {\n${inner()}\n}`;
      case 'each':
        return `for (const item of list) {\n${inner()}\n}`;
      case 'if':
        return `if (flag) {\n${inner()}\n} else {\n${inner()}\n}`;
      case 'try':
        return `try {\n${inner()}\n} catch (error) {\n${inner()}\n} finally {\n${inner()}\n}`;
      case 'class':
        return `class K${(literals += 1)} {\n  run() {\n${inner()}\n  }\n  static { ${ask} }\n}`;
      case 'pattern':
        return `{\nconst { k: a } = { k: 'v${(literals += 1)}' };\n{\n${inner(['a'])}\n}\n}`;
      case 'label':
        return `label${(literals += 1)}: {\n${inner()}\n}`;
      default:
        return ask;
    }
  };
  return `import { probe, list, flag } from 'outside';\n${block(0, [])}\n`;
}
