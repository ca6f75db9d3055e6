import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'container/pod-runs-as-root',
  ensures: 'Pods are told to run as a user that is not root.',
  severity: 'medium',
  control: 'container/root-user',
  roles: ['any'],
  cwe: 250,
  owasp: 'A02',
  why: 'Without it the image decides, today’s and tomorrow’s; root in the pod is root at the next kernel or mount mistake.',
  fix: 'Set `securityContext: { runAsNonRoot: true, runAsUser: 1000 }` on the pod.',
  references: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted'],
  needs: ['deployments'],
  about: { what: 'Kubernetes workload', isIn: ({ deployments }) => deployments.workloads.length > 0 },
  *check({ deployments }) {
    for (const { path, at, name, asRoot, development } of deployments.rootPods) {
      yield {
        at: { path, ...at },
        message: asRoot ? `${name} is told to run as root.` : `Nothing keeps ${name} from running as root.`,
        ...(development && { severity: 'low' as const }),
      };
    }
  },
  examples: [
    bad('Nothing said', {
      'k8s/web.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      containers:\n        - name: «web»\n          image: acme/web:1\n',
    }),
    bad('Root by number', {
      'k8s/web.yaml':
        'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      securityContext: { runAsUser: 0 }\n      containers:\n        - name: «web»\n          image: acme/web:1\n',
    }),
    good('On the pod, or on the container', {
      'k8s/a.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec:\n  template:\n    spec:\n      securityContext: { runAsNonRoot: true }\n      containers: [{ name: a, image: "acme/a:1" }]\n',
      'k8s/b.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: b }\nspec:\n  template:\n    spec:\n      containers: [{ name: b, image: "acme/b:1", securityContext: { runAsUser: 1000 } }]\n',
    }),
    good('A DaemonSet of the system, and a database that drops its rights', {
      'k8s/a.yaml':
        'apiVersion: apps/v1\nkind: DaemonSet\nmetadata: { name: log, namespace: kube-system }\nspec:\n  template:\n    spec:\n      containers: [{ name: log, image: "fluent/fluent-bit:3" }]\n',
      'k8s/b.yaml':
        'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db }\nspec:\n  template:\n    spec:\n      containers: [{ name: db, image: "postgres:17" }]\n',
    }),
  ],
});
