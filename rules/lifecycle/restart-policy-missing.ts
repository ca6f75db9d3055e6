import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'lifecycle/restart-policy-missing',
  ensures: 'A container that ends is started again.',
  severity: 'low',
  roles: ['any'],
  why: 'Compose leaves a container that crashed as it is, and starts nothing when the host comes back from a reboot: the first uncaught exception is an outage until somebody looks.',
  fix: 'Add `restart: unless-stopped` to services that are to stay.',
  references: ['https://docs.docker.com/reference/compose-file/services/#restart'],
  needs: ['deployments'],
  *check({ deployments }) {
    for (const { path, at, name, build, node, command, files, confidence } of deployments.production) {
      if (!build || confidence !== 'certain' || node.kind !== 'map') continue;
      const keys = new Set(node.entries.map(({ key }) => key));
      if (['restart', 'deploy', 'profiles', 'extends'].some((key) => keys.has(key))) continue;
      // a job ends, and is meant to
      if (!keys.has('ports') && !keys.has('expose')) continue;
      if (
        /migrat|seed|init|setup|job|build|maildev|mailhog|mailpit/i.test(name) ||
        (command && /migrat|seed/.test(textOf(command.words)))
      )
        continue;
      yield {
        at: { path, start: at.start, end: at.end },
        message: `${name} has no restart policy${files.length > 1 ? `, in ${files.join(' nor in ')}` : ''}.`,
      };
    }
  },
  examples: [
    bad('A service in a production file', {
      'compose.prod.yaml': 'services:\n  «api»:\n    build: .\n    ports:\n      - 3000:3000\n',
    }),
    good('There is one, or a swarm looks after it', {
      'compose.prod.yaml':
        'services:\n  api:\n    build: .\n    restart: unless-stopped\n    ports:\n      - 3000:3000\n  web:\n    build: ./web\n    ports:\n      - 80:80\n    deploy:\n      restart_policy:\n        condition: any\n',
    }),
    good('Jobs, and what only developers start', {
      'compose.prod.yaml': 'services:\n  migrate:\n    build: .\n    command: npm run migrate\n',
      'compose.dev.yaml': 'services:\n  api:\n    build: .\n    ports:\n      - 3000:3000\n',
    }),
    good('A single compose file, which may be a developer’s', {
      'compose.yaml': 'services:\n  api:\n    build: .\n    ports:\n      - 3000:3000\n',
    }),
  ],
});

const textOf = (words: readonly { readonly text: string }[]): string => words.map(({ text }) => text).join(' ');
