import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'transport/ingress-without-tls',
  ensures: 'Every public host of an Ingress has a certificate.',
  severity: 'medium',
  roles: ['any'],
  cwe: 319,
  owasp: 'A04',
  why: 'Sessions and passwords cross the network in clear, for anyone on the way to read and change.',
  fix: 'Add a `tls` block for the host, with a certificate from cert-manager or the cloud.',
  references: ['https://kubernetes.io/docs/concepts/services-networking/ingress/#tls'],
  needs: ['deployments'],
  about: { what: 'Kubernetes object', isIn: ({ deployments }) => deployments.kubernetes.length > 0 },
  *check({ deployments }) {
    for (const { path, at, host } of deployments.plainIngresses)
      yield { at: { path, ...at }, message: `${host} is served without TLS.` };
  },
  examples: [
    bad('No tls', {
      'k8s/in.yaml':
        'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web }\nspec:\n  rules:\n    - host: «shop.acme.io»\n      http: { paths: [] }\n',
    }),
    bad('For one of two hosts', {
      'k8s/in.yaml':
        'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web }\nspec:\n  tls: [{ hosts: [shop.acme.io], secretName: a }]\n  rules:\n    - host: shop.acme.io\n    - host: «api.acme.io»\n',
    }),
    good('All of them, by wildcard too', {
      'k8s/in.yaml':
        'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web }\nspec:\n  tls: [{ hosts: ["*.acme.io"], secretName: a }]\n  rules:\n    - host: shop.acme.io\n    - host: api.acme.io\n',
    }),
    good('A certificate of the cloud, and a local name', {
      'k8s/a.yaml':
        'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web\n  annotations: { alb.ingress.kubernetes.io/certificate-arn: "arn:aws:acm:x" }\nspec:\n  rules: [{ host: shop.acme.io }]\n',
      'k8s/b.yaml':
        'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: web }\nspec:\n  rules: [{ host: shop.local }, { host: shop.example.com }]\n',
    }),
  ],
});
