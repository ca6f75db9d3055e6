import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/download-unverified',
  ensures: 'Builds of images check whom they download from.',
  severity: 'high',
  control: 'transport/tls-verification-off',
  roles: ['any'],
  cwe: 295,
  owasp: 'A08',
  why: 'Anyone on the way can put another file in its place, and it is in the image that ships.',
  fix: 'Take the option away; install `ca-certificates` where the image has none, or check a SHA-256 of the file.',
  references: ['https://curl.se/docs/manpage.html#-k'],
  needs: ['images'],
  *check({ images }) {
    const seen = new Set<string>();
    for (const { built, use } of images.uses) {
      for (const { program, words, at, layer } of built.commands) {
        const texts = words.slice(1).map(({ text }) => text);
        const option = texts.find((text) => (OFF.get(program) ?? NEVER).test(text));
        const place = `${at.path}:${at.start}`;
        if (option === undefined || layer.stage !== built.stage || seen.has(place)) continue;
        const checked = built.commands.some(
          (other) => other.layer === layer && /^(sha\d+sum|gpg|gpgv|cosign|minisign)$/.test(other.program),
        );
        if (checked || texts.some((text) => /^\w+:\/\/(localhost|127\.|\[::1)/.test(text))) continue;
        seen.add(place);
        yield {
          at,
          message: `${program} ${option} takes what it downloads from anyone who answers.`,
          ...(use !== 'shipped' && { severity: use === 'builder' ? ('medium' as const) : ('low' as const) }),
        };
      }
    }
  },
  examples: [
    bad('curl and wget', {
      Dockerfile:
        'FROM node:24-slim\nRUN «curl -fsSLk -o /usr/bin/x https://get.acme.io/x» && chmod +x /usr/bin/x\nRUN «wget --no-check-certificate https://get.acme.io/y»\nCMD ["node", "a.js"]\n',
    }),
    bad('In a builder', {
      Dockerfile:
        'FROM node:24 AS build\nRUN «curl --insecure -O https://get.acme.io/x»\nFROM node:24-slim\nCOPY --from=build /x /x\nCMD ["node", "a.js"]\n',
    }),
    good('Checked by the certificate, or by a sum', {
      Dockerfile:
        'FROM node:24-slim\nRUN curl -fsSL --key k.pem -o x https://get.acme.io/x\nRUN curl -kO https://get.acme.io/y && echo "93dc  y" | sha256sum -c -\nRUN wget -q https://get.acme.io/z\nCMD ["node", "a.js"]\n',
    }),
    good('Itself', {
      Dockerfile:
        'FROM node:24-slim\nHEALTHCHECK CMD curl -kf https://localhost:3000/health\nRUN curl -k https://localhost:3000/warm\nCMD ["node", "a.js"]\n',
    }),
  ],
});

const NEVER = /(?!)/;
const OFF: ReadonlyMap<string, RegExp> = new Map([
  ['curl', /^(--insecure|-[fsSLOgiv#]*k\w*)$/],
  ['wget', /^--no-check-certificate$/],
]);
