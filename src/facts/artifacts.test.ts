import { describe, expect, it } from 'vitest';
import type { Document, Language } from '../document/document.ts';
import { extractorOf } from './extract.ts';

/** How many mutated inputs each parser gets; `FUZZ=10000` for a long run. */
const ROUNDS = Number(process.env['FUZZ'] ?? 200);
/** No mutated input of this size may take longer; generous, for a busy machine. */
const MAX_MS = 2000;

const SEEDS: Readonly<Partial<Record<Language, { path: string; text: string }>>> = {
  dockerfile: {
    path: 'Dockerfile',
    text: `# syntax=docker/dockerfile:1\nARG V=24\nFROM --platform=$BUILDPLATFORM node:\${V:-22}-slim AS build\nENV A=b "C d"='e f' G=\\ h\nENV OLD some value\nRUN --mount=type=secret,id=x,target=/root/.npmrc \\\n  # note\n  npm ci && if [ -f a ]; then echo "$(cat b)"; fi | tee log\nRUN <<EOF\nset -e\nnode x.js\nEOF\nCOPY --from=build ["a b", "./"]\nHEALTHCHECK --interval=5s CMD curl -f http://x || exit 1\nENTRYPOINT ["sh", "-c", "exec node \\"$@\\""]\nCMD node server.js\n`,
  },
  yaml: {
    path: 'compose.yaml',
    text: `x-env: &env\n  A: 1\n  DB_PASSWORD: s3cr3t-Kf93\nservices:\n  web:\n    <<: *env\n    build: { context: ., target: "x" }\n    environment:\n      - API_TOKEN=9f8a7b6c5d4e\n      - B\n    command: |\n      sh -c "a && b"\n---\nkind: Secret\ndata:\n  a: S2Y5My12dXFMZDgyaGhz\n`,
  },
  json: {
    path: 'ecosystem.json',
    text: '{ "apps": [{ "name": "a", "script": "x.js", "env": { "A": "b\\n" } }], /* c */ "n": [1, null, true,] }',
  },
  ini: {
    path: 'pgbouncer.ini',
    text: "[databases]\nshop = host=db port=5432 password='a b' dbname=x\n; c\n[pgbouncer]\npool_mode = session\n%include other.ini\nauth_file=a#b;c\n",
  },
  nginx: {
    path: 'nginx.conf',
    text: 'http {\n  map $a $b { default "x y"; ~^/z 1; }\n  server { listen 443 ssl; # c\n    location ~ \\.php$ { proxy_pass http://a:${PORT}; add_header X \'q;{}\'; }\n  }\n}\n',
  },
  procfile: {
    path: 'Procfile',
    text: 'web: NODE_ENV=production node server.js --port $PORT\nworker: npm run jobs | cat\n',
  },
  shell: {
    path: 'start.sh',
    text: '#!/bin/sh\nset -e\nexport A="b c"\nfor f in *; do echo "$f" >> log; done\ncase "$1" in a) x;; esac\ncat <<E\nhi $A\nE\nexec "$@"\n',
  },
  dotenv: {
    path: '.env',
    text: `# c\nA=b # d\nexport DB_PASSWORD='K f93#x'\nURL="http://a/\\n\${A}"\nKEY: v\nEMPTY=\nMULTI="a\nb"\nB=\`x\`\n`,
  },
  hcl: {
    path: 'docker-bake.hcl',
    text: 'variable "TAG" { default = "1" }\n# c\ntarget "api" {\n  inherits = ["base"]\n  target = "release"\n  args = { A = "b", TOKEN = "9f8a7b6c5d4e" }\n  tags = ["acme/api:${TAG}", notequal("", X) ? "a" : "b"]\n}\n',
  },
  'version-file': { path: '.tool-versions', text: '# c\nnodejs 24.4.0\nnodejs 22\nbun 1.2\n\n' },
  manifest: {
    path: 'package.json',
    text: '{ "name": "a", "scripts": { "start": "NODE_ENV=x node --env-file=.env a.js" }, "engines": { "node": ">=22" }, "dependencies": { "a": "^1" } }',
  },
  'ignore-file': { path: '.dockerignore', text: '# c\nnode_modules\n!a/**/b?[x-z]\n  spaced  \n' },
};

/** One for each way templates are written. */
const TEMPLATES = [
  [
    'a.ejs',
    "<% for (const p of page.posts) { %><%- p.body %><% } %>\n<%- '<i>' + c['d'][0]?.e -%><%# x %><%- include('parts/head') %>\n",
  ],
  [
    'a.pug',
    'extends ../layout\neach item in list.items\n  li.x(id="y")!= item.text\n  p #{e} !{f.g}\nif a != b\n  p= c\n',
  ],
  ['a.hbs', '{{#each list}}{{{text}}}{{{../title}}}{{/each}}{{&d}}{{{helper e}}}{{> parts/nav}}{{!-- c --}}\n'],
  [
    'a.njk',
    '{% extends "base.njk" %}{% for p in posts %}{{ p.body | safe }}{% endfor %}{{ b|e|safe }}{{ c | safe }}{# d #}\n',
  ],
] as const;

