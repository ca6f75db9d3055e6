import { bad, defineRule, good } from '../../src/rule/rule.ts';

export default defineRule({
  id: 'lifecycle/probes-missing',
  ensures: 'Kubernetes knows when a pod is ready and when it hangs.',
  severity: 'medium',
  roles: ['any'],
  why: 'Without a readiness probe traffic reaches a pod that is still starting or already closing; every deploy loses requests.',
  fix: 'Add a `readinessProbe` on a path that checks what requests need, and a `livenessProbe` on one that checks the process alone.',
  references: ['https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/'],
  needs: ['deployments'],
  about: { what: 'Kubernetes workload', isIn: ({ deployments }) => deployments.workloads.length > 0 },
  *check({ deployments }) {
    for (const { path, at, name, some } of deployments.unprobed) {
      yield { at: { path, ...at }, message: some ? `${name} has no readiness probe.` : `${name} has no probe at all.` };
    }
  },
  examples: [
    bad('None, and only one for life', {
      'k8s/a.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec:\n  template:\n    spec:\n      containers:\n        - name: «a»\n          image: acme/a:1\n          ports: [{ containerPort: 3000 }]\n',
      'k8s/b.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: b }\nspec:\n  template:\n    spec:\n      containers:\n        - name: «b»\n          image: acme/b:1\n          ports: [{ containerPort: 3000 }]\n          livenessProbe: { httpGet: { path: /, port: 3000 } }\n',
    }),
    good('Ready and alive', {
      'k8s/a.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec:\n  template:\n    spec:\n      containers:\n        - name: a\n          image: acme/a:1\n          ports: [{ containerPort: 3000 }]\n          readinessProbe: { httpGet: { path: /ready, port: 3000 } }\n',
    }),
    good('A job, and a worker without a port', {
      'k8s/a.yaml':
        'apiVersion: batch/v1\nkind: Job\nmetadata: { name: a }\nspec:\n  template:\n    spec:\n      containers: [{ name: a, image: "acme/a:1", ports: [{ containerPort: 3000 }] }]\n',
      'k8s/b.yaml':
        'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: b }\nspec:\n  template:\n    spec:\n      containers: [{ name: b, image: "acme/b:1" }]\n',
    }),
  ],
});
