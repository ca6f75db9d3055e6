import type { ProbeOptions } from './options.ts';
import {
  activeSteps,
  bodyLadderSteps,
  BURST,
  forwardedForSteps,
  get,
  originSteps,
  siblingOf,
  SLOW_HEADERS,
} from './plan.ts';
import type { Question } from './exchange.ts';

/** Every request a probe of these URLs would send, one a line; nothing is sent. */
export function plannedLines(urls: readonly URL[], options: ProbeOptions): readonly string[] {
  return urls.flatMap((asked) => {
    const url = new URL(asked);
    url.username = '';
    url.password = '';
    return [`${url.href}`, ...stepsOf(url, options).map((line) => `  ${line}`)];
  });
}

function stepsOf(url: URL, { active = 'none', routes = [], burst, postPath, credentials }: ProbeOptions): string[] {
  const run = { id: '<random>' };
  const sibling = siblingOf(url);
  const withCredentials = credentials && credentials.headers.length > 0 ? ' with your credentials' : '';
  const lines = [
    `${shown(get('home', url, run))}${withCredentials}, and up to 10 redirects within the host`,
    ...routes.map((path) => `${shown(get('route', new URL(path, url), run))}${withCredentials}`),
    ...(sibling ? [`${shown(get('sibling', sibling, run))}, unless the target is this machine`] : []),
    `${shown(get('again', url, run))} once more`,
    'GET the first script and the first style sheet of the same origin that the page loads',
    ...originSteps(url, run).map(shown),
    `${shown(get('ipv6', url, run))} over IPv4 and over IPv6, if the name has addresses of both`,
  ];
  if (url.protocol === 'https:') lines.push('4 TLS handshakes that offer 1.3, 1.2, 1.1 and 1.0, and send nothing');
  if (active === 'none') return lines;
  lines.push(...activeSteps(url, run).map(shown));
  lines.push('GET the source map that the first script names, on the same origin');
  lines.push(...forwardedForSteps(url, run).map((question) => `${shown(question)}, if the page names a rate limit`));
  if (active !== 'limits') return lines;
  lines.push(
    ...bodyLadderSteps(url, run, postPath).map(
      (question) => `${shown(question)}, ${question.size ?? 0} bytes, until one is refused`,
    ),
    `GET ${url.href} up to ${Math.min(burst ?? BURST.requests, BURST.most)} times, at most 10 a second, until one is refused`,
    `GET ${url.href} one header byte every ${SLOW_HEADERS.everyMs / 1000} s, for at most ${SLOW_HEADERS.forMs / 1000} s`,
  );
  return lines;
}

const PLAIN = new Set(['accept', 'accept-encoding', 'user-agent', 'x-audit-probe']);

function shown({ method, url, headers, body }: Question): string {
  const special = headers
    .filter(([name]) => !PLAIN.has(name.toLowerCase()))
    .map(([name, value]) => `${name}: ${value.length > 1000 ? `${value.length} bytes of x` : value}`);
  const href = url.href.replaceAll('%3Crandom%3E', '<random>');
  return [`${method} ${href}`, ...special, ...(body === undefined ? [] : [`body ${body}`])].join(' · ');
}
