import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/user-not-in-image',
  ensures: 'The user an image switches to exists in it.',
  severity: 'high',
  roles: ['any'],
  why: 'The container does not start: the runtime finds no such user in /etc/passwd.',
  fix: 'Use an account of the base (`node` in the official images), its number, or create one with `useradd` in the same stage.',
  references: ['https://docs.docker.com/reference/dockerfile/#user'],
  needs: ['images'],
  *check({ images }) {
    for (const { user, base, accountsMade, copies, reference } of images.production) {
      const name = user?.known ? user.value.split(':')[0] : undefined;
      if (
        !user ||
        name === undefined ||
        /^(root|\d+)$/.test(name) ||
        base.accounts.length === 0 ||
        base.accounts.includes(name) ||
        // packages of a distribution bring accounts of their own
        (/^(debian|alpine)$/.test(base.family) && !/^(node|nonroot|bun)$/.test(name))
      )
        continue;
      const created = accountsMade.includes(name);
      const passwd = copies.some(({ sources, destination }) =>
        [...sources, destination].some((path) => path.includes('/etc')),
      );
      if (!created && !passwd)
        yield { at: user.at, message: `${reference.text} has no user ${name}, and nothing creates one.` };
    }
  },
  examples: [
    bad('The user of another base', {
      Dockerfile: 'FROM gcr.io/distroless/nodejs24-debian12\nUSER «node»\nCMD ["server.js"]\n',
    }),
    bad('And the other way round', {
      Dockerfile: 'FROM node:24-alpine\nUSER «nonroot:nonroot»\nCMD ["node", "server.js"]\n',
    }),
    bad('The user of the official image, on a distribution', {
      Dockerfile:
        'FROM debian:13-slim\nRUN apt-get update && apt-get install -y nodejs\nUSER «node»\nCMD ["node", "server.js"]\n',
    }),
    good('There, created, or a number', {
      'a/Dockerfile': 'FROM node:24-slim\nUSER node\nCMD ["node", "server.js"]\n',
      'b/Dockerfile': 'FROM node:24-slim\nRUN useradd --system app\nUSER app\nCMD ["node", "server.js"]\n',
      'd/Dockerfile':
        'FROM node:24-slim\nENV USER=shop UID=1001\nRUN groupadd --gid ${UID} ${USER} && useradd --uid ${UID} --gid ${UID} ${USER}\nUSER ${USER}\nCMD ["node", "server.js"]\n',
      'c/Dockerfile': 'FROM node:24-slim\nUSER 1001:0\nCMD ["node", "server.js"]\n',
    }),
    good('A base nobody knows', { Dockerfile: 'FROM acme/base:3\nUSER app\nCMD ["node", "server.js"]\n' }),
  ],
});
