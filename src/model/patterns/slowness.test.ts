import { describe, expect, it } from 'vitest';
import { slownessOf } from './slowness.ts';

/** In milliseconds, the best of several. */
function time(pattern: RegExp, text: string, tries = 1): number {
  const times = Array.from({ length: tries }, () => {
    const start = performance.now();
    pattern.lastIndex = 0;
    pattern.test(text);
    return performance.now() - start;
  });
  return Math.min(...times);
}

const EXPONENTIAL: readonly RegExp[] = [
  /^(a+)+$/,
  /^(a|a)*$/,
  /^(a|aa)+$/,
  /^(ab|a|b)*$/,
  /(a|b|ab)*c/,
  /^(\w|\d)+$/,
  /^(?:[a-z]|\w)*!/i,
  /^(([a-z])+.)+[A-Z]([a-z])+$/,
  /^(?:[a-zA-Z0-9]+[-_.]?)+$/,
  /^(\d+|\d+\.\d+)*$/,
  /^([a-zA-Z0-9])(([-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$/,
  /^(https?:\/\/)?([\da-z.-]+)\.([a-z.]{2,6})([/\w .-]*)*\/?$/,
  /(\d{4})-(x+x+)+y/,
  /^(\s*\w+\s*)*;$/,
  /^"(?:\\?.)*"$/,
  /^(?=(x+)+$)x/,
  /^(?:\p{L}+-?)+$/u,
  /^(?:(?:\w+)\s?)+\?$/,
  /^(a{1,}b?)*c$/,
];

const POLYNOMIAL: readonly (readonly [pattern: RegExp, degree: number])[] = [
  [/^(ab)*(ab)*$/, 2],
  [/^\s*(.*);$/, 2],
  [/^.*a.*b$/, 2],
  [/^\d*\d*\d*x$/, 3],
  [/^.*:.*:.*:x$/, 3],
  [/\s*\s*;/, 3],
  [/^(.+)@(.+)\.(.+)$/, 3],
];

/** Patterns that are in wide use, as they are usually written. */
const FAST: readonly RegExp[] = [
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/,
  /^(([^<>()[\]\\.,;:\s@"]+(\.[^<>()[\]\\.,;:\s@"]+)*)|(".+"))@((\[[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\])|(([a-zA-Z\-0-9]+\.)+[a-zA-Z]{2,}))$/,
  /^[^\s@]+@[^\s@.]+\.[^\s@.]+$/,
  /^[\w.%+-]+@[a-z0-9-]+\.[a-z]{2,}$/i,
  /^(?!\.)(?!.*\.\.)([a-z0-9_'+\-.]*)[a-z0-9_+-]@([a-z0-9][a-z0-9-]*\.)+[a-z]{2,}$/i,
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$/,
  /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i,
  /^[0-9a-fA-F]{24}$/,
  /^c[a-z0-9]{24}$/,
  /^[0-9A-HJKMNP-TV-Z]{26}$/,
  /^[A-Za-z0-9_-]{21}$/,
  /^\d{4}-\d{2}-\d{2}$/,
  /^\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-][0-2]\d:[0-5]\d)$/,
  /^([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/,
  /^P(?!$)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?$/,
  /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/,
  /^((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/,
  /^([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}$/,
  /^(([0-9a-f]{1,4}:){1,7}:|([0-9a-f]{1,4}:){1,6}:[0-9a-f]{1,4})$/i,
  /^([0-9A-F]{2}[:-]){5}([0-9A-F]{2})$/i,
  /^https?:\/\/[^\s/$.?#].[^\s]*$/i,
  /^(?:https?:\/\/)?(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:\/[^\s]*)?$/i,
  /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i,
  /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$/,
  /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
  /^[a-z0-9_-]{3,16}$/,
  /^[a-zA-Z][\w.]*$/,
  /^\w+$/,
  /^[\w-]+$/,
  /^[\p{L}\p{N} .'-]+$/u,
  /^\p{Lu}\p{Ll}+(?: \p{Lu}\p{Ll}+)*$/u,
  /^#?([a-f0-9]{6}|[a-f0-9]{3})$/i,
  /^rgba?\((\d{1,3}),\s*(\d{1,3}),\s*(\d{1,3})(?:,\s*(0|1|0?\.\d+))?\)$/,
  /^\+?[1-9]\d{1,14}$/,
  /^\(?\d{3}\)?[-. ]?\d{3}[-. ]?\d{4}$/,
  /^(\+\d{1,2}\s)?\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}$/,
  /^\d{5}(-\d{4})?$/,
  /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i,
  /^[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] ?\d[ABCEGHJ-NPRSTV-Z]\d$/i,
  /^4\d{12}(?:\d{3})?$/,
  /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|3[47]\d{13}|6(?:011|5\d{2})\d{12})$/,
  /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/,
  /^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/,
  /^(?:97[89])?\d{9}[\dX]$/,
  /^\d{3}-\d{2}-\d{4}$/,
  /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/,
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  /^data:[\w.+-]+\/[\w.+-]+;base64,[A-Za-z0-9+/=]+$/,
  /^Bearer ([\w.~+/-]+=*)$/i,
  /^Basic [A-Za-z0-9+/]+={0,2}$/i,
  /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d).{8,}$/,
  /^(?=.*[A-Za-z])(?=.*\d)(?=.*[@$!%*#?&])[A-Za-z\d@$!%*#?&]{8,}$/,
  /^-?\d+$/,
  /^-?\d+(\.\d+)?$/,
  /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i,
  /^\$?\d{1,3}(,\d{3})*(\.\d{2})?$/,
  /^(?:0|[1-9]\d{0,2})(?:,\d{3})*$/,
  /^-?([1-8]?\d(?:\.\d{1,6})?|90(?:\.0{1,6})?)$/,
  /^[-+]?\d{1,2}\.\d+,\s*[-+]?\d{1,3}\.\d+$/,
  /^(true|false|0|1|yes|no)$/i,
  /^[a-z]{2}(-[A-Z]{2})?$/,
  /^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?$/,
  /^@?[a-z0-9~-][a-z0-9._~-]*$/,
  /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/,
  /^[\w,\s-]+\.[A-Za-z]{3}$/,
  /^.*\.(jpe?g|png|gif|webp)$/i,
  /\.(jpe?g|png|gif|webp|svg)$/i,
  /^(?:\/[\w.-]+)+$/,
  /^\/api\/v\d+\/[\w-]+\/?$/,
  /^[^/]+\/[^/]+$/,
  /^application\/(?:[\w.+-]+\+)?json(?:;|$)/i,
  /^multipart\/form-data;\s*boundary=(?:"([^"]+)"|([^;\s]+))$/i,
  /^bytes=(\d*)-(\d*)$/,
  /^W?\/?"[^"]*"$/,
  /^[\w!#$%&'*.^`|~+-]+$/,
  /^\[([^\]]*)\]\(([^)]*)\)$/,
  /^\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/$/,
  /^"(?:[^"\\]|\\.)*"$/,
  /^'[^'\\]*(?:\\.[^'\\]*)*'$/,
  /^<([a-z]+)(?:\s[^>]*)?>$/i,
  /^&(?:#\d+|#x[\da-f]+|\w+);$/i,
  /^[A-Z_][A-Z0-9_]*=(.*)$/,
  /^(\d+)(ms|s|m|h|d)$/,
  /^\s*\d+\s*$/,
  /\s+$/,
  /^\s+|\s+$/g,
  /<[^>]*>/g,
  /\s*,\s*/,
  /[?#].*$/,
  /^\s*#/,
  /^\S+$/,
  /^\s*$/,
  /^[^\n]*$/,
  /^0x[\da-f]+$/i,
  /^[01]+$/,
  /^[A-F0-9]{64}$/i,
  /^\$2[aby]\$\d{2}\$[./A-Za-z0-9]{53}$/,
  /^sk_(test|live)_[A-Za-z0-9]{24,}$/,
  /^gh[pousr]_[A-Za-z0-9]{36,}$/,
  /^0x[a-fA-F0-9]{40}$/,
  /^[13][a-km-zA-HJ-NP-Z1-9]{25,34}$/,
  /^@?(\w){1,15}$/,
  /^[\u4e00-\u9fa5]+$/,
  /^[^<>'"&]*$/,
  /^(?:[^,]+,)*[^,]+$/,
  /^\w+(?:\[\w*\])*$/,
  /^(?:mon|tues|wednes|thurs|fri|satur|sun)day$/i,
  /^[a-z]+(?:[A-Z][a-z]+)*$/,
  /^(?:[01]\d|2[0-3])[0-5]\d$/,
  /^(?:\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/,
  /^(?:\*|\d+)(?:\/\d+)?$/,
];

describe('how the time of a pattern grows', () => {
  it.each(EXPONENTIAL)('%s is exponential, and Node.js needs long for less than 400 characters', (pattern) => {
    const slowness = slownessOf(pattern.source, pattern.flags);
    expect(slowness?.growth).toBe('exponential');
    const { prefix = '', pump = '', suffix = '' } = slowness?.attack ?? {};
    let count = 1;
    while (count < 120 && time(pattern, prefix + pump.repeat(count) + suffix) < 25) count += 2;
    expect(prefix.length + pump.length * count).toBeLessThan(400);
    expect(count).toBeLessThan(120);
  });

  it.each(POLYNOMIAL)('%s grows by a power, and Node.js takes much longer than for a linear one', (pattern, degree) => {
    const slowness = slownessOf(pattern.source, pattern.flags);
    expect(slowness).toMatchObject({ growth: 'polynomial', degree });
    const { prefix = '', pump = '', suffix = '' } = slowness?.attack ?? {};
    const text = prefix + pump.repeat(degree === 2 ? 12_000 : 800) + suffix;
    expect(time(pattern, text)).toBeGreaterThan(20 * Math.max(time(/^[^]*~~$/, text, 5), 0.02));
  });

  it.each(FAST)('%s is fast', (pattern) => {
    const slowness = slownessOf(pattern.source, pattern.flags);
    expect(slowness).toBeUndefined();
  });

  it('gives up on what it does not understand, soon', () => {
    const start = performance.now();
    for (const source of ['(', '[', '*', '(?<a>x+)+\\k<b>', '((((', 'a{2', '\\', '(?i:a+)+', '('.repeat(700) + 'a*'])
      expect(slownessOf(source, '')?.growth).not.toBe('exponential');
    for (const source of ['(.*?,){40}P', '(a?){80}(a*){60}$', `^(${'(a|b)*c?'.repeat(60)})*$`, '(x{1,90}y{1,90}){9}z*'])
      slownessOf(source, '');
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
