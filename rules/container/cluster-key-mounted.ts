import { bad, defineRule, good } from '../../src/rule/rule.ts';

const pods = (kind: string, pod = ''): string =>
  `apiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: api }\nspec:\n  template:\n    spec:\n${pod}      containers:\n        - name: api\n          image: acme/api:1\n`;

export default defineRule({
  id: 'container/cluster-key-mounted',
  ensures: 'Pods hold no key to the cluster they do not need.',
  severity: 'info',
  roles: ['any'],
  cwe: 250,
  owasp: 'A01',
  why: 'Every pod is given the token of its service account as a file. Whoever reads files of the program, by a path traversal or a dependency, asks the API of the cluster in its name.',
  fix: 'Set `automountServiceAccountToken: false` in the pod; give those that need it an account of their own.',
  references: ['https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/'],
  needs: ['deployments'],
  about: { what: 'Kubernetes workload', isIn: ({ deployments }) => deployments.workloads.length > 0 },
  *check({ deployments: { keyHolders } }) {
    const [first] = keyHolders;
    if (first)
      yield {
        at: { path: first.path, start: first.at.start, end: first.at.end },
        message: `${first.name}${keyHolders.length > 1 ? ` and ${keyHolders.length - 1} more` : ''} mount${keyHolders.length > 1 ? '' : 's'} the token of the default service account.`,
      };
  },
  examples: [
    bad('Left at the default', { 'k8s/api.yaml': pods('«Deployment»') }),
    bad('A job', { 'k8s/job.yaml': pods('«Job»').replace('apps/v1', 'batch/v1') }),
    good('Switched off, or an account of its own', {
      'k8s/a.yaml': pods('Deployment', '      automountServiceAccountToken: false\n'),
      'k8s/b.yaml': pods('Deployment', '      serviceAccountName: reader\n'),
    }),
    good('Switched off for all', {
      'k8s/a.yaml': `${pods('Deployment')}---\napiVersion: v1\nkind: ServiceAccount\nmetadata: { name: default }\nautomountServiceAccountToken: false\n`,
    }),
    good('A finished program', { 'k8s/a.yaml': pods('StatefulSet').replace('acme/api:1', 'postgres:17') }),
  ],
});
