import { bad, defineRule, good } from '../../src/rule/rule.ts';

const FLOATING =
  /^(latest|current|alpine|slim|lts([-_.]?(alpine|slim|bookworm|bullseye|buster|trixie))*|current-\w+|stable|edge|main|master|nightly)$/;

export default defineRule({
  id: 'container/floating-base-tag',
  ensures: 'Every base image names the version it means.',
  severity: 'medium',
  roles: ['any'],
  cwe: 1357,
  owasp: 'A03',
  why: 'The same commit builds another image tomorrow: `node:lts` moves to a new major every October, and the build breaks or behaves differently on a day nobody chose.',
  fix: 'Name the major, such as `node:24-slim`: patches keep coming, majors come when you say so.',
  references: ['https://docs.docker.com/build/building/best-practices/#pin-base-image-versions'],
  needs: ['images'],
  *check({ images }) {
    for (const { dockerfile, stage, chain, reference, base, baseUnknown, baseAt } of images.stages) {
      const inherits = chain[0] !== stage;
      const versionInName = base.family === 'distroless' && base.node !== undefined;
      if (dockerfile.development || stage.development || inherits || baseUnknown.length > 0) continue;
      if (reference.digest || base.family === 'scratch' || versionInName) continue;
      if (reference.tag === undefined)
        yield { at: baseAt, message: `${reference.text} has no tag, which means latest.` };
      else if (FLOATING.test(reference.tag))
        yield { at: baseAt, message: `${reference.text} does not say which version it means.` };
    }
  },
  examples: [
    bad('No tag', { Dockerfile: 'FROM «node»\n' }),
    bad('Tags that move from major to major', {
      Dockerfile: 'FROM «node:lts-alpine» AS build\nRUN npm ci\nFROM «node:alpine»\n',
      'web/Dockerfile': 'FROM «nginx:latest»\n',
    }),
    bad('By the default of an argument', { Dockerfile: 'ARG TAG=current\nFROM «node:${TAG}»\n' }),
    good('A major, a digest, a codename', {
      Dockerfile:
        'FROM node:24-slim AS a\nFROM node@sha256:0b1d AS b\nFROM node:latest@sha256:0b1d AS c\nFROM node:krypton\n',
    }),
    good('An earlier stage, and nothing at all', {
      Dockerfile: 'FROM node:24 AS latest\nFROM latest AS next\nFROM scratch\n',
    }),
    good('Decided by whoever builds it', { Dockerfile: 'ARG TAG\nFROM node:$TAG\n' }),
    good('For development only', { 'Dockerfile.dev': 'FROM node:latest\n' }),
  ],
});
