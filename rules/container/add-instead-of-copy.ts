import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/add-instead-of-copy',
  ensures: 'Files are copied by COPY; ADD fetches only what it can check.',
  severity: 'low',
  roles: ['any'],
  cwe: 494,
  owasp: 'A08',
  why: 'ADD unpacks archives and fetches URLs without a word; a file that changes its kind or a server that changes its answer changes the image.',
  fix: 'Write COPY; for a URL add `--checksum=sha256:…`.',
  references: ['https://docs.docker.com/build/building/best-practices/#add-or-copy'],
  needs: ['images'],
  *check({ images }) {
    for (const { built, use } of images.uses) {
      if (use === 'development') continue;
      for (const { keyword, layer, at, sources } of built.copies) {
        if (keyword !== 'ADD' || layer.stage !== built.stage) continue;
        const checked = layer.instruction.flags.some(({ name }) => name === 'checksum');
        const url = sources.find((source) => /^https?:\/\//.test(source) && !/\.git(#|$)/.test(source));
        const archive = sources.some(
          (source) =>
            /\.(tar|tgz|tar\.\w+|txz|tbz2?)$/.test(source) || /^git@|\.git(#|$)/.test(source) || source.includes('$'),
        );
        if (url && !checked) yield { at, message: `${url} is fetched without a checksum.` };
        else if (!url && !archive) yield { at, message: 'COPY does the same, and nothing besides.' };
      }
    }
  },
  examples: [
    bad('Local files', {
      Dockerfile: 'FROM node:24-slim\n«ADD . /app»\n«ADD package.json ./»\nCMD ["node", "server.js"]\n',
    }),
    bad('A URL', {
      Dockerfile: 'FROM node:24-slim\n«ADD https://acme.io/tool /usr/bin/tool»\nCMD ["node", "server.js"]\n',
    }),
    good('An archive, a checked URL, a commit', {
      Dockerfile:
        'FROM node:24-slim\nADD dist.tar.gz /app\nADD --checksum=sha256:0b1d https://acme.io/tool /usr/bin/tool\nADD https://github.com/acme/x.git#v1.0.0 /x\nCMD ["node", "server.js"]\n',
    }),
    good('COPY', { Dockerfile: 'FROM node:24-slim\nCOPY . /app\nCMD ["node", "server.js"]\n' }),
  ],
});
