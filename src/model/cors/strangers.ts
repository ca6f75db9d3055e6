/** Who has nothing to do with any service. */
export const ANYBODY = 'https://evil.example';
/** What sandboxed frames, files and some redirects send. */
export const NULL = 'null';

const MAX_STRANGERS = 60;
/** A name under which anybody can register one: two labels, or three where the second stands for a kind of owner. */
const REGISTRABLE = /^[a-z0-9-]+\.([a-z]{2,}|(co|com|org|net|gov|ac|edu)\.[a-z]{2})$/;
const LOCAL = /^(localhost|(\d{1,3}\.){1,3}\d{1,3})$/;

/** Origins of somebody else that look like those the words name: `evilexample.com`, `example.com.evil.example`. */
export function strangersLike(words: Iterable<string>): readonly string[] {
  const found = new Set<string>();
  for (const word of words) {
    for (const [host] of word.toLowerCase().matchAll(/[a-z0-9](?:[a-z0-9.-]{0,80}[a-z0-9])?\.?/g)) {
      const name = host.replace(/\.$/, '');
      if (name === 'https' || name === 'http' || (!name.includes('.') && name.length < 4)) continue;
      if (REGISTRABLE.test(name)) found.add(`https://evil${name}`);
      found.add(`https://${name}.evil.example`);
      // `192.168.` and `http://localhost` are for those who develop, who use no TLS
      if (LOCAL.test(name)) found.add(`http://${name}.evil.example`);
      const [first = '', ...others] = name.split('.');
      if (others.length > 1 && !LOCAL.test(name)) found.add(`https://${first}x${others.join('.')}`);
    }
    if (/^:\d+$/.test(word)) found.add(`${ANYBODY}${word}`);
    if (found.size > MAX_STRANGERS) break;
  }
  return [...found].slice(0, MAX_STRANGERS);
}