const CASES = [
  ...Object.entries(SEEDS).map(([language, seed]) => ({ name: language, language: language as Language, ...seed })),
  ...TEMPLATES.map(([path, text]) => ({ name: path, language: 'template' as const, path, text })),
];

/** A generator that gives the same numbers on every machine. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

const PIECES = [
  '"',
  "'",
  '\\',
  '\\\n',
  '\n',
  '\r\n',
  '${',
  '}',
  '{',
  '[',
  ']',
  '<<EOF\n',
  '$(',
  '`',
  '&',
  '*',
  ': ',
  '- ',
  '#',
  '|',
  '\0',
  '\u{1F600}',
  '--',
  '=',
  ';',
  'FROM ',
  'RUN ',
  '&a ',
  '*a',
  '<<: ',
  '...',
  '---\n',
  ' ',
];

function mutated(text: string, next: (below: number) => number): string {
  let result = text;
  for (let change = next(6) + 1; change > 0; change -= 1) {
    const at = next(result.length + 1);
    const length = next(12);
    const kind = next(4);
    if (kind === 0) result = result.slice(0, at) + result.slice(at + length);
    else if (kind === 1) result = result.slice(0, at) + (PIECES[next(PIECES.length)] ?? '') + result.slice(at);
    else if (kind === 2)
      result = result.slice(0, at) + result.slice(at, at + length).repeat(next(5)) + result.slice(at);
    else result = result.slice(0, at);
  }
  return result;
}

interface Spanned {
  readonly start: number;
  readonly end: number;
  readonly text?: unknown;
  readonly secret?: unknown;
}

/** Everything in the facts that says where it is. */
function spansIn(value: unknown, found: Spanned[] = []): Spanned[] {
  if (typeof value !== 'object' || value === null) return found;
  if ('start' in value && 'end' in value && typeof value.start === 'number' && typeof value.end === 'number') {
    found.push(value as Spanned);
  }
  for (const inner of Object.values(value)) spansIn(inner, found);
  return found;
}

/** Whether a word is what stands at its place, where nothing was unquoted, joined or hidden. */
function standsThere(text: string, { start, end, text: word, secret }: Spanned): boolean {
  const raw = text.slice(start, end);
  if (typeof word !== 'string' || secret || /["'\\|>\r\n`&*!%]/.test(raw)) return true;
  return raw.includes(word) || word.includes('=') || word === '';
}

describe.each(CASES)('$name', ({ language, path, text }) => {
  const documentOf = (mutation: string): Document => ({
    path,
    text: mutation,
    language,
    tracked: 'tracked',
  });

  it('reads any text, in time, and every span lies in it', async () => {
    const extract = await extractorOf(language);
    const next = numbersFrom(20_261_122);
    for (let round = 0; round < ROUNDS; round += 1) {
      const mutation = round === 0 ? text : mutated(text, next);
      const started = performance.now();
      const { facts } = extract(documentOf(mutation));
      expect(performance.now() - started, JSON.stringify(mutation)).toBeLessThan(MAX_MS);
      expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
      const wrong = spansIn(facts).filter(
        (span) => span.start < 0 || span.start > span.end || span.end > mutation.length || !standsThere(mutation, span),
      );
      expect(wrong, JSON.stringify(mutation)).toEqual([]);
    }
  }, 600_000);

  it('finds in the seed what is written there', async () => {
    const extract = await extractorOf(language);
    const words = spansIn(extract(documentOf(text)).facts);
    expect(words.length).toBeGreaterThan(1);
  });
});

it.each([
  ['dockerfile', `FROM a\nRUN ${'echo $A \\\n'.repeat(15_000)}x`],
  ['dockerfile', `FROM a\n${'RUN a <<E\n'.repeat(10_000)}`],
  ['shell', '$('.repeat(50_000)],
  ['shell', '{ '.repeat(50_000)],
  ['yaml', '['.repeat(100_000)],
  ['yaml', '- '.repeat(5000)],
  [
    'yaml',
    `a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*${i === 0 ? 'a' : `b${i - 1}`}, *${i === 0 ? 'a' : `b${i - 1}`}]`).join('\n')}`,
  ],
  ['json', '['.repeat(100_000)],
  ['json', '{"a":'.repeat(100_000)],
  ['nginx', 'a { '.repeat(50_000)],
  ['nginx', '"'.repeat(100_000)],
  ['ini', `[a]\n${'x = y = z '.repeat(20_000)}`],
  ['procfile', `web: ${'a && '.repeat(20_000)}`],
  ['hcl', 'a { '.repeat(40_000)],
  ['hcl', '/*'.repeat(90_000)],
  ['hcl', `a = ${'"\\'.repeat(90_000)}`],
  ['hcl', `a = ${'['.repeat(150_000)}`],
  ['ignore-file', `${'*'.repeat(100_000)}\n`],
] as const)('a hostile %s ends in time', async (language, text) => {
  const extract = await extractorOf(language);
  const started = performance.now();
  extract({ path: SEEDS[language]?.path ?? 'x', text, language, tracked: 'tracked' });
  expect(performance.now() - started).toBeLessThan(15_000);
});
