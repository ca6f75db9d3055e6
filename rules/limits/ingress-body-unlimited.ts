import { bad, defineRule, good } from '../../src/rule/rule.ts';

const HUGE = 100 * 1024 * 1024;

const ingress = (size: string, path = '/'): string =>
  `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web\n  annotations:\n    nginx.ingress.kubernetes.io/proxy-body-size: ${size}\nspec:\n  tls: [{ secretName: a }]\n  rules:\n    - host: shop.acme.io\n      http:\n        paths:\n          - path: ${path}\n            pathType: Prefix\n`;

export default defineRule({
  id: 'limits/ingress-body-unlimited',
  ensures: 'The Ingress refuses bodies that no request of the service needs.',
  severity: 'medium',
  control: 'limits/proxy-body-unlimited',
  roles: ['any'],
  cwe: 770,
  owasp: 'A06',
  why: 'Every request may fill the disk of the controller, which all services of the cluster share, and the memory of the pod; a handful at once is enough.',
  fix: 'Keep the default of 1 MB for the host, and give the path that takes uploads an Ingress of its own with a larger size.',
  references: [
    'https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#custom-max-body-size',
  ],
  needs: ['deployments'],
  about: { what: 'Kubernetes object', isIn: ({ deployments }) => deployments.kubernetes.length > 0 },
  *check({ deployments }) {
    for (const { at, text, bytes, everywhere } of deployments.ingressBodies) {
      if (!everywhere || bytes === undefined || (bytes !== 0 && bytes < HUGE)) continue;
      yield {
        at,
        message: `The Ingress takes bodies of ${bytes === 0 ? 'any size' : text} on every path of the host.`,
      };
    }
  },
  examples: [
    bad('Switched off', { 'k8s/ingress.yaml': ingress('«"0"»') }),
    bad('Half a gigabyte', { 'k8s/ingress.yaml': ingress('«500m»') }),
    good('Modest', { 'k8s/ingress.yaml': ingress('20m') }),
    good('For uploads alone', { 'k8s/ingress.yaml': ingress('"0"', '/api/uploads') }),
    good('A value of a template', { 'k8s/ingress.yaml': ingress('"${MAX_BODY}"') }),
    good('For developers', { 'k8s/overlays/dev/ingress.yaml': ingress('"0"') }),
  ],
});
