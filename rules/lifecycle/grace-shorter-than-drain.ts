import { bad, defineRule, good } from '../../src/rule/rule.ts';

const server = (milliseconds: string): string => `
const server = require('express')().listen(3000);
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  setTimeout(() => process.exit(1), ${milliseconds}).unref();
});
`;
const pod = (spec: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\nspec:\n  template:\n    spec:\n${spec}      containers:\n        - name: api\n          image: acme/api:1\n`;

export default defineRule({
  id: 'lifecycle/grace-shorter-than-drain',
  ensures: 'The platform waits as long as the program takes to end.',
  severity: 'medium',
  roles: ['service', 'worker'],
  why: 'The program means to finish what it has begun, and is killed in the middle: requests are cut, jobs are half done, and the exit code says that it crashed.',
  fix: 'Raise the time the platform grants above the time the program takes, or shorten that.',
  references: [
    'https://docs.docker.com/reference/compose-file/services/#stop_grace_period',
    'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
  ],
  needs: ['program', 'servers', 'deployments'],
  *check({ program, servers, deployments }) {
    const drains = servers.process
      .filter(({ event }) => event === 'SIGTERM')
      .flatMap(({ deadlines }) => deadlines)
      .toSorted((a, b) => b.milliseconds - a.milliseconds);
    const [longest] = drains;
    if (!longest) return;
    const takes = longest.milliseconds / 1000;
    const trail = [{ at: program.locationOf(longest.call), note: `It gives itself ${takes} s.` }];
    for (const { build, node, path, at, name, confidence } of deployments.production) {
      const set = entry(node, 'stop_grace_period');
      const grace = set ? secondsOf(set.text) : 10;
      if (!build || confidence !== 'certain' || grace === undefined || takes <= grace) continue;
      yield {
        at: set ? { path, start: set.start, end: set.end } : { path, start: at.start, end: at.end },
        message: `${name} takes up to ${takes} s to end, and is killed after ${grace} s.`,
        trail,
      };
    }
    for (const { kind, pod: spec, containers, path, at, name, development } of deployments.workloads) {
      if (development || !/^(Deployment|StatefulSet)$/.test(kind) || containers.length !== 1) continue;
      const set = entry(spec, 'terminationGracePeriodSeconds');
      // what runs before the signal counts as well
      const before = containers.flatMap((each) => sleepOf(each.node))[0] ?? 0;
      const grace = (set ? Number(set.text) : 30) - before;
      if (!Number.isFinite(grace) || takes <= grace) continue;
      yield {
        at: set ? { path, start: set.start, end: set.end } : { path, start: at.start, end: at.end },
        message: `${name} takes up to ${takes} s to end, and is killed after ${grace} s.`,
        trail,
      };
    }
  },
  examples: [
    bad('Compose waits ten seconds by itself', {
      'server.js': server('30_000'),
      'compose.prod.yaml': 'services:\n  «api»:\n    build: .\n',
    }),
    bad('A pod that is told to hurry', {
      'server.js': server('20 * 1000'),
      'k8s/api.yaml': pod('      terminationGracePeriodSeconds: «15»\n'),
    }),
    bad('A pod that first sleeps', {
      'server.js': server('25_000'),
      'k8s/api.yaml':
        `${pod('')}          lifecycle: { preStop: { exec: { command: [sh, -c, "sleep 10"] } } }\n`.replace(
          'Deployment',
          '«$&»',
        ),
    }),
    good('It waits longer', {
      'server.js': server('25_000'),
      'compose.prod.yaml': 'services:\n  api:\n    build: .\n    stop_grace_period: 1m30s\n',
      'k8s/api.yaml': pod(''),
    }),
    good('How long it takes cannot be seen', {
      'server.js': server('Number(process.env.DRAIN)'),
      'compose.prod.yaml': 'services:\n  api:\n    build: .\n',
    }),
    good('A store of somebody else', {
      'server.js': server('30_000'),
      'compose.prod.yaml': 'services:\n  db:\n    image: postgres:17\n',
    }),
  ],
});

/** How long a container sleeps before it is told to stop: `sleep: { seconds }`, or a command. */
function sleepOf(node: Node): readonly number[] {
  const stop = below(below(node, 'lifecycle'), 'preStop');
  const seconds = below(below(stop, 'sleep'), 'seconds')?.text;
  const words = (below(below(stop, 'exec'), 'command')?.items ?? []).map(({ text }) => text ?? '').join(' ');
  const told = seconds ?? /(?:^|\s)sleep (\d{1,4})$/.exec(words)?.[1];
  return told === undefined ? [] : [Number(told)];
}

const below = (node: Node | undefined, key: string): Node | undefined =>
  node?.entries?.find((each) => each.key === key)?.value;

interface Node {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly text?: string;
  readonly items?: readonly Node[];
  readonly entries?: readonly { readonly key: string; readonly value: Node }[];
}

function entry(node: Node, key: string): { text: string; start: number; end: number } | undefined {
  const value = node.entries?.find((each) => each.key === key)?.value;
  return value?.text === undefined ? undefined : { text: value.text, start: value.start, end: value.end };
}

/** `30s`, `1m30s`, `500ms` */
function secondsOf(text: string): number | undefined {
  const [, hours = '0', minutes = '0', seconds = '0', milliseconds = '0'] =
    /^(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(text) ?? [];
  const sum = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(milliseconds) / 1000;
  return sum > 0 ? sum : undefined;
}
