import { bad, defineRule, good } from '../../src/rule/rule.ts';

const pods = (spec: string, pod = '', name = 'api'): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name} }\nspec:\n${spec}  template:\n    spec:\n${pod}      containers:\n        - name: ${name}\n          image: acme/${name}:1\n          ports: [{ containerPort: 3000 }]\n`;
const marked = (text: string): string => text.replace('kind: Deployment', 'kind: «Deployment»');

export default defineRule({
  id: 'lifecycle/single-replica',
  ensures: 'A service answers while one of its pods is gone.',
  severity: 'low',
  roles: ['any'],
  why: 'A node that is drained, an eviction or a crash takes the only pod away: nobody is answered until another has been scheduled, pulled and started.',
  fix: 'Set `replicas: 2` or an autoscaler, and a PodDisruptionBudget. What can only run once says so: `strategy: { type: Recreate }`.',
  references: ['https://kubernetes.io/docs/concepts/workloads/pods/disruptions/'],
  needs: ['deployments'],
  about: { what: 'Kubernetes workload', isIn: ({ deployments }) => deployments.workloads.length > 0 },
  *check({ deployments: { singles } }) {
    const [first, ...others] = singles;
    if (first)
      yield {
        at: { path: first.path, start: first.at.start, end: first.at.end },
        message: `${[first, ...others.slice(0, 3)].map(({ name }) => name).join(', ')}${others.length > 3 ? ` and ${others.length - 3} more` : ''} answer${others.length > 0 ? '' : 's'} from a single pod.`,
      };
  },
  examples: [
    bad('Nothing says how many', { 'k8s/api.yaml': marked(pods('')) }),
    bad('One, and another', {
      'k8s/api.yaml': `${marked(pods('  replicas: 1\n'))}---\n${pods('', '', 'web')}`,
    }),
    good('Two, or an autoscaler', {
      'k8s/api.yaml': pods('  replicas: 2\n'),
    }),
    good('An autoscaler', {
      'k8s/api.yaml': `${pods('')}---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: api }\nspec: { minReplicas: 2 }\n`,
    }),
    good('One on purpose, one for developers, one a chart decides, a store', {
      'k8s/a.yaml': pods('  strategy: { type: Recreate }\n'),
      'k8s/b.yaml': pods('', '      volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]\n'),
      'k8s/dev/c.yaml': pods(''),
      'k8s/d.yaml': pods('', '', 'api').replace('acme/api:1', 'redis:8'),
    }),
    good('An overlay may say another number', {
      'k8s/base/api.yaml': pods(''),
      'k8s/base/kustomization.yaml': 'resources: [api.yaml]\n',
    }),
  ],
});
