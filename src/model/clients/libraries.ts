/** How an HTTP client is told to give up. */
export interface Library {
  readonly name: string;
  /** Canonical path of the call; the first group is the method, where it is named. */
  readonly api: RegExp;
  /** The argument that is the options object, by method; several are tried. */
  readonly options: (method: string | undefined) => readonly number[];
  /** Any of these bounds the call. */
  readonly limits: readonly string[];
  /** What happens without a limit. */
  readonly waits: string;
  /** Methods in a chain on the call that bound it: superagent's `.timeout()`. */
  readonly chained?: readonly string[];
}

const VERBS = 'get|post|put|patch|delete|head|options';
const hasBody = (method: string | undefined): boolean => /^(post|put|patch)/i.test(method ?? '');

/**
 * Defaults, from the documentation and source of each: axios `timeout: 0`; fetch (undici) 300 s for the headers and 300 s between two parts
 * of the body; got, superagent, request and node-fetch none; node:http none. ky has ten seconds and is not here.
 */
export const LIBRARIES: readonly Library[] = [
  {
    name: 'axios',
    api: new RegExp(`^axios(?:\\.default)?(?:\\.create\\(\\))?(?:\\.(${VERBS}|request|postForm|putForm|patchForm))?$`),
    options: (method) => (method === undefined ? [0, 1] : method === 'request' ? [0] : [hasBody(method) ? 2 : 1]),
    limits: ['timeout', 'signal', 'cancelToken'],
    waits: 'axios waits for ever by default',
  },
  {
    name: 'fetch',
    api: /^(?:fetch|undici\.fetch|globalThis\.fetch)$/,
    options: () => [1],
    limits: ['signal', 'dispatcher'],
    waits: 'fetch waits five minutes for the headers and as long between two parts of the body',
  },
  {
    name: 'node-fetch',
    api: /^(?:node-fetch|cross-fetch|isomorphic-fetch|cross-fetch\.fetch)$/,
    options: () => [1],
    limits: ['signal', 'timeout'],
    waits: 'node-fetch waits for ever by default',
  },
  {
    name: 'undici',
    api: /^undici\.(request|stream|pipeline)$/,
    options: () => [1],
    limits: ['signal', 'headersTimeout', 'bodyTimeout', 'dispatcher'],
    waits: 'undici waits five minutes for the headers and as long between two parts of the body',
  },
  {
    name: 'got',
    api: new RegExp(`^got(?:\\.got|\\.default)?(?:\\.extend\\(\\))?(?:\\.(${VERBS}|stream))?$`),
    options: () => [1, 0],
    limits: ['timeout', 'signal'],
    waits: 'got waits for ever by default',
  },
  {
    name: 'superagent',
    api: new RegExp(`^superagent\\.(${VERBS}|del)$`),
    options: () => [],
    limits: [],
    waits: 'superagent waits for ever by default',
    chained: ['timeout', 'abort'],
  },
  {
    name: 'request',
    api: new RegExp(`^(?:request|request-promise|request-promise-native|postman-request)(?:\\.(${VERBS}|del))?$`),
    options: () => [0, 1],
    limits: ['timeout'],
    waits: 'request waits for ever by default',
  },
  {
    name: 'node:http',
    api: /^https?\.(request|get)$/,
    options: () => [0, 1],
    limits: ['signal'],
    waits: 'node:http waits for ever by default',
    chained: ['setTimeout', 'abort', 'destroy'],
  },
];
