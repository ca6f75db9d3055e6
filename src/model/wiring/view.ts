import type { Location } from '../../document/document.ts';
import { locationOf } from '../../document/document.ts';
import type { DataNode } from '../../facts/data/data-facts.ts';
import { entryOf, itemsOf, mapOf, nodeAt, scalarOf, textAt } from '../deployments/data.ts';
import { commandsAt } from '../../facts/shell/commands.ts';
import type { SetVariable } from '../deployments/compose.ts';
import type { Manifests } from '../dependencies/manifests.ts';
import type { Deployed } from '../images/deployed.ts';
import type { Image } from '../images/images.ts';
import { substituted } from '../images/variables.ts';
import { absent, defineView, present } from '../view.ts';
import { doorOf } from './doors.ts';
import type { Check, Door, NamedPort, WiredService } from './wiring.ts';

export const wiring = defineView({
  name: 'wiring',
  reads: [],
  needs: ['images', 'manifests', 'program', 'code', 'servers', 'roles'],
  build: (_, { images, manifests, program, code, servers, roles }) => {
    if (images.state !== 'present') return absent('The project builds no image.');
    if (program.state !== 'present' || code.state !== 'present' || servers.state !== 'present')
      return absent('There is no code to look at.');
    const doors = servers.answer.listens.flatMap((listen) => {
      const { path } = program.answer.moduleOf(listen.call);
      const runs = roles.state === 'present' && roles.answer.at(path).size > 0;
      const door = runs ? doorOf(program.answer, code.answer, listen) : undefined;
      return door ? [door] : [];
    });
    const known = manifests.state === 'present' ? manifests.answer : undefined;
    const started = images.answer.production.filter(({ node }) => node);
    const services = started.flatMap((image) => {
      const own = doors.filter(({ at }) => isOf(image, at.path, known, started));
      return own.length > 0 ? [serviceOf(image, own)] : [];
    });
    return present({ services });
  },
});

/** Whether a module is of the package an image starts; where there is only one image and one package, it is. */
function isOf({ manifest }: Image, path: string, manifests: Manifests | undefined, all: readonly Image[]): boolean {
  const above = manifests?.above(path);
  return above === undefined || manifest === undefined ? all.length === 1 : above.path === manifest.path;
}

function serviceOf(image: Image, doors: readonly Door[]): WiredService {
  const baked: Environment = new Map(
    [...image.env].map(([name, { value, known }]) => [name, known ? value : undefined]),
  );
  const byImage = exposedBy(image).map(({ at, port }) => ({
    at,
    port,
    how: 'image' as const,
    opened: openedBy(doors, baked),
  }));
  const deployed = image.deployed.filter(({ development }) => !development);
  return {
    image,
    doors,
    named: [...byImage, ...deployed.flatMap((place) => portsOf(place, doors, baked))],
    checks: [...checksOfImage(image), ...deployed.flatMap(checksOf)],
  };
}

type Environment = ReadonlyMap<string, string | undefined>;

/** The ports a program opens under some environment; undefined where something unseen decides. */
function openedBy(doors: readonly Door[], environment: Environment): readonly number[] | undefined {
  const ports: number[] = [];
  for (const { known, variables, defaults } of doors) {
    if (!known) return undefined;
    const set = variables.find((name) => environment.has(name));
    if (set === undefined) ports.push(...defaults);
    else {
      const value = environment.get(set);
      if (value === undefined || !/^\d+$/.test(value)) return undefined;
      ports.push(Number(value));
    }
  }
  return ports.length === 0 ? undefined : ports;
}

/** Nothing where one of them is a range, or cannot be told. */
function exposedBy({ layers }: Image): readonly { readonly at: Location; readonly port: number }[] {
  const all = layers
    .filter(({ instruction }) => instruction.keyword === 'EXPOSE')
    .flatMap(({ instruction, stage, scope }) =>
      instruction.words.map((word) => ({
        at: locationOf(stage.path, word),
        text: substituted(word.text, scope).text.replace(/\/tcp$/i, ''),
      })),
    );
  if (all.some(({ text }) => !/^\d+(\/udp)?$/i.test(text))) return [];
  return all.filter(({ text }) => /^\d+$/.test(text)).map(({ at, text }) => ({ at, port: Number(text) }));
}

