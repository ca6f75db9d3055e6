import { bad, defineRule, good, unsure } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'observability/container-log-unbounded',
  ensures: 'The logs of containers do not fill the disk.',
  severity: 'low',
  roles: ['any'],
  cwe: 400,
  why: 'Docker keeps what a container prints in a file that grows without end. One noisy day fills the disk of the host, and everything on it stops.',
  fix: 'Add `logging: { driver: local }`, or `options: { max-size: 10m, max-file: "3" }` to json-file.',
  references: ['https://docs.docker.com/engine/logging/configure/'],
  needs: ['deployments'],
  *check({ deployments }) {
    const told = new Set<string>();
    for (const { path, at, name, build, node, files, confidence } of deployments.production) {
      if (
        !build ||
        /maildev|mailhog|mailpit/i.test(name) ||
        confidence !== 'certain' ||
        node.kind !== 'map' ||
        told.has(files.join())
      )
        continue;
      const logging = node.entries.find(({ key }) => key === 'logging')?.value;
      if (logging ? !isUnbounded(logging) : node.entries.some(({ key }) => key === 'extends')) continue;
      told.add(files.join());
      yield {
        at: { path, start: at.start, end: at.end },
        message: logging ? `${name} logs to json-file without max-size.` : `Nothing limits what ${name} logs.`,
        ...(!logging && { severity: 'info' as const, unsure: 'The daemon of the host may have limits of its own.' }),
      };
    }
  },
  examples: [
    bad('json-file without a limit', {
      'compose.prod.yaml': 'services:\n  «api»:\n    build: .\n    logging:\n      driver: json-file\n',
    }),
    unsure('Nothing said', { 'compose.prod.yaml': 'services:\n  «api»:\n    build: .\n' }),
    good('Limited, or sent elsewhere', {
      'compose.prod.yaml':
        'services:\n  api:\n    build: .\n    logging:\n      driver: json-file\n      options:\n        max-size: 10m\n  web:\n    build: ./web\n    logging:\n      driver: local\n  jobs:\n    build: ./jobs\n    logging:\n      driver: gelf\n',
    }),
  ],
});

interface Node {
  readonly kind: string;
  readonly text?: string;
  readonly entries?: readonly { readonly key: string; readonly value: Node }[];
}

const at = (node: Node | undefined, key: string): Node | undefined =>
  node?.entries?.find((entry) => entry.key === key)?.value;

const isUnbounded = (logging: Node): boolean =>
  /^(json-file)?$/.test(at(logging, 'driver')?.text ?? '') && !at(at(logging, 'options'), 'max-size');
