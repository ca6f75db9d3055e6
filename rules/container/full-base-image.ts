import { bad, defineRule, good } from '../../src/rule/rule.ts';

const BIG_PROGRAMS =
  /^(chromium|chromium-browser|google-chrome-stable|firefox-esr|libreoffice|ffmpeg|texlive.*|default-jre|openjdk.*|r-base|wine)$/;

export default defineRule({
  id: 'container/full-base-image',
  ensures: 'Images that ship start from a slim base.',
  severity: 'medium',
  roles: ['any'],
  cwe: 1104,
  owasp: 'A02',
  why: 'The full Debian variant brings compilers, git, Python and a gigabyte of packages: hundreds of open CVEs to triage, and every tool an intruder wants.',
  fix: 'Use `-slim` (glibc, prebuilt addons work), `-alpine` (smallest, musl) or distroless for the stage that ships; keep the full image for the builder.',
  references: ['https://github.com/nodejs/docker-node#image-variants'],
  needs: ['images'],
  *check({ images }) {
    for (const { base, baseAt, reference, commands, stage } of images.production) {
      if (base.size !== 'full') continue;
      const big = commands.some(({ words }) => words.some(({ text }) => BIG_PROGRAMS.test(text)));
      yield {
        at: baseAt,
        message: `${reference.text} is the full variant, and ${stage.path} ships it.`,
        ...(big && { severity: 'info' as const }),
      };
    }
  },
  examples: [
    bad('The full image ships', { Dockerfile: 'FROM «node:24»\nCMD ["node", "server.js"]\n' }),
    bad('A full variant by another name', {
      Dockerfile:
        'FROM node:24 AS build\nRUN npm ci\nFROM «node:24-bookworm»\nCOPY --from=build /app .\nCMD ["node", "server.js"]\n',
    }),
    bad('Inherited from the first stage', {
      Dockerfile: 'FROM «node:24-trixie» AS base\nFROM base AS release\nCMD ["node", "server.js"]\n',
    }),
    good('A digest alone: nobody knows which variant it is', {
      Dockerfile:
        'FROM node@sha256:e2b39f7b64281324929257d0f8004fb6cb4bf0fdfb9aa8cedb235a766aec31da\nCMD ["node", "a.js"]\n',
    }),
    good('Full to build, slim to ship', {
      Dockerfile:
        'FROM node:24 AS build\nRUN npm ci\nFROM node:24-slim\nCOPY --from=build /app .\nCMD ["node", "server.js"]\n',
    }),
    good('Alpine and distroless', {
      Dockerfile: 'FROM node:24-alpine\nCMD ["node", "server.js"]\n',
      'api/Dockerfile':
        'FROM node:24 AS build\nRUN npm ci\nFROM gcr.io/distroless/nodejs24-debian12:nonroot\nCOPY --from=build /app .\nCMD ["server.js"]\n',
    }),
    good('A base that the bake file chooses', {
      Dockerfile: 'ARG NODE_VERSION=24-alpine\nFROM node:$NODE_VERSION\nCMD ["node", "server.js"]\n',
      'docker-bake.hcl':
        'variable "NODE_VERSION" {\n  default = "24.1-alpine"\n}\ntarget "image" {\n  dockerfile = "Dockerfile"\n  args = {\n    NODE_VERSION = NODE_VERSION\n  }\n}\n',
    }),
    good('A base of unknown size', { Dockerfile: 'FROM registry.acme.io/node:24\nCMD ["node", "server.js"]\n' }),
  ],
});
