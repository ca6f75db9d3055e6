import { bad, defineRule, good } from '../../src/rule/rule.ts';

const imageOf = (signal: string): string =>
  `FROM node:24-slim\nWORKDIR /app\nCOPY . .\nENV NODE_ENV=production\nSTOPSIGNAL ${signal}\nCMD ["node", "server.js"]\n`;
const server = (body: string): string => `const server = require('express')().listen(3000);\n${body}\n`;
const TERM = server("process.on('SIGTERM', () => server.close(() => process.exit(0)));");

export default defineRule({
  id: 'lifecycle/stop-signal-unheard',
  ensures: 'The image stops the program by a signal it listens for.',
  severity: 'high',
  control: 'lifecycle/sigterm-unhandled',
  roles: ['service', 'worker'],
  why: 'The image tells Docker and Kubernetes to send another signal than the one the program waits for. What was written to let requests finish never runs: every deploy cuts them.',
  fix: 'Take STOPSIGNAL away, for SIGTERM is what is sent without it, or listen for the signal it names.',
  references: ['https://docs.docker.com/reference/dockerfile/#stopsignal'],
  needs: ['images', 'servers', 'program'],
  about: {
    what: 'image with a STOPSIGNAL',
    isIn: ({ images }) => images.production.some(({ stopSignal }) => stopSignal !== undefined),
  },
  *check({ images, servers, program }) {
    const [term] = servers.process.filter(
      ({ event, exits, closes }) => event === 'SIGTERM' && exits.length + closes.length > 0,
    );
    // a signal whose name is not seen, and a package that listens by itself, may hear any
    const unseen = servers.process.some(({ event }) => event === undefined);
    if (!term || unseen || servers.shutdownPackages.length + servers.shutdownHooks.length > 0) return;
    // of several programs it is not known here which one hears what
    const [image, ...others] = images.production.filter(({ node, job }) => node && !job);
    if (!image?.stopSignal?.known || others.length > 0 || image.starts.length === 0) return;
    const { stopSignal, starts, deployed } = image;
    const settings = deployed.flatMap(({ node }) => (node.kind === 'map' ? node.entries : []));
    // `stop_signal` of compose, `lifecycle.stopSignal` of Kubernetes
    if (settings.some(({ key }) => key === 'stop_signal' || key === 'lifecycle')) return;
    // an init or a process manager in front may send another one on
    if (!starts.every((start) => !start.init && !start.shell && isNode(start.command?.words[0]?.text))) return;
    const name = NAMES.get(stopSignal.value.toUpperCase().replace(/^SIG/, ''));
    if (name === undefined || servers.process.some(({ event }) => event === name)) return;
    yield {
      at: stopSignal.at,
      message:
        name === 'SIGKILL'
          ? 'The image is stopped by SIGKILL, which no program can hear, and this one waits for SIGTERM.'
          : `The image is stopped by ${name}, and the program listens for SIGTERM alone.`,
      trail: [{ at: program.locationOf(term.call), note: 'Only this signal is heard.' }],
    };
  },
  examples: [
    bad('SIGINT', { Dockerfile: imageOf('«SIGINT»'), 'server.js': TERM }),
    bad('By its number', { Dockerfile: imageOf('«9»'), 'server.js': TERM }),
    good('The same', { Dockerfile: imageOf('SIGTERM'), 'server.js': TERM }),
    good('Both are heard', {
      Dockerfile: imageOf('SIGINT'),
      'server.js': server(
        "for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => server.close(() => process.exit(0)));",
      ),
    }),
    good('Which ones are heard is not seen', {
      Dockerfile: imageOf('SIGQUIT'),
      'server.js': `${TERM}process.on(require('./settings.json').signal, () => process.exit(0));\n`,
    }),
    good('An init sends on what it likes', {
      Dockerfile: imageOf('SIGINT').replace('["node"', '["tini", "--", "node"'),
      'server.js': TERM,
    }),
    good('The deployment says another one', {
      Dockerfile: imageOf('SIGINT'),
      'compose.yaml': 'services:\n  api:\n    build: .\n    stop_signal: SIGTERM\n',
      'server.js': TERM,
    }),
    good('Nothing listens at all: that is another finding', { Dockerfile: imageOf('SIGINT'), 'server.js': server('') }),
  ],
});

const isNode = (program = ''): boolean => /(^|\/)node$/.test(program);

/** Signals that end Node.js where nothing listens, by name and by the number Linux gives them. */
const NAMES: ReadonlyMap<string, string> = new Map(
  [
    ['INT', '2'],
    ['QUIT', '3'],
    ['KILL', '9'],
    ['HUP', '1'],
    ['USR2', '12'],
  ].flatMap(([name = '', number = '']) => [
    [name, `SIG${name}`],
    [number, `SIG${name}`],
  ]),
);
