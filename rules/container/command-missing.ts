import { bad, defineRule, good } from '../../src/rule/rule.ts';

const IMAGE = 'FROM «node:24-slim»\nWORKDIR /app\nENV NODE_ENV=production\nCOPY . .\nRUN npm ci --omit=dev\n';
const PLAIN = IMAGE.replaceAll(/[«»]/g, '');
const service = (more = ''): string => `services:\n  api:\n    build: .\n    ports: ["3000:3000"]\n${more}`;

export default defineRule({
  id: 'container/command-missing',
  ensures: 'Every image that is deployed starts the program.',
  severity: 'medium',
  roles: ['any'],
  why: 'The image inherits the command of its base, an interactive Node.js: without a terminal it ends at once, and the container is restarted for ever.',
  fix: 'End the Dockerfile with `CMD ["node", "server.js"]`, or give the service a command.',
  references: ['https://docs.docker.com/reference/dockerfile/#cmd'],
  needs: ['images', 'deployments'],
  *check({ images, deployments }) {
    const commanded = new Set(
      deployments.compose.flatMap(({ services }) =>
        services.flatMap(({ name, node }) =>
          node.kind === 'map' && node.entries.some(({ key }) => key === 'command' || key === 'entrypoint')
            ? [name]
            : [],
        ),
      ),
    );
    const seen = new Set<string>();
    for (const { base, cmd, entrypoint, reference, baseAt, deployed, isBase } of images.production) {
      if (base.family !== 'node' || cmd || entrypoint || isBase || seen.has(baseAt.path)) continue;
      const bare = deployed.find(
        ({ name, command, entrypoint: own, development, node }) =>
          !command &&
          !own &&
          !commanded.has(name) &&
          !development &&
          node.kind === 'map' &&
          // a shell for a person; a service that takes the rest from another file
          !node.entries.some(({ key }) =>
            /^(tty|stdin_open|stdin|extends|command|args|entrypoint|<<|profiles)$/.test(key),
          ),
      );
      if (!bare) continue;
      seen.add(baseAt.path);
      yield {
        at: baseAt,
        confidence: 'likely',
        message: `The image has no CMD, and ${bare.name} gives it no command: ${reference.text} starts an empty Node.js.`,
        trail: [{ at: bare.at, note: 'It is started here.' }],
      };
    }
  },
  examples: [
    bad('A service that says nothing', { Dockerfile: IMAGE, 'compose.yaml': service() }),
    good('The service says it', { Dockerfile: PLAIN, 'compose.yaml': service('    command: node server.js\n') }),
    good('The image says it', { Dockerfile: `${PLAIN}CMD ["node", "server.js"]\n`, 'compose.yaml': service() }),
    good('Nobody deploys it here', { Dockerfile: PLAIN }),
    good('A shell for a person', { Dockerfile: PLAIN, 'compose.yaml': service('    tty: true\n') }),
    good('A file for production adds it', {
      Dockerfile: PLAIN,
      'compose.yaml': service(),
      'compose.prod.yaml': 'services:\n  api:\n    command: node server.js\n',
    }),
  ],
});