function portsOf(place: Deployed, doors: readonly Door[], baked: Environment): readonly NamedPort[] {
  const given: Environment = new Map([...baked, ...place.environment.map(valueOf)]);
  // a file or a map that is not here may set the port as well
  const unseen = place.envFiles.length > 0 || entryOf(place.node, 'envFrom') !== undefined;
  const opened =
    unseen && doors.some(({ variables }) => variables.some((name) => !given.has(name)))
      ? undefined
      : openedBy(doors, given);
  const path = place.at.path;
  const nodes = itemsOf(entryOf(place.node, 'ports'));
  return nodes.flatMap((node): readonly NamedPort[] => {
    const target = place.by === 'kubernetes' ? entryOf(node, 'containerPort') : (entryOf(node, 'target') ?? node);
    const scalar = scalarOf(target);
    const port = /(?:^|:)(\d+)(?:\/tcp)?$/.exec(scalar?.text ?? '')?.[1];
    return scalar && port !== undefined
      ? [{ at: locationOf(path, scalar), how: place.by, port: Number(port), opened }]
      : [];
  });
}

const valueOf = ({ name, value }: SetVariable): readonly [string, string | undefined] => [
  name,
  value && !value.text.includes('$') && !value.secret ? value.text : undefined,
];

/** An address of the container itself in a command: `curl -f http://localhost:3000/health`. */
const OWN_URL = /https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(\d+|\$\{?\w+\}?))?(\/[^\s"'`)?#;|&]*)?/;

function checkIn(text: string, at: Location, by: Check['by']): readonly Check[] {
  const found = OWN_URL.exec(text);
  const path = found?.[2] ?? '/';
  if (!found || /[$*{]/.test(path)) return [];
  const port = /^\d+$/.test(found[1] ?? '') ? Number(found[1]) : undefined;
  return [{ at, path, by, ...(port !== undefined && { port }) }];
}

const checksOfImage = ({ healthcheck }: Image): readonly Check[] =>
  (healthcheck?.instruction.commands ?? [])
    .flatMap(({ words }) => words)
    .filter(({ text }) => OWN_URL.test(text))
    .slice(0, 1)
    .flatMap((word) => checkIn(word.text, locationOf(healthcheck?.stage.path ?? '', word), 'image'));

function checksOf(place: Deployed): readonly Check[] {
  const path = place.at.path;
  if (place.by === 'compose') {
    const test = nodeAt(place.node, 'healthcheck', 'test');
    const words: readonly DataNode[] = test?.kind === 'list' ? test.items : test ? [test] : [];
    return words.flatMap((node) => {
      const scalar = scalarOf(node);
      return scalar &&
        (OWN_URL.test(scalar.text) ||
          commandsAt(scalar).some(({ words: all }) => all.some(({ text }) => OWN_URL.test(text))))
        ? checkIn(scalar.text, locationOf(path, scalar), 'compose')
        : [];
    });
  }
  const ports = new Map(
    itemsOf(entryOf(place.node, 'ports')).flatMap((node) => {
      const name = textAt(node, 'name');
      return name === undefined ? [] : [[name, textAt(node, 'containerPort')] as const];
    }),
  );
  return mapOf(place.node)
    .filter(({ key }) => /^(liveness|readiness|startup)Probe$/.test(key))
    .flatMap(({ value }): readonly Check[] => {
      const get = entryOf(value, 'httpGet');
      const asked = scalarOf(entryOf(get, 'path'));
      if (!asked || entryOf(get, 'host') || textAt(get, 'scheme') === 'HTTPS' || /[${]/.test(asked.text)) return [];
      const port = textAt(get, 'port') ?? '';
      const number = /^\d+$/.test(port) ? port : ports.get(port);
      const bare = asked.text.replace(/[?#].*$/, '');
      return [
        {
          at: locationOf(path, asked),
          path: bare === '' ? '/' : bare,
          by: 'kubernetes',
          ...(number !== undefined && { port: Number(number) }),
        },
      ];
    });
}
