import { locationOf } from '../../document/document.ts';
import type { Location } from '../../document/document.ts';
import { mapOf, nodeAt, textAt } from '../deployments/data.ts';
import type { Deployments } from '../deployments/deployments.ts';
import type { KubernetesObject } from '../deployments/kubernetes.ts';
import type { Proxies } from '../proxies/proxies.ts';
import type { Wait } from './edge.ts';

const whole = { start: 0, end: 0 };

/**
 * What stands in front of the service, and how long each waits for an answer. Sources:
 * https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout,
 * https://devcenter.heroku.com/articles/request-timeout,
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
 */
export const waitsOf = (proxies: Proxies | undefined, deployed: Deployments | undefined): readonly Wait[] => [
  ...(proxies ? ofNginx(proxies) : []),
  ...(deployed?.kubernetes ?? []).filter(({ kind, development }) => kind === 'Ingress' && !development).map(ofIngress),
  ...(deployed?.platformFiles ?? [])
    .filter((path) => /(^|\/)heroku\.yml$/.test(path) || (/(^|\/)app\.json$/.test(path) && hasWeb(deployed)))
    .map((path) => ({ at: locationOf(path, whole), name: 'the router of Heroku', seconds: 30 })),
];

const hasWeb = (deployed: Deployments | undefined): boolean =>
  deployed?.processes.some(({ name }) => name === 'web') ?? false;

/** The most patient location of each server: which of them is in front of which route is not known. */
const ofNginx = ({ servers }: Proxies): readonly Wait[] =>
  servers
    .filter((server) => server.proxies)
    .map(({ at, own, around, locations, includesUnknown }) => {
      const passes = locations.filter(({ proxyPass }) => proxyPass !== undefined);
      const said = [...passes.flatMap(({ effective }) => effective('proxy_read_timeout')), ...own, ...around]
        .filter(({ name }) => name === 'proxy_read_timeout')
        .map(({ args }) => secondsOf(args[0] ?? ''));
      const seconds = includesUnknown ? Infinity : Math.max(...(said.length > 0 ? said : [60]));
      return wait(at, 'nginx', seconds);
    });

function ofIngress({ path, at, name, node }: KubernetesObject): Wait {
  const annotations = mapOf(nodeAt(node, 'metadata', 'annotations'));
  const text = (key: string): string | undefined => textAt(nodeAt(node, 'metadata', 'annotations'), key);
  const className = text('kubernetes.io/ingress.class') ?? textAt(nodeAt(node, 'spec'), 'ingressClassName') ?? '';
  const place = locationOf(path, at);
  if (className === 'alb' || (className === '' && annotations.some(({ key }) => key.startsWith('alb.ingress.')))) {
    const attributes = text('alb.ingress.kubernetes.io/load-balancer-attributes') ?? '';
    const told = /idle_timeout\.timeout_seconds=(\d{1,5})/.exec(attributes)?.[1];
    const seconds = Number(told ?? 60);
    return { ...wait(place, `the ALB of ${name}`, seconds), keepsIdle: seconds };
  }
  // https://cloud.google.com/load-balancing/docs/https#timeout-keepalive-backends
  if (className.startsWith('gce')) return { ...wait(place, `the balancer of ${name}`, Infinity), keepsIdle: 600 };
  const isNginx = className === 'nginx' || annotations.some(({ key }) => key.startsWith('nginx.ingress.'));
  const told = text('nginx.ingress.kubernetes.io/proxy-read-timeout');
  return wait(place, `the ingress ${name}`, isNginx ? secondsOf(told ?? '60') : Infinity);
}

const wait = (at: Location, name: string, seconds: number): Wait => ({ at, name, seconds });

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, '': 1 };

/** `60`, `90s`, `5m`, `1m30s`; what cannot be read may be for ever. */
function secondsOf(text: string): number {
  const parts = [...text.slice(0, 40).matchAll(/(\d{1,9})(ms|s|m|h|)/g)].filter(([all]) => all !== '');
  if (parts.length === 0 || parts.map(([all]) => all).join('') !== text) return Infinity;
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNITS[unit] ?? 1), 0);
}
