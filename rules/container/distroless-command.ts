import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/distroless-command',
  ensures: 'What a distroless image is told to run can run without a shell.',
  severity: 'high',
  roles: ['any'],
  why: 'The image has no shell and no npm, and its entry point is already `node`: the container stops with "not found", or asks node to run a file called node.',
  fix: 'Name the file only: `CMD ["dist/server.js"]`; move `RUN` to a builder stage; check health with `["/nodejs/bin/node", "health.js"]`.',
  references: ['https://github.com/GoogleContainerTools/distroless/blob/main/nodejs/README.md'],
  needs: ['images'],
  *check({ images }) {
    for (const { base, reference, layers, cmd, entrypoint, stage } of images.production) {
      if (base.family !== 'distroless' || !base.node) continue;
      const shell = base.tools.get('sh') === true;
      const [first] = cmd?.instruction.words ?? [];
      if (cmd?.instruction.form === 'shell' && !shell)
        yield { at: cmd.at, message: `The shell form of CMD needs a shell, and ${reference.text} has none.` };
      else if (cmd && first && !entrypoint && /^(.*\/)?(node|npm|npx|yarn|pnpm)$/.test(first.text)) {
        const what = first.text.endsWith('node')
          ? `node would be asked to run a file called ${first.text}`
          : `${reference.text} has no ${first.text}`;
        yield {
          at: { path: stage.path, start: first.start, end: first.end },
          message: `The entry point is already node: ${what}.`,
        };
      }
      for (const { instruction, at, stage: own } of layers) {
        if (own !== stage || shell) continue;
        if (instruction.keyword === 'RUN') yield { at, message: `RUN needs a shell, and ${reference.text} has none.` };
        if (
          instruction.keyword === 'HEALTHCHECK' &&
          instruction.form === 'shell' &&
          instruction.commands.some(({ words }) => words[0]?.text !== 'NONE')
        ) {
          yield { at, message: `A health check in shell form needs a shell, and ${reference.text} has none.` };
        }
      }
    }
  },
  examples: [
    bad('node twice', {
      Dockerfile:
        'FROM node:24 AS build\nRUN npm ci\nFROM gcr.io/distroless/nodejs24-debian12:nonroot\nCMD [«"node"», "server.js"]\n',
    }),
    bad('npm, which is not there', {
      Dockerfile: 'FROM gcr.io/distroless/nodejs24-debian12:nonroot\nCMD [«"npm"», "start"]\n',
    }),
    bad('Whatever needs a shell', {
      Dockerfile:
        'FROM gcr.io/distroless/nodejs24-debian12:nonroot\n«RUN mkdir /data»\n«HEALTHCHECK CMD curl -f http://localhost/»\n«CMD server.js»\n',
    }),
    good('The file only', {
      Dockerfile:
        'FROM node:24 AS build\nRUN npm ci\nFROM gcr.io/distroless/nodejs24-debian12:nonroot\nHEALTHCHECK CMD ["/nodejs/bin/node", "health.js"]\nCMD ["server.js"]\n',
    }),
    good('An entry point of its own', {
      Dockerfile:
        'FROM gcr.io/distroless/nodejs24-debian12:nonroot\nENTRYPOINT ["/nodejs/bin/node", "--enable-source-maps"]\nCMD ["server.js"]\n',
    }),
    good('Another base', { Dockerfile: 'FROM node:24-slim\nRUN mkdir /data\nCMD node server.js\n' }),
  ],
});
